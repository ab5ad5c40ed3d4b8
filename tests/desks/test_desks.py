"""Cases walked to their ends by pages and by API: people of all posts do what is offered to them, time passes, the
beats run. Nothing that is offered is refused, nothing that is linked is missing, nothing is forgotten, every case
comes to its end.

The tests walk a few cases, the same each time. `make desks` walks DESK_CASES of them, in DESK_PARTS offices side by
side, and writes down how often each act was done. DESK_MORE goes on where a walk ended or was broken off, with other
cases, which live longer once there are enough, so that what was hardly done comes to be done.
"""

import gc
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from intake.queries.at_rest import broken_rests
from tests.desks.office import at_work
from tests.desks.table import WANTED, Tally, table_of
from tests.desks.walk import ENDS, LATE, PATIENCE, Walk
from tests.models import office
from tests.people import Ground, make_ground

CASES = int(os.environ.get("DESK_CASES", "3"))
PARTS = int(os.environ.get("DESK_PARTS", "1"))
SEED = int(os.environ.get("DESK_SEED", "20261128"))
IS_LONG = "DESK_CASES" in os.environ
ENOUGH_FOR_ALL = 500
NOTES = Path(settings.BASE_DIR) / "build" / "desks"
FIRST = len(list(NOTES.glob("*.json"))) if "DESK_MORE" in os.environ else 0
"""The first part of this walk: behind those of the walk that is gone on with."""
pytestmark = pytest.mark.django_db(transaction=IS_LONG)
"""A long walk is kept as it goes: one transaction over all of it would be slower with every case."""


@pytest.fixture
def clock() -> Iterator[Any]:
    logging.disable(logging.WARNING)
    with time_machine.travel(office.FIRST_MORNING, tick=False) as clock:
        yield clock
    logging.disable(logging.NOTSET)


@pytest.fixture
def ground(db: None) -> Ground:
    """The small county; what a walk that was broken off left is cleared away."""
    if IS_LONG:
        call_command("flush", interactive=False, verbosity=0)
    return make_ground()


@pytest.mark.parametrize("part", range(FIRST, FIRST + PARTS))
def test_cases_come_to_their_ends_and_nothing_that_is_offered_is_refused(part: int, ground: Ground, clock: Any) -> None:
    before = _tallies()[:FIRST]
    is_late = sum(tally.cases for tally in before) >= ENOUGH_FOR_ALL
    walk = Walk(at_work(ground, SEED + part), clock, SEED + part, LATE if is_late else PATIENCE)
    walk.found.before.update(sum((Counter(tally.done) for tally in before), Counter()))
    cases, left = CASES // PARTS, list[str]()
    if IS_LONG:
        _tidy()
        gc.freeze()
    for number in range(1, cases + 1):
        case = walk.one()
        left, left_before = list(broken_rests()), left
        if left != left_before:
            walk.found.faults += [f"after {case.code} ({number}): {one}" for one in left]
        if IS_LONG:
            _say(part, number, case, walk)
        if IS_LONG and (number in (5, 20) or number % 50 == 0):
            _tidy()
    assert walk.found.faults == [], "\n".join(walk.found.faults[:40])
    assert set(walk.ends) <= set(ENDS), walk.ends
    walked = [tally.cases for tally in _tallies()]
    if sum(walked) >= ENOUGH_FOR_ALL and set(walked[FIRST:]) == {cases}:
        done = set().union(*(tally.done for tally in _tallies()))
        assert set(WANTED) <= done, f"never done: {sorted(set(WANTED) - done)}"


def _tidy() -> None:
    """Let the database clear away what was overwritten, and learn how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _say(part: int, number: int, case: Any, walk: Walk) -> None:
    """How far it is, what was wrong, and what all parts have done so far."""
    found = walk.found
    NOTES.mkdir(parents=True, exist_ok=True)
    with (NOTES / f"{part}.txt").open("a", encoding="utf-8") as note:
        lines = [f"{number} {case.code} {case.status} {walk.acts} {walk.tries}", *found.faults[walk.said :]]
        note.write("".join(f"{line}\n" for line in lines))
    walk.said = len(found.faults)
    counts = dict(walk.ends), dict(found.done), dict(found.by_api)
    tally = Tally(number, SEED + part, *counts, faults=len(found.faults))
    (NOTES / f"{part}.json").write_text(json.dumps(asdict(tally)), encoding="utf-8")
    path = Path(settings.BASE_DIR) / os.environ.get("DESK_PAGE", "build/desks.md")
    path.write_text(table_of(_tallies()), encoding="utf-8")


def _tallies() -> list[Tally]:
    """What each part has written down; one that has not begun has done nothing."""
    notes = [NOTES / f"{part}.json" for part in range(FIRST + PARTS)]
    return [Tally(**json.loads(note.read_text(encoding="utf-8"))) if note.exists() else Tally() for note in notes]
