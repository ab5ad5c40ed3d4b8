"""What the XML of a book declares for itself opens no file of ours and takes no memory: it is refused as no table."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.faults.test_large_tables import BOOK, cells
from zhongzhi.core.errors import DomainError
from zhongzhi.web.sheets import Column, Sheet

COLUMNS = [Column("number", "工单编号", True), Column("text", "内容", True)]
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def a_book(declared: str, text: str) -> BytesIO:
    """One row under its head, in a sheet that begins with these declarations."""
    rows = f"<row>{cells('工单编号', '内容')}</row><row>{cells('GD0001', text)}</row>"
    sheet = f"<!DOCTYPE worksheet [{declared}]><worksheet xmlns='{NAMESPACE}'><sheetData>{rows}</sheetData></worksheet>"
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, part in BOOK.items():
            archive.writestr(name, part)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return made


def told(declared: str, text: str) -> list[str]:
    rows = Sheet(a_book(declared, text), "a.xlsx", COLUMNS).rows()
    return [str(row.values["text"]) for row in rows]


def test_what_a_book_writes_short_is_read_as_it_means() -> None:
    assert told("<!ENTITY water '羊圈漏水'>", "&water;") == ["羊圈漏水"]


@pytest.mark.parametrize("system", ["file://{}", "http://127.0.0.1:9/{}"])
def test_a_file_outside_the_book_is_not_opened(tmp_path: Path, system: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    with pytest.raises(DomainError) as refused:
        told(f'<!ENTITY x SYSTEM "{system.format(secret)}">', "前&x;后")
    assert refused.value.field == "file"
    assert "SECRET" not in refused.value.message


def test_what_swells_by_its_own_declarations_is_refused() -> None:
    ten_times = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 8))
    with pytest.raises(DomainError) as refused:
        told(f"<!ENTITY a0 '{'水' * 1000}'>{ten_times}", "&a7;")
    assert refused.value.field == "file"
