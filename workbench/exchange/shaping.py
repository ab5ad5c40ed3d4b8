"""Messages made of facts by a template, their codes by maps: the language in which profiles of exchange are written.

A template is a table, a list or a text. A text that begins with `$` is a path into the facts (`$case.category.code`,
`$parties.0.name`), with `|name` put through the map of codes of that name; everything else stands for itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from zhongzhi.core.errors import RuleViolation

MARK: Final = "$"
ITEM: Final = "item"
"""The name of what a list holds, in XML."""
Codes = Mapping[str, Mapping[str, str]]


def shaped(template: Any, facts: Any, codes: Codes) -> Any:
    """The message. What the facts do not have is None; RuleViolation for a code that its map does not have."""
    if isinstance(template, Mapping):
        return {name: shaped(part, facts, codes) for name, part in template.items()}
    if isinstance(template, list):
        return [shaped(part, facts, codes) for part in template]
    if not isinstance(template, str) or not template.startswith(MARK):
        return template
    path, _, named = template.removeprefix(MARK).partition("|")
    found = fact_at(facts, path)
    return _mapped(found, named, codes) if named and found not in (None, "") else found


def fact_at(facts: Any, path: str) -> Any:
    """What stands at a path; None where there is nothing."""
    for name in path.split("."):
        if isinstance(facts, list) and name.isdigit() and int(name) < len(facts):
            facts = facts[int(name)]
        elif isinstance(facts, Mapping):
            facts = facts.get(name)
        else:
            return None
    return facts


def without_blanks(message: Any) -> Any:
    """The same without what says nothing."""
    if isinstance(message, Mapping):
        kept = {name: without_blanks(part) for name, part in message.items()}
        return {name: part for name, part in kept.items() if part not in (None, "", {}, [])}
    return [without_blanks(part) for part in message] if isinstance(message, list) else message


def as_xml(message: Mapping[str, Any], root: str) -> bytes:
    """The message as a document: a name is an element, what a list holds are elements named `item`."""
    top = etree.Element(root)
    _fill(top, message)
    return bytes(etree.tostring(top, encoding="utf-8", xml_declaration=True))


def from_xml(body: bytes) -> dict[str, Any]:
    """What such a document says; nothing outside of it is followed. Raises RuleViolation for what is no XML."""
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        top = etree.fromstring(body, reader)
    except (etree.XMLSyntaxError, ValueError):
        raise RuleViolation("内容不是有效的 XML。") from None
    said = _read(top)
    return said if isinstance(said, dict) else {}


def _mapped(code: Any, named: str, codes: Codes) -> str:
    known = codes.get(named, {})
    if str(code) not in known:
        raise RuleViolation(f"代码对照表“{named}”中没有“{str(code)[:40]}”，请补充对照后重发。")
    return known[str(code)]


def _fill(element: Any, part: Any) -> None:
    if isinstance(part, Mapping):
        for name, inner in part.items():
            _fill(etree.SubElement(element, name), inner)
    elif isinstance(part, list):
        for inner in part:
            _fill(etree.SubElement(element, ITEM), inner)
    elif part is not None:
        element.text = str(part)


def _read(element: Any) -> Any:
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return element.text or ""
    if all(child.tag == ITEM for child in children):
        return [_read(child) for child in children]
    return {child.tag: _read(child) for child in children}
