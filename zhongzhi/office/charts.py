"""Native charts in a document: taken from a workbook as they are, with the numbers they were drawn from.

Word and WPS draw them with the reader's own fonts: no picture and no browser is needed on the server.
"""

import io
import re
import zipfile
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
CHART_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
WIDTH, HEIGHT = 5_600_000, 2_700_000
HEAD, BAR = 700_000, 250_000
HIGHEST = 7_900_000
"""A little less than the text of a page."""
SHOWN = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
INLINE = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
 <wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>
 <wp:docPr id="{id}" name="图表 {id}" descr="{what}"/><wp:cNvGraphicFramePr/>
 <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
 <c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{relation}"/>
 </a:graphicData></a:graphic></wp:inline></w:drawing>"""


def add_chart(document: Any, what: str, content: bytes, *, height: int = 0) -> None:
    """Put a chart part into the document, and a drawing that refers to it."""
    package = document.part.package
    number = 1 + sum(str(part.partname).startswith("/word/charts/") for part in package.iter_parts())
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, content, package)
    relation = document.part.relate_to(part, CHART_RELATION)
    drawing = INLINE.format(cx=WIDTH, cy=height or height_of(content), id=100 + number, what=what, relation=relation)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.add_run()._element.append(parse_xml(drawing))


def height_of(chart: bytes) -> int:
    """High enough that each bar of a chart has its label, and no higher than a page."""
    bars = re.search(rb"<c:barDir val=\"bar\"/>.*?<c:cat>.*?<c:ptCount val=\"(\d+)\"", chart, re.S)
    return min(max(HEIGHT, HEAD + BAR * int(bars[1])), HIGHEST) if bars else HEIGHT


def charts_of_workbook(workbook: bytes) -> dict[str, bytes]:
    """The chart parts of a workbook by their titles."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for name in sorted(archive.namelist()):
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                content = _labelled(archive.read(name))
                title = re.search(r"<a:t>(.*?)</a:t>", content.decode())
                if title:
                    found[title[1]] = content
    return found


def _labelled(chart: bytes) -> bytes:
    """Say of every part of a label whether it is shown: a word processor shows all that is not refused, one over the
    other."""

    def said(found: re.Match[bytes]) -> bytes:
        if b'<c:showVal val="1"/>' not in found[1]:
            return b""
        rest = re.sub(rb"<c:show\w+ val=\"\d\"/>", b"", found[1])
        flags = "".join(f'<c:show{name} val="{int(name == "Val")}"/>' for name in SHOWN)
        return b"<c:dLbls>" + rest + flags.encode() + b"</c:dLbls>"

    return re.sub(rb"<c:dLbls>(.*?)</c:dLbls>", said, chart, flags=re.S)
