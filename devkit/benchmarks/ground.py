"""A county with many open cases, written by SQL: one registered through the action, the others after its pattern."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from grids.models import Organisation, Territory
from intake.actions import register_case
from intake.counting.actions import rebuild_tallies
from intake.models import Case, Party
from tests.people import Ground, an_entry, make_ground
from zhongzhi.accounts.models import User
from zhongzhi.core.numbering import SHORT_SERIAL, case_code

CASE_COLUMNS = "id,uid,code,territory_id,registered_at"
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SEALED = ("paper_sealed", "phone_sealed", "address_sealed")
KNOWN: dict[str, Any] = {}
KEPT = "known.json"
PARTS: dict[str, type[Any]] = {"places": Territory, "organisations": Organisation, "people": User}


def fill(number: int, kept_in: Path | None = None) -> None:
    """Tables, people and cases; everything is analysed in the end. Where a folder keeps them, they are taken up."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC}
    call_command("migrate", verbosity=0)
    if kept_in is not None and (kept_in / KEPT).is_file():
        _take_up(kept_in)
        return
    KNOWN["ground"] = make_ground()
    KNOWN["pattern"] = register_case(an_entry(), actor=ground().clerk)
    copy_cases(number)
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


def copy_cases(number: int, *, after: int = 0) -> None:
    """More open cases with two parties and a triage clock that is due in a month each."""
    places = [place.pk for code, place in ground().places.items() if len(code) >= 12]
    with connection.cursor() as cursor, _counted_afterwards():
        _write_codes(cursor, range(after + 1, after + number + 1))
        for statement in STATEMENTS:
            cursor.execute(
                statement.format(case=other("intake_case", CASE_COLUMNS), party=other("intake_party", "id,uid,case_id"),
                                 clock=other("intake_clock", "id,case_id,due_at,next_at")),
                {"pattern": pattern().pk, "places": places},
            )  # fmt: skip


def seal_copies() -> None:
    """Numbers and addresses of the copied parties sealed to their own rows, so that every page opens them: the copies
    carry those of the pattern, which open nowhere else. Once in a run."""
    if KNOWN.get("sealed"):
        return
    KNOWN["sealed"] = True
    given = {row.pk: row for row in Party.everyone.filter(case=pattern())}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, side, uid FROM intake_party WHERE case_id <> %s", [pattern().pk])
        by_side = {row.side: row for row in given.values()}
        lines = StringIO()
        for pk, side, uid in cursor.fetchall():
            lines.write("\t".join([str(pk), *_sealed_again(by_side[side], uid)]) + "\n")
        lines.seek(0)
        columns = ", ".join(f"{name} bytea" for name in SEALED)
        cursor.execute(f"CREATE TEMP TABLE seals (id bigint, {columns})")
        cursor.copy_from(lines, "seals")
        taken = ", ".join(f"{name} = seals.{name}" for name in SEALED)
        cursor.execute("ALTER TABLE intake_party DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE intake_party p SET {taken} FROM seals WHERE seals.id = p.id")
        cursor.execute("ALTER TABLE intake_party ENABLE TRIGGER USER; DROP TABLE seals")
        cursor.execute("VACUUM ANALYZE intake_party")


def _sealed_again(given: Party, uid: UUID) -> list[str]:
    """What a copy of this party keeps sealed, as COPY reads it."""
    copy = Party(uid=uid)
    copy.seal_paper(given.paper_number)
    copy.seal_phone(given.phone)
    copy.seal_address(given.address)
    values = [getattr(copy, name) for name in SEALED]
    return ["\\N" if value is None else f"\\\\x{value.hex()}" for value in values]


def _write_codes(cursor: Any, numbers: range) -> None:
    """Codes that an address takes, of the days before the pattern's: as many a day as a day has."""
    county, day = str(pattern().code)[2:8], timezone.localdate(pattern().registered_at)
    lines = StringIO()
    for number in numbers:
        days, serial = divmod(number - 1, SHORT_SERIAL)
        lines.write(f"{number}\t{case_code(county, day - timedelta(days=days + 1), serial + 1)}\n")
    lines.seek(0)
    cursor.execute("DROP TABLE IF EXISTS copies; CREATE TEMP TABLE copies (n bigint, code text)")
    cursor.copy_from(lines, "copies")
    cursor.execute("ANALYZE copies")


@contextmanager
def _counted_afterwards() -> Iterator[None]:
    """Rows in bulk are counted once, behind them, as after a restore."""
    with connection.cursor() as cursor:
        for state in ("DISABLE", "ENABLE"):
            for event in ("insert", "update"):
                cursor.execute(f"ALTER TABLE intake_case {state} TRIGGER case_count_{event}")
            if state == "DISABLE":
                yield
    rebuild_tallies()


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
    """INSERT INTO intake_party (uid, case_id, {party})
       SELECT gen_random_uuid(), c.id, {party}
       FROM intake_party p, (SELECT id FROM intake_case JOIN copies USING (code)) c
       WHERE p.case_id = %(pattern)s""",
    """UPDATE intake_party SET paper_hash = sha256(id::text::bytea) WHERE paper_hash IS NOT NULL
       AND case_id <> %(pattern)s AND id %% 1000 <> 0""",
    """INSERT INTO intake_clock (case_id, due_at, next_at, {clock})
       SELECT c.id, now() + interval '30 days', now() + interval '30 days', {clock}
       FROM intake_clock k, (SELECT id FROM intake_case JOIN copies USING (code)) c
       WHERE k.case_id = %(pattern)s""",
)
