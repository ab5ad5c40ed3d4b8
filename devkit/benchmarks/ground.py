"""A county with many open cases, written by SQL: one registered through the action, the others after its pattern."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from devkit.benchmarks.bulk_rows import in_bulk
from grids.models import Organisation, Territory
from intake.actions import register_case
from intake.counting.actions import rebuild_tallies
from intake.models import Case, Party
from tests.people import Ground, an_entry, make_ground
from zhongzhi.accounts.models import User
from zhongzhi.core.numbering import SHORT_SERIAL, case_code

OWN_COLUMNS = {
    "case": "id,uid,code,territory_id,registered_at",
    "party": "id,uid,case_id,paper_hash,phone_hash,paper_sealed,phone_sealed,address_sealed",
    "clock": "id,case_id,due_at,next_at",
}
"""What a copy has of its own."""
TABLES = ("intake_case", "intake_party", "intake_clock")
PIECE, AT_ONCE = 500_000, 20_000
"""Cases of one statement, and lines of one COPY."""
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SEALED = ("paper_sealed", "phone_sealed", "address_sealed")
KNOWN: dict[str, Any] = {}
KEPT = "known.json"
PARTS: dict[str, type[Any]] = {"places": Territory, "organisations": Organisation, "people": User}


def fill(number: int, kept_in: Path | None = None, *, counted: bool = True) -> None:
    """Tables, people and cases; everything is analysed in the end. Where a folder keeps them, they are taken up.

    `counted` False leaves the roll-ups to who changes all cases next.
    """
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC}
    call_command("migrate", verbosity=0)
    if kept_in is not None and (kept_in / KEPT).is_file():
        _take_up(kept_in)
        return
    KNOWN["ground"] = make_ground()
    KNOWN["pattern"] = register_case(an_entry(), actor=ground().clerk)
    copy_cases(number, counted=counted)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def keep(folder: Path) -> None:
    """Leave in a folder what is known of the cases that its servers hold."""
    parts = {part: {name: row.pk for name, row in getattr(ground(), part).items()} for part in PARTS}
    done = {name: value for name, value in KNOWN.items() if value is True}
    (folder / KEPT).write_text(json.dumps(done | {"pattern": pattern().pk, "parts": parts}), encoding="utf-8")


def _take_up(folder: Path) -> None:
    told = json.loads((folder / KEPT).read_text(encoding="utf-8"))
    parts, found = told.pop("parts"), Ground()
    for part, model in PARTS.items():
        getattr(found, part).update({name: model.objects.get(pk=key) for name, key in parts[part].items()})
    KNOWN.update(told | {"ground": found, "pattern": Case.objects.get(pk=told["pattern"])})


def ground() -> Ground:
    """The people and places."""
    found: Ground = KNOWN["ground"]
    return found


def pattern() -> Case:
    """The case that all others are copies of."""
    found: Case = KNOWN["pattern"]
    return found


def copy_cases(number: int, *, after: int = 0, counted: bool = True) -> None:
    """More open cases with two parties and a triage clock that is due in a month each, counted in the end."""
    places = [place.pk for code, place in ground().places.items() if len(code) >= 12]
    unvouched = () if counted else ("intake_party",)  # a mark of each party waits for the trail else
    with connection.cursor() as cursor, in_bulk(cursor, TABLES, triggers=unvouched), _not_counted_yet(cursor):
        for first in range(after + 1, after + number + 1, PIECE):
            _write_copies(cursor, range(first, min(first + PIECE, after + number + 1)))
            for statement in STATEMENTS:
                copied = {name: other(f"intake_{name}", own) for name, own in OWN_COLUMNS.items()}
                cursor.execute(statement.format(**copied), {"pattern": pattern().pk, "places": places})
    if counted:
        rebuild_tallies()


def _write_copies(cursor: Any, numbers: range) -> None:
    """For each copy a code that an address takes, of the days before the pattern's, as many a day as a day has; and for
    each of its parties what is sealed to its own row, so that every page opens it."""
    county, day = str(pattern().code)[2:8], timezone.localdate(pattern().registered_at)
    sealed = f"side text, uid uuid, {', '.join(f'{name} bytea' for name in SEALED)}"
    cursor.execute("DROP TABLE IF EXISTS copies, copied_parties; CREATE TEMP TABLE copies (n bigint, code text)")
    cursor.execute(f"CREATE TEMP TABLE copied_parties (n bigint, {sealed})")
    given = [
        (row.side, {"paper": row.paper_number, "phone": row.phone, "address": row.address})
        for row in Party.everyone.filter(case=pattern())
    ]
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        codes, parties = StringIO(), StringIO()
        for number in range(first, min(first + AT_ONCE, numbers.stop)):
            days, serial = divmod(number - 1, SHORT_SERIAL)
            codes.write(f"{number}\t{case_code(county, day - timedelta(days=days + 1), serial + 1)}\n")
            for side, plain in given:
                parties.write(f"{number}\t{side}\t{_sealed_again(plain)}\n")
        for name, lines in (("copies", codes), ("copied_parties", parties)):
            lines.seek(0)
            cursor.copy_from(lines, name)
    cursor.execute("ANALYZE copies; ANALYZE copied_parties")


def _sealed_again(plain: dict[str, str], copy: Party = Party()) -> str:  # noqa: B008 - one for all: it is costly to make
    """The key of a new copy and what it keeps sealed, as COPY reads it."""
    copy.uid = uuid4()
    values = [copy._sealed(column, value) for column, value in plain.items()]
    return "\t".join([str(copy.uid), *("\\N" if value is None else f"\\\\x{value.hex()}" for value in values)])


@contextmanager
def _not_counted_yet(cursor: Any) -> Iterator[None]:
    """Rows in bulk are counted once, behind them, as after a restore."""
    for state in ("DISABLE", "ENABLE"):
        for event in ("insert", "update"):
            cursor.execute(f"ALTER TABLE intake_case {state} TRIGGER case_count_{event}")
        if state == "DISABLE":
            yield


def other(table: str, but: str) -> str:
    """The columns of a table without these and without generated ones, as a list for SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' AND NOT column_name = ANY(%s)",
            [table, but.split(",")],
        )
        return str(cursor.fetchone()[0])


