"""The typefaces of official papers, and what stands in for each on a machine that lacks it.

The chain is written into the font table of every document: Word and WPS look there for another name of the same
face. The last of each chain is a free face that Linux machines carry.
"""

from dataclasses import dataclass
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Face:
    """A typeface: its usual name, what replaces it in this order, its kind for the choice of the last resort."""

    name: str
    instead: tuple[str, ...]
    family: str
    panose: str


FANGSONG = Face("仿宋_GB2312", ("仿宋", "FangSong", "华文仿宋", "Noto Serif CJK SC"), "modern", "02010609030101010101")
XIAOBIAOSONG = Face(
    "方正小标宋简体",
    ("方正小标宋_GBK", "华文中宋", "宋体", "SimSun", "Noto Serif CJK SC"),
    "roman",
    "02010601030101010101",
)
HEITI = Face("黑体", ("SimHei", "微软雅黑", "Noto Sans CJK SC"), "modern", "02010609060101010101")
KAITI = Face("楷体_GB2312", ("楷体", "KaiTi", "华文楷体", "Noto Serif CJK SC"), "modern", "02010609060101010101")
SONGTI = Face("宋体", ("SimSun", "华文宋体", "Noto Serif CJK SC"), "roman", "02010600030101010101")
FACES = (FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI)


def set_face(run_properties: Any, face: Face) -> None:
    """One face for all scripts: digits and letters stand in the Chinese face, as in typed office papers."""
    fonts = run_properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face.name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:hint"), "eastAsia")


def declare_faces(document: Any) -> None:
    """The font table of the document: each face with its chain."""
    rows = "".join(_row(face) for face in FACES)
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{W}">{rows}</w:fonts>'
    package, name = document.part.package, PackURI("/word/fontTable.xml")
    old = [r for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.FONT_TABLE]
    for relation in old:
        document.part.rels.pop(relation.rId)
    part = Part(name, CONTENT_TYPE.WML_FONT_TABLE, content.encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _row(face: Face) -> str:
    return (
        f'<w:font w:name="{face.name}"><w:altName w:val="{",".join(face.instead)}"/>'
        f'<w:panose1 w:val="{face.panose}"/><w:charset w:val="86"/><w:family w:val="{face.family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )
