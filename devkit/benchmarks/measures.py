"""The measures of the case itself: register, list, sweep, one person's cases, the whole selection."""

import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import generics, serializers
from rest_framework.test import APIClient, APIRequestFactory

from devkit.benchmarks.ground import copy_cases, ground, other, pattern
from devkit.benchmarks.imports import imports
from devkit.benchmarks.lines import Line, Lines, line, median_ms
from intake.actions import register_case
from intake.deadlines.models import Clock
from intake.entries import PartyEntry
from intake.models import Case
from intake.queries import active_leaves, earlier_cases
from intake.tasks import sweep_clocks
from tests.people import an_entry

CASES = "/api/v1/cases/?limit=50&status=registered"


# --- register --------------------------------------------------------------------------------------------


def register() -> Lines:
    """Registrations a second through the action, against SQL that writes the same rows in one transaction."""
    for clients in (1, 8):
        ours = _rate(clients, _register_one)
        bare = _rate(clients, _register_bare)
        yield line(f"registrations a second, {clients} client(s)", ours, bare, "/s", "≥ 0.33")


def _rate(clients: int, work: Callable[[], None], each: int = 40) -> float:
    def many(_: int) -> None:
        for _ in range(each):
            work()
        connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(many, range(clients)))
    return clients * each / (time.perf_counter() - begun)


def _register_one() -> None:
    """Somebody else each time, about one of many matters: the same person or matter every time would be a double."""
    category = random.choice(_leaves())
    applicant = PartyEntry(name="岳某某", phone=f"139{random.randrange(10**8):08}")
    respondent = PartyEntry(side="respondent", name="付某", phone=f"138{random.randrange(10**8):08}")
    register_case(an_entry(category=category, parties=(applicant, respondent)), actor=ground().clerk)


@cache
def _leaves() -> list[str]:
    return list(active_leaves().values_list("code", flat=True))


PARTS = (
    ("intake_party", "case_id = {case}", {"uid": "gen_random_uuid()", "case_id": "{new}"}),
    ("intake_statuschange", "case_id = {case}", {"case_id": "{new}"}),
    ("intake_clock", "case_id = {case}", {"case_id": "{new}"}),
    ("audit_chainhead", "chain = 'case:{case}'", {"chain": "'bare:{new}'"}),
    ("audit_trailentry", "chain = 'case:{case}'", {"chain": "'bare:{new}'"}),
    ("notices_outboxmessage", "key LIKE 'case:{case}:%'", {"key": "'bare:{new}:' || {at}"}),
)
"""What a registration writes beside the counter and the case: table, its rows of the pattern, what is new in each."""
CASE_ROW = {"uid": "gen_random_uuid()", "code": "left(md5(random()::text), 20)"}
BARE: dict[str, str] = {}


def _literal(table: str, where: str, new: dict[str, str]) -> str:
    """An INSERT of the pattern's rows as literal values, with what is new in them left to be filled in."""
    columns = other(table, ",".join(("id", *new))).split(",")
    with connection.cursor() as cursor:
        texts = ", ".join(f"quote_nullable({name}::text)" for name in columns)
        cursor.execute(f"SELECT {texts} FROM {table} WHERE {where}")
        rows = [[value.replace("{", "{{").replace("}", "}}") for value in row] for row in cursor.fetchall()]
    filled = (
        ", ".join([*(value.replace("{at}", str(at)) for value in new.values()), *row]) for at, row in enumerate(rows)
    )
    return f"INSERT INTO {table} ({', '.join([*new, *columns])}) VALUES " + ", ".join(f"({row})" for row in filled)


def bare_statements() -> dict[str, str]:
    """The statements of one registration, what is new in each left to be filled in."""
    if not BARE:
        source = pattern().pk
        BARE["counter"] = (
            "INSERT INTO intake_counter (series, last) VALUES ('bare', 1)"
            " ON CONFLICT (series) DO UPDATE SET last = intake_counter.last + 1 RETURNING last"
        )
        BARE["case"] = _literal("intake_case", f"id = {source}", CASE_ROW) + " RETURNING id"
        for table, where, new in PARTS:
            BARE[table] = _literal(table, where.format(case=source), new)
    return BARE


def _register_bare() -> None:
    """Counter, case, parties, step, clock, trail with its head, and the messages: the rows of one registration, as
    literal values; nothing is read and nothing is reckoned."""
    write_rows(bare_statements())


def write_rows(statements: dict[str, str]) -> int:
    """Write them in one transaction; the key of the case."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements["counter"])
        cursor.execute(statements["case"].format())
        new: int = cursor.fetchone()[0]
        for table, _, _ in PARTS:
            cursor.execute(statements[table].format(new=new))
    return new


# --- list ------------------------------------------------------------------------------------------------


class BareRow(serializers.Serializer[Case]):
    """The same columns as the API's list, as plainly as DRF does it."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    tier = serializers.CharField()
    tier_label = serializers.CharField(source="get_tier_display")
    risk = serializers.CharField()
    risk_label = serializers.CharField(source="get_risk_display")
    complexity = serializers.CharField()
    complexity_label = serializers.CharField(source="get_complexity_display")
    channel = serializers.CharField()
    channel_label = serializers.CharField(source="get_channel_display")
    category = serializers.CharField(source="category.name")
    group = serializers.CharField(source="category.parent.name")
    territory = serializers.CharField(source="territory.full_name")
    centre = serializers.CharField(source="centre.name")
    holder = serializers.CharField(source="holder.name")
    is_fast_track = serializers.BooleanField()
    registered_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField()


