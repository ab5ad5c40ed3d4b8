"""Cases walked to their ends by pages and by API: people of all posts do what is offered to them, time passes, the
beats run. Nothing that is offered is refused, nothing that is linked is missing, nothing is forgotten, every case
comes to its end.

The tests walk a few cases, the same each time. `make desks` walks DESK_CASES of them and writes down how often each
act was done.
"""

import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from intake.queries.at_rest import broken_rests
from tests.desks.desk import Desk
from tests.desks.office import at_work
from tests.desks.table import WANTED, table_of
from tests.desks.walk import ENDS, Walk
from tests.models import office
from tests.people import Ground, make_ground

CASES = int(os.environ.get("DESK_CASES", "3"))
SEED = int(os.environ.get("DESK_SEED", "20261128"))
IS_LONG = "DESK_CASES" in os.environ
ENOUGH_FOR_ALL = 500
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


@pytest.fixture
def desks(clock: Any, ground: Ground) -> dict[str, Desk]:
    return at_work(ground, SEED)


def test_cases_come_to_their_ends_and_nothing_that_is_offered_is_refused(desks: dict[str, Desk], clock: Any) -> None:
    walk = Walk(desks, clock, SEED)
    if IS_LONG:
        _tidy()
        gc.freeze()
    for number in range(1, CASES + 1):
        case = walk.one()
        if IS_LONG:
            print(number, case.code, case.status, walk.acts, walk.tries, flush=True)  # noqa: T201
        left = list(broken_rests())
        assert left == [], f"after {case.code} ({number}): {left}"
        if IS_LONG and number % 5 == 0:
            _say(number, walk)
        if IS_LONG and (number in (5, 20) or number % 50 == 0):
            _tidy()
    done = walk.found.done
    assert walk.found.faults == [], "\n".join(walk.found.faults[:40])
    assert set(walk.ends) <= set(ENDS), walk.ends
    if CASES >= ENOUGH_FOR_ALL:
        assert set(WANTED) <= set(done), f"never done: {sorted(set(WANTED) - set(done))}"


def _tidy() -> None:
    """Let the database clear away what was overwritten, and learn how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _say(number: int, walk: Walk) -> None:
    """How far it is, and what was wrong."""
    print(number, dict(walk.ends), len(walk.found.faults), flush=True)  # noqa: T201
    for fault in walk.found.faults[walk.said :]:
        print(fault, flush=True)  # noqa: T201
    walk.said = len(walk.found.faults)
    path = Path(settings.BASE_DIR) / os.environ.get("DESK_PAGE", "build/desks.md")
    path.parent.mkdir(exist_ok=True)
    path.write_text(table_of(walk, number, SEED), encoding="utf-8")
