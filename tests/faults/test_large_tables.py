"""A table of 200 MB of XML is read in a bounded memory, and one that only swells is refused while it is read."""

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.mutants.targets import ROOT

pytestmark = pytest.mark.faults
BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="工单" sheetId="1" r:id="a"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
READ = """
import json, resource, sys
from zhongzhi.core.errors import DomainError
from zhongzhi.web.sheets import Column, Sheet
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
said, rows = "", 0
try:
    with open(sys.argv[1], "rb") as file:
        for row in Sheet(file, "a.xlsx", [Column("number", "工单编号", True), Column("text", "内容", True)]).rows():
            rows += 1
except DomainError as error:
    said = error.message
print(json.dumps([rows, said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024]))
"""


def cells(*texts: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


def a_book(path: Path, row: str, number: int) -> int:
    """A sheet of so many times this row; the bytes of its XML."""
    head = f"<row>{cells('工单编号', '内容')}</row>"
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in BOOK.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            size = part.write(f"{start}{head}".encode())
            for _ in range(number):
                size += part.write(row.encode())
            return size + part.write(b"</sheetData></worksheet>")


def read(path: Path) -> tuple[int, str, int]:
    """Rows, what was said, and the megabytes it took beyond those of the program itself."""
    done = subprocess.run([sys.executable, "-c", READ, str(path)], cwd=ROOT, capture_output=True, check=True, text=True)
    rows, said, megabytes = json.loads(done.stdout)
    return rows, said, megabytes


def test_200_mb_of_xml_are_read_in_300_mb_of_memory(tmp_path: Path) -> None:
    text = "与邻居因宅基地边界发生争执，双方情绪激动，民警到场后劝开，希望由村委会和司法所重新丈量并调解。" * 12
    size = a_book(tmp_path / "大.xlsx", f"<row>{cells('GD0001', text)}</row>", 115_000)
    assert size > 200_000_000
    rows, said, megabytes = read(tmp_path / "大.xlsx")
    assert (rows, said) == (115_000, "")
    assert megabytes < 300


def test_memory_does_not_follow_the_rows(tmp_path: Path) -> None:
    used = []
    for number in (20_000, 100_000):
        a_book(tmp_path / "长.xlsx", f"<row>{cells('GD0001', '与邻居因宅基地边界发生争执')}</row>", number)
        rows, _, megabytes = read(tmp_path / "长.xlsx")
        assert rows == number
        used.append(megabytes)
    assert used[1] - used[0] < 10


def test_a_row_of_countless_cells_is_refused(tmp_path: Path) -> None:
    a_book(tmp_path / "宽.xlsx", f"<row>{'<c/>' * 1_000_000}</row>", 1)
    rows, said, megabytes = read(tmp_path / "宽.xlsx")
    assert (rows, "解压后过大" in said) == (0, True)
    assert megabytes < 100


def test_a_book_that_swells_is_refused_and_takes_no_memory(tmp_path: Path) -> None:
    a_book(tmp_path / "胀.xlsx", f"<row>{cells('GD0001', '水' * 20_000_000)}</row>", 2)
    rows, said, megabytes = read(tmp_path / "胀.xlsx")
    assert (rows, "解压后过大" in said) == (0, True)
    assert megabytes < 300