class BareList(generics.ListAPIView[Case]):
    """50 rows with their joins; nobody is asked who they are, nothing is filtered."""

    serializer_class = BareRow
    authentication_classes = ()
    permission_classes = ()
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> "QuerySet[Case]":
        """The newest."""
        rows = Case.objects.select_related("category__parent", "territory", "centre", "holder")
        return rows.order_by("-id")[:50]


def list_pages() -> Lines:
    """A page of the API against a bare DRF list, and the last page against the first."""
    client = APIClient()
    client.force_login(ground().dispatcher)
    factory, view = APIRequestFactory(), BareList.as_view()
    bare = median_ms(lambda: view(factory.get("/")).render())
    first = median_ms(lambda: client.get(CASES))
    yield line("page of 50, filtered, scope of a centre", first, bare, "ms", "≤ 3")
    deep = client.get(CASES).json()["next"]
    oldest = Case.objects.order_by("id")[60:61].get()
    from zhongzhi.web.paging import _write

    address = deep.split("cursor=")[0] + f"cursor={_write(oldest, ('-id',))}"
    yield line("the last page against the first", median_ms(lambda: client.get(address)), first, "ms", "≤ 1.1")


# --- sweep -----------------------------------------------------------------------------------------------


def sweep() -> Lines:
    """1,000 due clocks among all that are open, against one statement; then with ten times as many open."""
    ours, bare = _sweep_once(sweep_clocks), _sweep_once(_bare_sweep)
    yield line("sweep of 1,000 due clocks", ours, bare, "ms", "≤ 3")
    open_before = Clock.objects.filter(stopped_at=None).count()
    if open_before <= 200_000:
        copy_cases(9 * open_before, after=open_before)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        yield line("the same with ten times as many open", _sweep_once(sweep_clocks), ours, "ms", "≤ 1.2")


def _sweep_once(work: Callable[[], object]) -> float:
    running = Clock.objects.filter(stopped_at=None, breached_at=None).exclude(case=pattern())
    due = list(running.order_by("pk").values_list("pk", flat=True)[:1000])
    past = timezone.now() - timedelta(hours=1)
    Clock.objects.filter(pk__in=due).update(started_at=past - timedelta(days=1), due_at=past, next_at=past)
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _bare_sweep() -> None:
    """Marks, trail and two messages each in one statement, without the chain's arithmetic."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (UPDATE intake_clock SET breached_at = now(), next_at = NULL WHERE next_at < now()"
            " RETURNING id, case_id), head AS (INSERT INTO audit_chainhead (chain, seq, mac, unsealed)"
            " SELECT 'sweep:' || id, 1, sha256(id::text::bytea), true FROM due),"
            " entry AS (INSERT INTO audit_trailentry (chain, seq, verb, facts, at, prev, mac)"
            " SELECT 'sweep:' || id, 1, 'clock_breached', jsonb_build_object('clock', id), now(), ''::bytea,"
            " sha256(id::text::bytea) FROM due), told AS (INSERT INTO notices_outboxmessage"
            " (key, topic, payload, created_at, attempts, next_attempt_at, last_error)"
            " SELECT 'sweep:' || id || ':' || reader, 'notice', jsonb_build_object('user', reader, 'title', 'x'),"
            " now(), 0, now(), '' FROM due, generate_series(1, 2) reader) SELECT count(*) FROM due"
        )


# --- person, pull ----------------------------------------------------------------------------------------


def person() -> Lines:
    """All cases of one person by identity number, in the database."""
    rows = earlier_cases(ground().clerk, paper_number="152327196503152419").values("pk")[:200]
    plan = json.loads(rows.explain(analyze=True, format="json"))
    count = Case.objects.count()
    ms = plan[0]["Execution Time"]
    yield Line(f"all cases of one person among {count:,}", ms, None, "ms", "≤ 30 ms")


def pull() -> Lines:
    """The whole selection as NDJSON and as CSV, against COPY of the same columns; when the first bytes came."""
    bare = _copied()
    for name, accept in (("NDJSON", "application/x-ndjson"), ("CSV", "text/csv")):
        rate, first = _streamed(accept)
        yield line(f"{name}, rows a second", rate, bare, "/s", "≥ 0.33")
        yield Line(f"{name}, until the first bytes", first, None, "ms", "–")


def _streamed(accept: str) -> tuple[float, float]:
    """Rows a second, and milliseconds to the first piece that holds rows."""
    client = APIClient()
    client.force_login(ground().dispatcher)
    client.get("/api/v1/cases/?limit=1")  # what a process reads once is read
    begun, rows, first = time.perf_counter(), 0, 0.0
    answer: Any = client.get("/api/v1/cases/", HTTP_ACCEPT=accept)
    for piece in answer.streaming_content:
        rows += piece.count(b"\n")
        if not first and rows > 1:  # a head of CSV is no row
            first = (time.perf_counter() - begun) * 1000
    return rows / (time.perf_counter() - begun), first


def _copied() -> float:
    """Rows a second of COPY."""
    rows, begun = Case.objects.count(), time.perf_counter()
    with connection.cursor() as cursor, open("/dev/null", "w") as sink:
        cursor.copy_expert(
            "COPY (SELECT c.*, t.full_name, o.name, h.name FROM intake_case c JOIN grids_territory t ON t.id ="
            " c.territory_id JOIN grids_organisation o ON o.id = c.centre_id JOIN grids_organisation h"
            " ON h.id = c.holder_id ORDER BY c.id DESC) TO STDOUT",
            sink,
        )
    return rows / (time.perf_counter() - begun)


MEASURES: dict[str, Callable[[], Lines]] = {
    "register": register,
    "list": list_pages,
    "person": person,
    "pull": pull,
    "sweep": sweep,
    "imports": imports,
}
