"""Imports: rows a second of both passes, and memory, for XLSX and CSV, beside SQL that only writes the same rows."""

import random
import resource
import time
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from devkit.benchmarks.ground import ground, other
from devkit.benchmarks.lines import Line, Lines, line
from intake.imports.actions import confirm_import, start_import, work_on_imports
from intake.imports.columns import columns_of
from intake.imports.models import ImportBatch, ImportKind
from intake.models import Case, Counter
from zhongzhi.core.idnumbers import resident_check
from zhongzhi.web.sheets import csv_lines, write_xlsx

ROWS, FEW = 100_000, 10_000
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
    import_one(FEW, 0, "csv")
    bare = bare_rate(FEW)
    for at, (number, suffix) in enumerate(((FEW, "csv"), (FEW, "xlsx"), (ROWS, "xlsx"))):
        _give_codes_back()
        check, register, batch = import_one(number, (at + 1) * 1_000_000, suffix)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        what = f"{number:,} rows of {suffix}, {batch.bad_rows:,} faulty"
        yield line(f"{what}: checked and registered", number / (check + register), bare, "rows/s", "≥ 1,000 rows/s")
        yield Line(f"{what}: checked", number / check, None, "rows/s", "–")
        yield Line(f"{what}: registered", number / register, None, "rows/s", "–")
        yield Line(f"{what}: peak of memory", peak, None, "MB", "the same for any number")


def import_one(number: int, first: int, suffix: str) -> tuple[float, float, ImportBatch]:
    """Seconds of either pass."""
    file = table(number, first, suffix)
    batch = start_import(KIND, file, actor=ground().dispatcher, centre=ground().county_centre)
    del file
    check = _until_done()
    confirm_import(batch, actor=ground().dispatcher, mode="valid")
    register = _until_done()
    batch.refresh_from_db()
    assert batch.new_cases + batch.bad_rows == number, batch.job.message
    return check, register, batch


def _give_codes_back() -> None:
    """A day has 99,999 serials; what was measured before makes room."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_case SET code = 'X' || lpad(id::text, 21, '0') WHERE code LIKE 'ZJ%'")
    Counter.objects.filter(series__startswith="case:").delete()


def _until_done() -> float:
    begun = time.perf_counter()
    while not work_on_imports(seconds=60):
        pass
    return time.perf_counter() - begun


def bare_rate(number: int) -> float:
    """Copies of the rows of the last import, by one INSERT … SELECT a table, in one transaction."""
    newest = list(Case.objects.order_by("-id").values_list("pk", flat=True)[:number])
    tables = (
        ("intake_case", "id,uid,code", "gen_random_uuid(), left(md5(random()::text), 20)", "uid, code", "id"),
        ("intake_party", "id,uid", "gen_random_uuid()", "uid", "case_id"),
        ("intake_statuschange", "id", "", "", "case_id"),
    )
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, but, made, names, key in tables:
            columns = other(name, but)
            head, values = (f"{names}, " if names else ""), (f"{made}, " if made else "")
            cursor.execute(
                f"INSERT INTO {name} ({head}{columns}) SELECT {values}{columns} FROM {name} WHERE {key} = ANY(%s)",
                [newest],
            )
    return number / (time.perf_counter() - begun)
