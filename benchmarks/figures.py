"""Figures of a county with a year of history: the board against plain SQL, and what counting costs those who write."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from benchmarks.ground import ground
from benchmarks.lines import Line, Lines, line, median_ms
from grids.models import Territory
from intake import actions, queries
from intake.actions import tallies
from intake.models import Case
from intake.queries import Slice
from intake.queries.tallies import contributions_sql
from tests.people import STARTS, an_entry
from zhongzhi.workbench.figures.board import board_of
from zhongzhi.workbench.figures.periods import preset

COUNTY = "150526"
CASES = queries.SOURCES[0]
TOWNS, VILLAGES = 20, 11
# shares as published by county centres: most are closed, one in forty is open, one in two hundred was not settled
AGE = """
UPDATE intake_case c SET
    territory_id = (%(places)s::bigint[])[1 + (c.id %% cardinality(%(places)s))],
    registered_at = now() - make_interval(days => (c.id %% 365)::int, mins => (c.id %% 400)::int),
    accepted_at = now() - make_interval(days => (c.id %% 365)::int, mins => (c.id %% 400)::int) + interval '5 minutes',
    category_id = (%(leaves)s::text[])[1 + (c.id * 7 %% cardinality(%(leaves)s))],
    channel = lpad((1 + c.id %% 11)::text, 2, '0'),
    tier = (ARRAY['village', 'village', 'town', 'county'])[1 + c.id %% 4],
    risk = (ARRAY['blue', 'blue', 'blue', 'yellow', 'orange'])[1 + c.id %% 5],
    status = CASE WHEN c.id %% 40 = 0 THEN 'handling' ELSE 'closed' END,
    outcome = CASE WHEN c.id %% 40 = 0 THEN '' WHEN c.id %% 200 = 1 THEN 'unresolved' ELSE 'peoples_mediation' END,
    road = CASE WHEN c.id %% 200 = 1 THEN 'litigation' ELSE '' END,
    concluded_at = CASE WHEN c.id %% 40 <> 0
        THEN now() - make_interval(days => greatest(0, (c.id %% 365)::int - (c.id %% 9)::int)) END,
    closed_at = CASE WHEN c.id %% 40 <> 0
        THEN now() - make_interval(days => greatest(0, (c.id %% 365)::int - (c.id %% 10)::int)) END,
    concluded_by_id = CASE WHEN c.id %% 40 <> 0 THEN (%(offices)s::bigint[])[1 + c.id %% cardinality(%(offices)s)] END,
    in_time = CASE WHEN c.id %% 40 <> 0 THEN c.id %% 30 <> 0 END,
    satisfaction = CASE WHEN c.id %% 3 = 0 THEN 3 + (c.id %% 3) END,
    rated_at = CASE WHEN c.id %% 3 = 0 THEN now() - make_interval(days => (c.id %% 300)::int) END
WHERE code LIKE 'B%%'
"""
PLAIN = """
SELECT count(*) FILTER (WHERE accepted_at >= %(start)s AND status <> 'merged'),
       count(*) FILTER (WHERE concluded_at >= %(start)s AND status IN ('concluded', 'closed', 'archived')),
       count(*) FILTER (WHERE concluded_at >= %(start)s AND status IN ('concluded', 'closed', 'archived')
                        AND outcome <> 'unresolved')
FROM intake_case c JOIN grids_territory t ON t.id = c.territory_id WHERE t.code LIKE '150526%%'
"""
IN_TRANSACTION = """
CREATE OR REPLACE FUNCTION intake_count_{event}() RETURNS trigger LANGUAGE plpgsql AS $count$
BEGIN
    INSERT INTO intake_tally AS tally (place, axis, grain, measure, day, key, n)
    SELECT * FROM ({spread}) spread WHERE n <> 0 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (place, axis, grain, measure, day, key) DO UPDATE SET n = tally.n + excluded.n;
    RETURN NULL;