STATEMENTS = (
    """INSERT INTO intake_case (uid, code, territory_id, registered_at, {case})
       SELECT gen_random_uuid(), copies.code,
              (%(places)s::bigint[])[1 + n %% cardinality(%(places)s)], registered_at - n * interval '1 minute', {case}
       FROM intake_case, copies WHERE id = %(pattern)s ORDER BY n""",
    """INSERT INTO intake_party (uid, case_id, paper_hash, phone_hash, paper_sealed, phone_sealed, address_sealed,
                                 {party})
       SELECT s.uid, c.id,
              CASE WHEN s.n %% 1000 = 0 OR paper_hash IS NULL THEN paper_hash ELSE sha256(s.uid::text::bytea) END,
              CASE WHEN s.n %% 1000 = 0 OR phone_hash IS NULL THEN phone_hash ELSE sha256(s.uid::text::bytea) END,
              s.paper_sealed, s.phone_sealed, s.address_sealed, {party}
       FROM intake_party p JOIN copied_parties s USING (side) JOIN copies USING (n)
       JOIN intake_case c ON c.code = copies.code
       WHERE p.case_id = %(pattern)s ORDER BY s.n""",
    """INSERT INTO intake_clock (case_id, due_at, next_at, {clock})
       SELECT c.id, now() + interval '30 days', now() + interval '30 days', {clock}
       FROM intake_clock k, (SELECT id FROM intake_case JOIN copies USING (code)) c
       WHERE k.case_id = %(pattern)s""",
)
