"""Slips and letters as LibreOffice lays them out: measures of GB/T 9704-2012, read back by their places on the page."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from referrals.documents import Sheet, docx_of
from tests.office.sheets import BOTH, as_pdfs, bare, picture_of, shown, words_of
from zhongzhi import office

pytestmark = pytest.mark.papers

LETTER = Sheet(
    form="letter",
    agency="扎鲁特旗社会治安综合治理中心",
    kind="提醒函",
    number="扎鲁特综提〔2026〕12号",
    level="",
    subject="关于岳某某与付某土地承包经营纠纷办理超期的提醒函",
    addressee="扎鲁特旗司法局",
    paragraphs=(
        "经核查，你单位有下列事项需要提请注意：",
        "编号ZJ150526202611240001X应于2026年12月1日17时30分前办结。" * 3,
    ),
    signer="李建国",
    date="2026年12月2日",
    is_draft=False,
    by_system=False,
    wants_receipt=False,
    copies="扎鲁特旗人力资源和社会保障局，巨日合镇派出所",
)
SLIP = replace(
    LETTER,
    form="slip",
    agency="扎鲁特旗综治中心",
    kind="交办单",
    wants_receipt=True,
    parties=(
        ("申请人", "岳某某", "13847500001", "内蒙古自治区通辽市扎鲁特旗巨日合镇五家子村3组12号"),
        ("被申请人", "付某", "0475-7221234", "未登记"),
    ),
    annexes=("丈量记录.pdf", "地块照片.jpg"),
)
NEAR = 1.5
"""Millimetres: faces differ in what they leave above and below a character."""


def red_rows(picture: Image.Image) -> list[tuple[float, float, float]]:
    """Red lines across the page: height, left and right edge in millimetres."""
    to_mm = 210 / picture.width
    found: list[tuple[float, float, float]] = []
    for y in range(picture.height):
        row = [x for x in range(picture.width) if _is_red(picture.getpixel((x, y)))]
        if len(row) * to_mm > 100:
            found.append((y * to_mm, row[0] * to_mm, row[-1] * to_mm))
    return found


def _is_red(pixel: object) -> bool:
    red, green, blue = pixel  # type: ignore[misc]
    return red > 150 and green < 130 and blue < 130


@BOTH
def test_a_letter_has_the_form_of_section_10_1(by: str, tmp_path: Path) -> None:
    pages = as_pdfs(tmp_path, {"letter": docx_of(LETTER)}, by)["letter"]
    shown(f"letter-{by}", tmp_path)
    words = words_of(tmp_path / "letter.pdf")
    mark = next(word for word in words if word.text.startswith("扎鲁特旗社会"))
    assert abs((mark.top + mark.bottom) / 2 - 30 - 30 * 25.4 / 72 / 2) < 3  # its upper edge is at 30 mm
    lines = red_rows(picture_of(tmp_path / "letter.pdf", page=1))
    assert all(abs(right - left - 170) < NEAR and abs(left - 20) < NEAR for _, left, right in lines)
    upper, lower = [y for y, _, _ in lines if y < 100], [y for y, _, _ in lines if y > 200]
    assert upper and lower and abs(max(lower) - 277) < NEAR
    number = next(word for word in words if "提〔2026〕" in word.text)
    assert number.top > max(upper) and abs(max(w.right for w in words if abs(w.top - number.top) < 1) - 184) < NEAR
    assert "—" not in pages[0]  # no number on the first page
    assert "签发人" not in "".join(pages) and "抄送：扎鲁特旗人力资源" in bare("".join(pages))


@BOTH
def test_the_second_page_of_a_letter_is_numbered_at_its_outer_edge(by: str, tmp_path: Path) -> None:
    long = replace(LETTER, paragraphs=LETTER.paragraphs * 6)
    pages = as_pdfs(tmp_path, {"long": docx_of(long)}, by)["long"]
    shown(f"letter-{by}", tmp_path)
    assert "办结" in pages[-1]  # neither signature nor 抄送 on a page of their own
    assert len(pages) > 1 and "— 2 —" in pages[1] and "—" not in pages[0]
    number = next(w for w in words_of(tmp_path / "long.pdf") if w.page == 2 and w.text == "2" and w.top > 262)
    assert number.left < 60 and abs((number.top + number.bottom) / 2 - 269) < NEAR


@BOTH
def test_a_slip_has_its_mark_at_35_mm_its_signatory_in_the_head_and_its_imprint_at_the_foot(
    by: str, tmp_path: Path
) -> None:
    pages = as_pdfs(tmp_path, {"slip": docx_of(SLIP)}, by)["slip"]
    shown(f"slip-{by}", tmp_path)
    words = words_of(tmp_path / "slip.pdf")
    mark = next(word for word in words if word.text == "扎鲁特旗综治中心交办单")
    assert abs((mark.top + mark.bottom) / 2 - 72 - 30 * 25.4 / 72 / 2) < 3
    number = next(word for word in words if "提〔2026〕" in word.text)
    signer = next(word for word in words if word.text.startswith("签发人"))
    assert abs(number.top - signer.top) < 1 and signer.left > 120
    title = min(word.top for word in words if word.text.startswith("关于岳某某"))
    assert title > number.bottom
    printed = next(word for word in words if "印发" in word.text)
    assert printed.page == len(pages) and abs(printed.bottom - 262) < 4
    for whole in ("13847500001", "0475-7221234"):
        assert whole in {word.text for word in words}
    assert "附件：1.丈量记录.pdf" in bare("".join(pages))


@pytest.mark.parametrize("paragraphs", range(1, 12))
@BOTH
def test_agency_and_date_never_stand_alone_on_a_page(by: str, tmp_path: Path, paragraphs: int) -> None:
    text = "经核查，该事项应于规定期限内办结，至今未办结，请抓紧办理。" * 2
    sheet = replace(SLIP, paragraphs=(text,) * paragraphs, parties=(), annexes=(), copies="")
    last = bare(as_pdfs(tmp_path, {"n": docx_of(sheet)}, by)["n"][-1])
    before = last[: last.index("2026年12月2日")].removesuffix("扎鲁特旗综治中心")
    assert "抓紧办理。" in before


@BOTH
def test_a_page_holds_22_lines_of_28_characters(by: str, tmp_path: Path) -> None:
    sheet = replace(SLIP, paragraphs=("字" * 28 * 60,), parties=(), annexes=(), copies="")
    as_pdfs(tmp_path, {"full": docx_of(sheet)}, by)
    words = [w for w in words_of(tmp_path / "full.pdf") if set(w.text) == {"字"}]
    page = max({w.page for w in words}) - 1
    lines = [w for w in words if w.page == page]
    assert len({round(w.top) for w in lines}) == 22
    assert {len(w.text) for w in lines} == {28}
    assert min(w.left for w in lines) > 27.5 and max(w.right for w in lines) < 184.5


@pytest.mark.parametrize(
    ("state", "mark"), [({"is_draft": True, "number": "（未编号）", "date": ""}, "草稿"), ({"is_void": True}, "作废")]
)
@pytest.mark.parametrize("form", [SLIP, LETTER], ids=["slip", "letter"])
@BOTH
def test_a_paper_that_is_not_in_force_says_so_at_its_head(
    by: str, tmp_path: Path, form: Sheet, state: dict, mark: str
) -> None:
    pages = as_pdfs(tmp_path, {f"{form.form}-{mark}": docx_of(replace(form, **state))}, by)[f"{form.form}-{mark}"]
    shown(f"stage-{by}", tmp_path)
    assert mark in pages[0] and mark not in "".join(as_pdfs(tmp_path, {"fine": docx_of(form)}, by)["fine"])


def test_the_language_is_chinese_and_each_face_names_what_replaces_it() -> None:
    with zipfile.ZipFile(io.BytesIO(docx_of(LETTER))) as archive:
        styles, fonts = archive.read("word/styles.xml").decode(), archive.read("word/fontTable.xml").decode()
    assert 'w:lang w:val="zh-CN" w:eastAsia="zh-CN"' in styles and 'w:val="en-US"' not in styles
    for face in ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"):
        assert f'w:name="{face}"' in fonts
    assert fonts.count("w:altName") == 5


@BOTH
def test_lines_to_sign_stand_with_text_wherever_the_page_ends(by: str, tmp_path: Path) -> None:
    documents = {}
    for lines in range(18, 31):
        document = office.file_document()
        for _ in range(lines):
            office.indented(document, "正文一行。")
        office.indented(document, "本协议具有法律约束力，各方当事人应当按照约定履行。" * 6)
        office.spacer(document)
        office.signature_lines(document, [(f"当事人{n}", "") for n in range(5)])
        documents[f"lines-{lines}"] = office.as_bytes(document)
    for name, pages in as_pdfs(tmp_path, documents, by).items():
        assert "约定履行。" in pages[-1] and "当事人0" in bare(pages[-1]), name