END $count$"""


def figures() -> Lines:
    """The board, whole and in parts, with the yardstick of a plain count of three of its figures."""
    yield from _aged()
    place = ground().places[COUNTY]
    period = preset("year", timezone.localdate())
    county, town = Slice(COUNTY, period.start, period.end), Slice("150526700", period.start, period.end)
    plain = median_ms(lambda: _plain(county), 5)
    yield line(
        "figures of the county, a year, one read", median_ms(lambda: queries.counts(county)), plain, "ms", "≤ 50 ms"
    )
    yield line("the board of the county: all parts", median_ms(lambda: board_of(place, period)), plain, "ms", "≤ 50 ms")
    yield line("figures of a town, one read", median_ms(lambda: queries.counts(town)), plain, "ms", "≤ 50 ms")
    village = Slice("150526700200", period.start, period.end)
    yield line(
        "figures of a village, by recount", median_ms(lambda: queries.counts(village), 5), plain, "ms", "≤ 50 ms"
    )
    client = APIClient()
    client.force_login(ground().leader)
    yield line("the page of the board", median_ms(lambda: client.get("/figures/"), 7), plain, "ms", "≤ 150 ms")
    assert queries.counts(county) == queries.recount(county)
    unresolved = queries.cases_counted(ground().leader, queries.MEASURES["unresolved"], county)
    found = median_ms(lambda: list(unresolved.order_by("-id")[:31]), 5)
    yield Line("the list behind a figure, first page", found, None, "ms", "≤ 150 ms")


def counting() -> Lines:
    """Acts a second of eight clients: uncounted, counted as we do, and counted by rows that all of them share."""
    uncounted = _acts_a_second(off=True)
    ours = _acts_a_second()
    with _in_the_transaction():
        shared = _acts_a_second()
    yield line("acts a second, 8 clients, counted by deltas", ours, uncounted, "/s", "≥ 0.9 of uncounted")
    yield line("the same, roll-ups changed in the transaction", shared, uncounted, "/s", "(not chosen)")
    begun, folded = time.perf_counter(), 0
    while batch := actions.fold_tallies():
        folded += batch
    yield Line("fold, changes a second", folded / (time.perf_counter() - begun), None, "/s", "–")


def _aged() -> Iterator[Line]:
    """Give the cases a year of history over 20 towns of 11 villages, then count them."""
    leaves = [leaf.code for leaf in queries.active_leaves()]
    offices = [office.pk for office in ground().organisations.values()]
    with _unwatched(), connection.cursor() as cursor:
        cursor.execute(AGE, {"places": _places(), "leaves": leaves, "offices": offices})
        cursor.execute("UPDATE intake_clock SET stopped_at = now(), next_at = NULL WHERE stopped_at IS NULL")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE intake_case")
    begun = time.perf_counter()
    actions.rebuild_tallies()
    seconds = time.perf_counter() - begun
    yield Line(f"all {Case.objects.count():,} cases counted anew", seconds * 1000, None, "ms", "–")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE intake_tally")


def _places() -> list[int]:
    """The keys of many villages, made where they are not there."""
    county = ground().places[COUNTY]
    if not Territory.objects.filter(code="150526700").exists():
        towns = [_place(f"{COUNTY}{700 + n}", f"第{n}镇", county) for n in range(TOWNS)]
        Territory.objects.bulk_create(towns)
        Territory.objects.bulk_create(
            [_place(f"{town.code}{200 + n}", f"{town.name}{n}村", town) for town in towns for n in range(VILLAGES)]
        )
    rows = Territory.objects.filter(code__startswith=f"{COUNTY}7", level=12)
    return list(rows.order_by("code").values_list("pk", flat=True))


def _place(code: str, name: str, parent: Territory) -> Territory:
    return Territory(code=code, name=name, full_name=name, parent=parent, starts_on=STARTS)


def _plain(of: Slice) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"start": of.start})
        json.dumps(cursor.fetchall())


@contextmanager
def _unwatched() -> Iterator[None]:
    """Without the triggers, for making the ground."""
    with connection.cursor() as cursor:
        for table in ("intake_case", "intake_clock"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            for table in ("intake_case", "intake_clock"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _acts_a_second(*, off: bool = False, clients: int = 8, each: int = 15) -> float:
    state = "DISABLE" if off else "ENABLE"
    _triggers(state)
    cases = [actions.register_case(an_entry(), actor=ground().clerk) for _ in range(clients * each)]

    def work(at: int) -> None:
        for case in cases[at * each : (at + 1) * each]:
            actions.accept_case(case, actor=ground().dispatcher)
        connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    seconds = time.perf_counter() - begun
    _triggers("ENABLE")
    return clients * each / seconds


def _triggers(state: str) -> None:
    with connection.cursor() as cursor:
        for event in tallies.TRIGGERS:
            cursor.execute(f"ALTER TABLE intake_case {state} TRIGGER case_count_{event}")


@contextmanager
def _in_the_transaction() -> Iterator[None]:
    """The triggers change the roll-ups themselves, and all who write wait for the rows of the day."""
    with connection.cursor() as cursor:
        for event, signs in tallies.TRIGGERS.items():
            changed = " UNION ALL ".join(contributions_sql(CASES, s, rows=tallies.ROWS[s]) for s in signs)
            spread = tallies._SPREAD.replace("{source}", f"({changed})")
            cursor.execute(IN_TRANSACTION.format(event=event, spread=spread))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for text in tallies._counting(CASES):
                cursor.execute(text)


MEASURES: dict[str, Callable[[], Lines]] = {"counting": counting, "figures": figures}
