"""The PDF of a paper: set by the system itself, for archives, within limits."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from referrals.documents import docx_of
from tests.office.charts import a_workbook
from tests.office.sheets import words_of, words_of_pdf
from tests.office.test_official_papers import LETTER, SLIP
from zhongzhi import office
from zhongzhi.office.pdf import CannotSet, pdf_of, rendering
from zhongzhi.office.pdf.charts import ticks_to
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


KINDS = [
    *((kind, stacked, parts) for kind in ("bar", "column") for stacked in (False, True) for parts in (1, 3)),
    ("line", False, 1),
    ("line", False, 3),
    ("doughnut", False, 1),
]


@pytest.mark.parametrize("lines", [3, 12, 30])
def test_no_label_of_a_chart_is_printed_over_another(lines: int, tmp_path: Path) -> None:
    document = office.file_document()
    names = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(lines)]
    for kind, stacked, parts in KINDS:
        series = {f"第{part}项": [(at * 37 + part * 211) % 1300 for at in range(lines)] for part in range(parts)}
        for name, chart in office.charts_of_workbook(a_workbook(kind, series, names, stacked=stacked)).items():
            office.add_chart(document, name, chart)
    pdf = tmp_path / "chart.pdf"
    pdf.write_bytes(pdf_of(office.as_bytes(document), title="图", at=AT))
    words = words_of(pdf)
    told = [word.text for word in words]
    assert told.count("逐月受理") == len(KINDS) and all(told.count(f"第{part}项") == 5 for part in range(3))
    assert told.count(names[0]) == len(KINDS) and told.count(names[1]) >= 5
    assert not [(one.text, other.text) for one, other in combinations(words, 2) if one.covers(other)]


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (7, [0, 2, 4, 6, 8]),
        (47, [0, 10, 20, 30, 40, 50]),
        (1700, [0, 500, 1000, 1500, 2000]),
        (99.5, [0, 20, 40, 60, 80, 100]),
    ],
)
def test_an_axis_is_marked_by_round_numbers_up_to_the_highest(highest: float, marks: list[float]) -> None:
    assert ticks_to(highest) == marks


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
