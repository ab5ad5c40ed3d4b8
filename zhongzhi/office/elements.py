"""Pieces of WordprocessingML that python-docx has no name for."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length


def element(tag: str, **values: object) -> Any:
    """`element("w:lang", val="zh-CN")`: an element with attributes of the same namespace."""
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def twips(length: Length) -> int:
    """A length in twentieths of a point, as most attributes want it."""
    twentieths: int = round(length.pt * 20)
    return twentieths


def put_before(parent: Any, child: Any, *followers: str) -> None:
    """Put `child` where the schema wants it: before the first of `followers`, at the end where there is none."""
    for follower in parent:
        if follower.tag in {qn(name) for name in followers}:
            follower.addprevious(child)
            return
    parent.append(child)


def field(paragraph: Any, instruction: str, shown: str) -> list[Any]:
    """A field that a word processor fills in: begin, instruction, what is shown until then, end. Its runs."""
    runs = [paragraph.add_run(shown if at == 3 else "") for at in range(5)]
    for run, kind in ((runs[0], "begin"), (runs[2], "separate"), (runs[4], "end")):
        run._element.append(element("w:fldChar", fldCharType=kind))
    words = element("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {instruction} "
    runs[1]._element.append(words)
    return runs


def border(paragraph: Any, side: str, kind: str, eighths: int, *, colour: str, space: int = 0) -> None:
    """A line along one side of a paragraph, so many eighths of a point wide, `space` points away."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = element("w:pBdr")
        put_before(properties, borders, *AFTER_BORDERS)
    borders.append(element(f"w:{side}", val=kind, sz=eighths, space=space, color=colour))


def frame(paragraph: Any, **place: object) -> None:
    """Set a paragraph at a fixed place of the page; neighbours with the same place share the frame."""
    put_before(paragraph._p.get_or_add_pPr(), element("w:framePr", **place), *AFTER_FRAME)


AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
    "w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr",
)  # fmt: skip
AFTER_FRAME = ("w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", *AFTER_BORDERS)
