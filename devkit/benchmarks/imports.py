"""Imports: rows a second of both passes, and memory, for XLSX and CSV, beside plain COPY of the same rows.

On a machine that others use as well the clock on the wall says little: rows by the processor time of the program itself
and of its process of the database stand beside it, and COPY is measured in the same minutes."""

import os
import random
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO, StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction

from devkit.benchmarks.ground import ground, other
from devkit.benchmarks.lines import Line, Lines, line
from intake.imports.actions import confirm_import, start_import, work_on_imports
from intake.imports.columns import columns_of
from intake.imports.models import ImportBatch, ImportKind
from intake.models import Case, Counter
from zhongzhi.core.idnumbers import resident_check
from zhongzhi.web.sheets import csv_lines, write_xlsx

ROWS, FEW, WARM = 100_000, 10_000, 1_000
BAD_EVERY = 100
KIND = ImportKind.POLICE_CALL
PLACES = ("巨日合镇五家子村", "150526103201", "鲁北镇南环社区")
TEXT = "报警人称与邻居因宅基地边界发生争执，双方情绪激动，民警到场后劝开，当事人希望由村委会和司法所重新丈量并调解。"


def rows(number: int, first: int) -> Iterator[list[str]]:
    """Calls with names, phones, identity numbers; one in a hundred is faulty."""
    chance = random.Random(first)
    for at in range(first, first + number):
        day = f"19{chance.randint(50, 99)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        body = f"150526{day}{at % 1000:03d}"
        values = {
            "number": f"J{at:012d}",
            "day": "2026-11-23 08:15",
            "person": f"王{at % 977}",
            "phone": f"138{at % 10**8:08d}",
            "paper": body + resident_check(body),
            "place": PLACES[at % 3] if at % BAD_EVERY else "没有的村",
            "place_detail": f"第{at % 37}组",
            "narrative": f"第{at}起。{TEXT}",
            "category": "0901",
            "respondent": f"李{at % 499}",
            "risk": "蓝色",
        }
        yield [values.get(column.name, "") for column in columns_of(KIND)]


def table(number: int, first: int, suffix: str) -> SimpleUploadedFile:
    """The file."""
    content: IO[bytes]
    if suffix == "xlsx":
        content = write_xlsx("警情", columns_of(KIND), rows(number, first))
    else:
        content = BytesIO("".join(csv_lines(columns_of(KIND), rows(number, first))).encode())
    return SimpleUploadedFile(f"calls.{suffix}", content.read())


def imports() -> Lines:
    """Both passes, a small table before a large one: the peak of memory must not follow the rows."""
    import_one(WARM, 0, "csv")
    for at, (number, suffix) in enumerate(((FEW, "csv"), (FEW, "xlsx"), (ROWS, "xlsx"))):
        _give_codes_back()
        check, register, batch = import_one(number, (at + 1) * 1_000_000, suffix)
        peak, copied = _megabytes("VmHWM"), copy_rate(min(number, FEW))
        what = f"{number:,} rows of {suffix}, {batch.bad_rows:,} faulty"
        both = number / (check.wall + register.wall)
        yield line(f"{what}: checked and registered", both, copied, "rows/s", "≥ 1,500 rows/s; yardstick: COPY")
        for name, spent in (("checked", check), ("registered", register)):
            yield Line(f"{what}: {name}", number / spent.wall, None, "rows/s", "–")
            yield Line(f"{what}: {name}, of own processor", number / spent.own, None, "rows/s", "≥ 1,500 rows/s")
            yield Line(f"{what}: {name}, of the database's processor", number / spent.database, None, "rows/s", "–")
        yield Line(f"{what}: peak of memory", peak, None, "MB", "the same for any number")
        beside = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        yield Line(f"{what}: peak of memory of the second process, most of it shared", beside, None, "MB", "–")


class Spent(NamedTuple):
    """Seconds on the wall, and of the processor for this program with its second reader and for its process of the
    database."""

    wall: float
    own: float
    database: float


def import_one(number: int, first: int, suffix: str) -> tuple[Spent, Spent, ImportBatch]:
    """What either pass took."""
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as another:
        key = another.submit(_handed_in, number, first, suffix).result()
    batch = ImportBatch.objects.defer("source").get(pk=key)
    Path("/proc/self/clear_refs").write_text("5")  # from here on the peak is the import's
    check = _until_done()
    confirm_import(batch, actor=ground().dispatcher, mode="valid")
    register = _until_done()
    batch = ImportBatch.objects.defer("source").get(pk=batch.pk)
    assert batch.new_cases + batch.bad_rows == number, batch.job.message
    return check, register, batch


def _handed_in(number: int, first: int, suffix: str) -> int:
    """The key of an import of a table, as a page of the web hands it in: in a process of its own, so that what is
    needed to make the file and to take it in is not counted as memory of the import."""
    file = table(number, first, suffix)
    return int(start_import(KIND, file, actor=ground().dispatcher, centre=ground().county_centre).pk)


def _megabytes(of: str) -> int:
    """What the kernel says of this program: `VmHWM` is the peak since it was last cleared."""
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[of].split()[0]) // 1024


def _give_codes_back() -> None:
    """A day has 99,999 serials; what was measured before makes room."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_case SET code = 'X' || lpad(id::text, 21, '0') WHERE code LIKE 'ZJ%'")
    Counter.objects.filter(series__startswith="case:").delete()


def _until_done() -> Spent:
    begun = time.perf_counter(), _own(), _of_the_database()
    while not work_on_imports(seconds=60):
        pass
    ended = time.perf_counter(), _own(), _of_the_database()
    return Spent(*(after - before for before, after in zip(begun, ended, strict=True)))


def _own() -> float:
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def _of_the_database() -> float:
    """Seconds of the processor that the process behind our connection has had, on the same machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, told[11:13])) / os.sysconf("SC_CLK_TCK")


def copy_rate(number: int) -> float:
    """Cases a second of the rows of the last import once more, made ready beforehand: one COPY a table into the same
    tables with their indexes and triggers, in one transaction that is undone."""
    newest = list(Case.objects.order_by("-id").values_list("pk", flat=True)[:number])
    tables = (
        ("intake_case", "id,uid,code", "gen_random_uuid(), left(md5(random()::text), 20)", "uid, code", "id"),
        ("intake_party", "id,uid", "gen_random_uuid()", "uid", "case_id"),
        ("intake_statuschange", "id", "", "", "case_id"),
        ("intake_externalreference", "id,number", "left(md5(random()::text), 20)", "number", "case_id"),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        ready = [_made_ready(cursor, newest, *table) for table in tables]
        begun = time.perf_counter()
        for statement, text in ready:
            cursor.copy_expert(statement, text)
        spent = time.perf_counter() - begun
        transaction.set_rollback(True)
    return len(newest) / spent


def _made_ready(
    cursor: Any, cases: list[int], name: str, but: str, made: str, names: str, key: str
) -> tuple[str, StringIO]:
    """The rows of these cases as text, with new values where they must differ, and the statement that takes them."""
    columns, text = other(name, but), StringIO()
    head, values = (f"{names}, " if names else ""), (f"{made}, " if made else "")
    wanted = ",".join(map(str, cases))
    cursor.copy_expert(f"COPY (SELECT {values}{columns} FROM {name} WHERE {key} IN ({wanted})) TO STDOUT", text)
    text.seek(0)
    return f"COPY {name} ({head}{columns}) FROM STDIN", text
