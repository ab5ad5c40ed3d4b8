"""A finished DOCX of this room, read back as what is to be drawn: sections, paragraphs, tables, pictures.

One declaration makes both files: what a paper says and how it looks is written once, as DOCX, and the PDF is set from
that. Only the vocabulary of this room is known here; lengths are points.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from zhongzhi.office.pdf.charts import chart_in
from zhongzhi.office.pdf.styles import POINT, Styles, on, val, w

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
EMU = 12700
TEXT_WIDTH = 156 * 72 / 25.4
LONGEST_WHOLE = 40
"""Characters of a number or code that stays in one line."""
Node = Any


class Reading:
    """One document: its parts, and the pictures that are met while it is read."""

    def __init__(self, content: bytes) -> None:
        self._parts = zipfile.ZipFile(io.BytesIO(content))
        self.pictures: dict[str, bytes] = {}
        self._styles = Styles(self._xml("word/styles.xml"))

    def sections(self) -> list[dict[str, Any]]:
        """The sections in their order, each with its measures, heads, feet and blocks."""
        root, related = self._xml("word/document.xml"), self._related("document")
        found: list[dict[str, Any]] = []
        blocks: list[dict[str, Any]] = []
        for node in root.find(w("body")):
            if node.tag == w("sectPr"):
                found.append(self._section(node, blocks, related))
                continue
            ends = node.find(f"{w('pPr')}/{w('sectPr')}")
            if ends is None or len(node) > 1:
                blocks.append(self._block(node, related))
            if ends is not None:
                found.append(self._section(ends, blocks, related))
                blocks = []
        return self._inherited(found)

    def _inherited(self, sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A section without a head or foot of its own has that of the one before."""
        before: dict[str, Any] = {}
        for section in sections:
            section["marks"] = before = {**before, **section["marks"]}
        return sections

    def _section(self, node: Node, blocks: list[Any], related: dict[str, str]) -> dict[str, Any]:
        size, margins, start = node.find(w("pgSz")), node.find(w("pgMar")), node.find(w("pgNumType"))
        marks = {}
        for kind in ("header", "footer"):
            for reference in node.findall(w(f"{kind}Reference")):
                part = related[reference.get(f"{R}id")]
                root, own = self._xml(f"word/{part}"), self._related(part.removesuffix(".xml"))
                marks[f"{kind}-{val(reference, 'type')}"] = [self._block(child, own) for child in root]
        return {
            "width": float(val(size, "w")) / POINT,
            "height": float(val(size, "h")) / POINT,
            **{side: float(val(margins, side)) / POINT for side in ("top", "bottom", "left", "right")},
            "header": float(val(margins, "header")) / POINT,
            "footer": float(val(margins, "footer")) / POINT,
            "start": int(val(start, "start")) if start is not None else None,
            "first": on(node.find(w("titlePg"))),
            "marks": marks,
            "blocks": blocks,
        }

    def _block(self, node: Node, related: dict[str, str]) -> dict[str, Any]:
        if node.tag == w("tbl"):
            return self._table(node, related)
        return self._paragraph(node, related)

    def _table(self, node: Node, related: dict[str, str]) -> dict[str, Any]:
        style = node.find(f"{w('tblPr')}/{w('tblStyle')}")
        margin = node.find(f"{w('tblPr')}/{w('tblCellMar')}/{w('left')}")
        widths = [float(val(column, "w")) / POINT for column in node.find(w("tblGrid"))]
        rows = [self._row(row, related) for row in node.findall(w("tr"))]
        return {
            "kind": "table",
            "lined": style is not None and val(style, "val") == "TableGrid",
            "inset": float(val(margin, "w")) / POINT if margin is not None else 0,
            "widths": widths,
            "rows": rows,
            "keep": any(block.get("keep") for cell in rows[-1]["cells"] for block in cell["blocks"]),
        }

    def _row(self, node: Node, related: dict[str, str]) -> dict[str, Any]:
        cells = []
        for cell in node.findall(w("tc")):
            span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
            middle = cell.find(f"{w('tcPr')}/{w('vAlign')}")
            blocks = [self._block(child, related) for child in cell if child.tag in (w("p"), w("tbl"))]
            cells.append({
                "span": int(val(span, "val")) if span is not None else 1,
                "middle": middle is not None and val(middle, "val") == "center",
                "blocks": blocks,
            })  # fmt: skip
        return {"head": on(node.find(f"{w('trPr')}/{w('tblHeader')}")), "cells": cells}

    def _paragraph(self, node: Node, related: dict[str, str]) -> dict[str, Any]:
        form = self._styles.paragraph(node.find(w("pPr")))
        names = [val(mark, "name") for mark in node.iter(w("bookmarkStart"))]
        pieces = list(self._pieces(node, form, related))
        beyond = max(TEXT_WIDTH - form["tab"], 0) if form["tab"] and not form["dots"] else 0
        return {"kind": "line", **form, "names": names, "pieces": pieces, "beyond": beyond}

    def _pieces(self, node: Node, form: dict[str, Any], related: dict[str, str]) -> Iterator[dict[str, Any]]:
        """Words, tabs, fields and pictures in their order; of a field only what it asks for counts."""
        instruction, inside = "", False
        for run in node.iter(w("r")):
            look = self._styles.run(run.find(w("rPr")), form)
            for child in run:
                if child.tag == w("instrText"):
                    instruction += child.text or ""
                elif child.tag == w("fldChar"):
                    inside = val(child, "fldCharType") != "end"
                    if not inside:
                        yield {**_field(instruction), **look}
                        instruction = ""
                elif not inside and (piece := self._piece(child, form, look, related)) is not None:
                    yield piece

    def _piece(
        self, node: Node, form: dict[str, Any], look: dict[str, Any], related: dict[str, str]
    ) -> dict[str, Any] | None:
        if node.tag == w("t"):
            return _words(node.text or "", look)
        if node.tag == w("tab"):
            return {"kind": "tab", "dots": form["dots"]}
        if node.tag == w("br"):
            return {"kind": "break"}
        return self._drawing(node, related) if node.tag == w("drawing") else None

    def _drawing(self, node: Node, related: dict[str, str]) -> dict[str, Any]:
        extent = next(node.iter(f"{WP}extent"))
        size = {"width": int(extent.get("cx")) / EMU, "height": int(extent.get("cy")) / EMU}
        blip = next(node.iter(f"{A}blip"), None)
        if blip is None:
            chart = next(node.iter(f"{C}chart"))
            return {"kind": "chart", **size, **chart_in(self._xml(f"word/{related[chart.get(f'{R}id')]}"))}
        target = related[blip.get(f"{R}embed")]
        name = target.replace("/", "-")
        self.pictures[name] = self._parts.read(f"word/{target}")
        return {"kind": "picture", "name": name, **size}

    def _xml(self, name: str) -> Node:
        return etree.fromstring(self._parts.read(name), etree.XMLParser(resolve_entities=False, no_network=True))

    def _related(self, part: str) -> dict[str, str]:
        """What a part refers to, by id."""
        name = f"word/_rels/{part}.xml.rels"
        if name not in self._parts.namelist():
            return {}
        return {row.get("Id"): row.get("Target").removeprefix("/word/") for row in self._xml(name)}


def _words(text: str, look: dict[str, Any]) -> dict[str, Any]:
    plain = text.replace("\u2060", "")
    whole = plain.isascii() and 1 < len(plain) <= LONGEST_WHOLE and " " not in plain
    return {"kind": "words", "text": plain, "whole": whole, **look}


def _field(instruction: str) -> dict[str, Any]:
    what = instruction.split()
    if what[:1] == ["PAGE"]:
        return {"kind": "page"}
    return {"kind": "page-of", "name": what[1]}
