"""What a paragraph and a run look like, when the styles that they stand on are counted in."""

from typing import Any

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
POINT = 20
"""Twentieths of a point, as the format counts."""
SINGLE = 1.3
"""Height of a line of no fixed height, in sizes of its type."""
Node = Any


def w(name: str) -> str:
    """The full name of an element or attribute."""
    return f"{{{W}}}{name}"


def val(node: Node, name: str) -> Any:
    """An attribute; None where it is not there."""
    return node.get(w(name))


def on(node: Node) -> bool:
    """Whether a switch is there and not off."""
    return node is not None and val(node, "val") not in ("0", "false", "off")


class Styles:
    """The styles of one document; the first paragraph style is that of all text."""

    def __init__(self, root: Node) -> None:
        self._by_id = {val(style, "styleId"): style for style in root.findall(w("style"))}
        kinds = [s for s in self._by_id.values() if val(s, "type") == "paragraph" and val(s, "default")]
        self._normal = kinds[0]

    def paragraph(self, properties: Node) -> dict[str, Any]:
        """Measures of a paragraph: edges, space, lines, what it stays with."""
        chain = self._chain(properties)
        look = self._look([self._run_of(node) for node in chain[:-1]])
        spacing = _merged(chain, "spacing")
        size = look["size"]
        own = properties if properties is not None else self._normal
        tabs = own.find(f"{w('tabs')}")
        return {
            **look,
            **_edges(_merged(chain, "ind"), size + look["tight"]),
            **_space(spacing, size),
            "align": _merged(chain, "jc").get(w("val"), "left"),
            "keep": on(own.find(w("keepNext"))),
            "together": on(own.find(w("keepLines"))),
            "turn": on(own.find(w("pageBreakBefore"))),
            "dots": tabs is not None and any(val(tab, "leader") == "dot" for tab in tabs),
            "tab": max((float(val(tab, "pos")) / POINT for tab in tabs), default=0) if tabs is not None else 0,
            **_lines(own.find(w("pBdr"))),
            "frame": float(val(own.find(w("framePr")), "y")) / POINT if own.find(w("framePr")) is not None else None,
        }

    def run(self, properties: Node, form: dict[str, Any]) -> dict[str, Any]:
        """Face, size and colour of a run within a paragraph."""
        base = {name: form[name] for name in ("face", "size", "colour", "bold", "tight")}
        return {**base, **_own(properties)} if properties is not None else base

    def _chain(self, properties: Node) -> list[Node]:
        """What counts for a paragraph, from the ground up: styles, then its own."""
        named = properties.find(w("pStyle")) if properties is not None else None
        style = self._by_id.get(val(named, "val")) if named is not None else self._normal
        chain: list[Node] = [] if properties is None else [properties]
        while style is not None:
            chain.insert(0, style)
            above = style.find(w("basedOn"))
            style = self._by_id.get(val(above, "val")) if above is not None else None
        return chain if properties is not None else [*chain, chain[-1]]

    def _run_of(self, style: Node) -> Node:
        return style.find(w("rPr"))

    def _look(self, properties: list[Node]) -> dict[str, Any]:
        look: dict[str, Any] = {"face": "", "size": 10.5, "colour": "000000", "bold": False, "tight": 0.0}
        for node in properties:
            look |= _own(node) if node is not None else {}
        return look


def _own(properties: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in properties:
        if child.tag == w("sz"):
            found["size"] = float(val(child, "val")) / 2
        elif child.tag == w("rFonts") and val(child, "eastAsia"):
            found["face"] = val(child, "eastAsia")
        elif child.tag == w("color") and val(child, "val") != "auto":
            found["colour"] = val(child, "val")
        elif child.tag == w("b"):
            found["bold"] = on(child)
        elif child.tag == w("spacing"):
            found["tight"] = float(val(child, "val")) / POINT
    return found


def _merged(chain: list[Node], name: str) -> dict[str, str]:
    """The attributes of one kind, those of the paragraph over those of its styles."""
    merged: dict[str, str] = {}
    for node in chain:
        place = node if node.tag == w("pPr") else node.find(w("pPr"))
        found = place.find(w(name)) if place is not None else None
        merged |= dict(found.attrib) if found is not None else {}
    return merged


def _edges(indent: dict[str, str], character: float) -> dict[str, float]:
    def points(*names: str) -> float:
        return next((float(indent[w(n)]) / POINT for n in names if w(n) in indent), 0.0)

    first = points("firstLine") - points("hanging")
    if w("firstLineChars") in indent:
        first = float(indent[w("firstLineChars")]) / 100 * character
    return {"left": points("left", "start"), "right": points("right", "end"), "first": first}


def _space(spacing: dict[str, str], size: float) -> dict[str, Any]:
    line = float(spacing.get(w("line"), 240))
    exact = spacing.get(w("lineRule"), "auto") in ("exact", "atLeast")
    return {
        "above": float(spacing.get(w("before"), 0)) / POINT,
        "below": float(spacing.get(w("after"), 0)) / POINT,
        "line": line / POINT if exact else line / 240 * SINGLE * size,
        "exact": exact,
    }


def _lines(borders: Node) -> dict[str, Any]:
    """Lines along the upper and lower edge: each with its width, its distance and whether it is double."""
    found: dict[str, Any] = {"over": None, "under": None}
    for child in borders if borders is not None else ():
        side = "over" if child.tag == w("top") else "under"
        kind = val(child, "val")
        found[side] = {
            "width": float(val(child, "sz")) / 8,
            "space": float(val(child, "space") or 0),
            "colour": val(child, "color"),
            "kind": kind if kind in ("thickThinSmallGap", "thinThickSmallGap") else "single",
        }
    return found
