"""Roster imports: rows a second of both passes and memory, beside one COPY and INSERT that writes the same rows."""

import csv
import io
import resource
import time
from collections.abc import Callable, Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from devkit.benchmarks.ground import ground
from devkit.benchmarks.lines import Line, Lines, line
from grids.actions import confirm_import, start_import
from grids.actions.table_imports import check_rows, write_rows
from grids.actions.tables import ROSTER
from grids.models import RosterPerson, Service
from grids.queries.table_imports import CHECK, WRITE
from zhongzhi.core.idnumbers import resident_check
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job
from zhongzhi.web.sheets import csv_lines, write_xlsx

FEW, ROWS, MANY = 1_000, 10_000, 30_000
GRIDS = ("150526103200001", "150526103201001")
PERSON = "uid, name, phone_sealed, phone_hash, paper_sealed, paper_hash, public_phone, is_demo, created_at"
SERVICE = "kind, territory_id, title, households, households_note, starts_on, end_reason, created_at, person_id"


def rows(number: int, first: int) -> Iterator[list[str]]:
    """Heads of households with phones, identity numbers and households; one in a hundred is faulty."""
    for at in range(first, first + number):
        body = f"150526{1950 + at // 336_000}{at // 28_000 % 12 + 1:02d}{at // 1000 % 28 + 1:02d}{at % 1000:03d}"
        values = {
            "kind": "联户长（户长）",
            "place": GRIDS[at % 2] if at % 100 else "150526999999999",
            "name": f"户长{at}",
            "phone": f"138{at % 10**8:08d}",
            "paper_number": body + resident_check(body),
            "households": "15",
            "households_note": f"第 {at % 90} 组",
            "starts_on": "2026-01-01",
        }
        yield [values.get(column.name, "") for column in ROSTER]


def table(number: int, first: int, suffix: str) -> SimpleUploadedFile:
    """The file."""
    if suffix == "xlsx":
        return SimpleUploadedFile("roster.xlsx", write_xlsx("名册", ROSTER, rows(number, first)).read())
    return SimpleUploadedFile("roster.csv", "".join(csv_lines(ROSTER, rows(number, first))).encode())


def rosters() -> Lines:
    """A small table before larger ones: the peak of memory must not follow the rows."""
    import_one(FEW, 0, "csv")
    for at, (number, suffix) in enumerate(((ROWS, "csv"), (ROWS, "xlsx"), (MANY, "csv"))):
        check, write = import_one(number, (at + 1) * 100_000, suffix)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        bare = bare_rate(number)
        name = f"{number:,} rows, {suffix}"
        yield line(f"roster, {name}, both passes", number / (check + write), bare, "/s", "≥ 1,000/s")
        yield Line(f"roster, {name}, looked at", number / check, None, "/s", "")
        yield Line(f"roster, {name}, written", number / write, None, "/s", "")
        yield Line(f"roster, {name}, peak memory", peak, None, "MB", "the same for any number")


def import_one(number: int, first: int, suffix: str) -> tuple[float, float]:
    """Seconds of either pass."""
    actor = ground().manager
    job = start_import("roster", table(number, first, suffix), actor=actor)
    check = _until_done(job, CHECK, check_rows)
    before = Service.objects.count()
    job.refresh_from_db()
    write = _until_done(confirm_import(job, actor=actor, mode="valid"), WRITE, write_rows)
    assert Service.objects.count() - before == number - number // 100, job.result
    return check, write


def _until_done(job: Job, kind: str, work: Callable[[Job], Iterator[None]]) -> float:
    begun = time.perf_counter()
    while Job.objects.get(pk=job.pk).is_open:
        run_due(kind, work)
    return time.perf_counter() - begun


def bare_rate(number: int) -> float:
    """The people of the last import once more: COPY into a table aside, then one INSERT … SELECT for each table."""
    newest = Service.objects.order_by("-id").values_list("person_id", flat=True)[:number]
    text, writer_rows = io.StringIO(), RosterPerson.objects.filter(pk__in=list(newest)).values_list("pk", "name")
    csv.writer(text).writerows(writer_rows)
    text.seek(0)
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE given (old bigint, name text) ON COMMIT DROP")
        cursor.copy_expert("COPY given FROM STDIN WITH (FORMAT csv)", text)
        cursor.execute(
            f"INSERT INTO grids_rosterperson ({PERSON}) SELECT gen_random_uuid(), given.name, phone_sealed, phone_hash,"
            " paper_sealed, sha256(paper_hash || random()::text::bytea), public_phone, is_demo, created_at"
            " FROM given JOIN grids_rosterperson p ON p.id = old RETURNING id"
        )
        fresh = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(
            f"INSERT INTO grids_service ({SERVICE}) SELECT s.kind, s.territory_id, s.title, s.households,"
            " s.households_note, s.starts_on, s.end_reason, s.created_at, fresh.id FROM"
            " unnest(%s::bigint[]) WITH ORDINALITY AS fresh (id, at) CROSS JOIN"
            " (SELECT * FROM grids_service ORDER BY id DESC LIMIT 1) s",
            [fresh],
        )
        assert cursor.rowcount == len(fresh)
        transaction.set_rollback(True)
    return len(fresh) / (time.perf_counter() - begun)


MEASURES: dict[str, Callable[[], Lines]] = {"rosters": rosters}
