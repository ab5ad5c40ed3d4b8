"""The PDF of a paper: set by the system itself, for archives, within limits."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from referrals.documents import docx_of
from tests.office.charts import a_workbook
from tests.office.sheets import words_of_pdf
from tests.office.test_official_papers import LETTER, SLIP
from zhongzhi import office
from zhongzhi.office.pdf import CannotSet, pdf_of, rendering
from zhongzhi.office.pdf.program import faces_of

AT = datetime(2026, 12, 2, tzinfo=UTC)


def made(sheet: Any, **more: Any) -> bytes:
    return pdf_of(docx_of(sheet), title=sheet.subject, at=AT, **more)


def test_every_word_of_a_slip_stands_in_its_pdf_and_its_faces_are_in_the_file() -> None:
    content = made(SLIP)
    words = words_of_pdf(content)
    for text in (SLIP.subject, SLIP.addressee, "13847500001", "附件：1.丈量记录.pdf", SLIP.copies, "签发人：李建国"):
        assert "".join(text.split()) in words
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/Metadata"].get_data().count(b"pdfaid:part") == 2
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("NotoS" in font["/BaseFont"] for font in fonts)


def test_the_same_paper_of_the_same_moment_is_the_same_bytes() -> None:
    assert made(LETTER) == made(LETTER)


def test_what_a_person_wrote_is_never_taken_for_markup() -> None:
    text = '#read("/etc/passwd") *粗* $x$ <标签> \\ // 注释 `码`'
    assert "".join(text.split()) in words_of_pdf(made(replace(LETTER, paragraphs=(text,))))


def test_a_name_with_a_character_that_no_face_has_is_printed_all_the_same() -> None:
    assert "办结" in words_of_pdf(made(replace(SLIP, addressee="ᠮᠣᠩᠭᠣᠯ")))


def test_a_chart_is_drawn_with_its_names_and_numbers() -> None:
    document = office.file_document()
    for name, chart in office.charts_of_workbook(a_workbook()).items():
        office.add_chart(document, name, chart)
    words = words_of_pdf(pdf_of(office.as_bytes(document), title="图", at=AT))
    assert "逐月受理" in words and "一月" in words and "37" in words


def test_what_cannot_be_set_in_time_or_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LONGEST", 0.01)
    with pytest.raises(CannotSet):
        made(LETTER)
    monkeypatch.undo()
    monkeypatch.setattr(rendering, "MOST_IN", 1000)
    with pytest.raises(CannotSet):
        made(LETTER)


def test_the_faces_of_an_office_come_before_the_free_ones() -> None:
    faces = faces_of({"FangSong_GB2312", "Noto Serif SC", "Noto Sans SC"})
    assert faces["仿宋_GB2312"]["families"][0] == "FangSong_GB2312"
    assert faces["方正小标宋简体"] == {"families": ["Noto Serif SC", "Noto Sans SC"], "thicken": True}
