"""Figures of a county with a year of history: the board against plain SQL, and what counting costs those who write."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Barrier

from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from devkit.benchmarks.ground import ground
from devkit.benchmarks.history import COUNTY, give_history
from devkit.benchmarks.lines import Line, Lines, line, median_ms
from intake import actions
from intake.counting import actions as counting_actions
from intake.counting import actions as tallies
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.counting.queries.measures_sql import contributions_sql
from intake.models import Case
from tests.people import an_entry
from workbench.statistics.board import board_of
from workbench.statistics.periods import preset

CASES = counting_queries.all_sources()[0]
ROUNDS = 7
WARM = 3
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
    yield from give_history()
    place = ground().places[COUNTY]
    period = preset("year", timezone.localdate())
    county, town = Slice(COUNTY, period.start, period.end), Slice("150526700", period.start, period.end)
    plain = median_ms(lambda: _plain(county), 5)
    yield line(
        "figures of the county, a year, one read",
        median_ms(lambda: counting_queries.counts(county)),
        plain,
        "ms",
        "≤ 50 ms",
    )
    yield line("the board of the county: all parts", median_ms(lambda: board_of(place, period)), plain, "ms", "≤ 50 ms")
    yield line("figures of a town, one read", median_ms(lambda: counting_queries.counts(town)), plain, "ms", "≤ 50 ms")
    village = Slice("150526700200", period.start, period.end)
    yield line(
        "figures of a village, by recount",
        median_ms(lambda: counting_queries.counts(village), 5),
        plain,
        "ms",
        "≤ 50 ms",
    )
    client = APIClient()
    client.force_login(ground().leader)
    yield line("the page of the board", median_ms(lambda: client.get("/figures/"), 7), plain, "ms", "≤ 150 ms")
    assert counting_queries.counts(county) == counting_queries.recount(county)
    unresolved = counting_queries.cases_counted(ground().leader, counting_queries.all_measures()["unresolved"], county)
    found = median_ms(lambda: list(unresolved.order_by("-id")[:31]), 5)
    yield Line("the list behind a figure, first page", found, None, "ms", "≤ 150 ms")


def counting() -> Lines:
    """Acts a second of eight clients: uncounted, counted as we do, and counted by rows that all of them share.

    The three ways take turns, and each is known by its median: a machine that is slow for a moment is so for all.
    """
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, set_up in WAYS.items():
            with set_up():
                found[way].append(_acts_a_second())
    rate = {way: statistics.median(rates) for way, rates in found.items()}
    ours, plain = rate["deltas"], rate["uncounted"]
    yield line("acts a second, 8 clients, counted by deltas", ours, plain, "/s", "≥ 0.9 of uncounted")
    yield line("the same, roll-ups changed in the transaction", rate["shared rows"], plain, "/s", "(not chosen)")
    begun, folded = time.perf_counter(), 0
    while batch := counting_actions.fold_tallies():
        folded += batch
    yield Line("fold, changes a second", folded / (time.perf_counter() - begun), None, "/s", "–")
    counting_actions.rebuild_tallies()


def _plain(of: Slice) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"start": of.start})
        json.dumps(cursor.fetchall())


def _acts_a_second(clients: int = 8, each: int = 25) -> float:
    """Each client has a connection that is in use already: an installation keeps its own open."""
    cases = [actions.register_case(an_entry(), actor=ground().clerk) for _ in range(clients * (each + WARM))]
    ready = Barrier(clients + 1, timeout=600)

    def work(at: int) -> None:
        mine = cases[at::clients]
        _accept(mine[:WARM])
        ready.wait()
        _accept(mine[WARM:])
        connection.close()

    with ThreadPoolExecutor(clients) as pool:
        done = pool.map(work, range(clients))
        ready.wait()
        begun = time.perf_counter()
        list(done)
    return clients * each / (time.perf_counter() - begun)


def _accept(cases: list[Case]) -> None:
    for case in cases:
        actions.accept_case(case, actor=ground().dispatcher)


@contextmanager
def _uncounted() -> Iterator[None]:
    _triggers("DISABLE")
    try:
        yield
    finally:
        _triggers("ENABLE")


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


WAYS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "uncounted": _uncounted,
    "deltas": nullcontext,
    "shared rows": _in_the_transaction,
}
MEASURES: dict[str, Callable[[], Lines]] = {"counting": counting, "figures": figures}
