"""Cases walked to their ends by pages and by API: people of all posts do what is offered to them, time passes, the
beats run. Nothing that is offered is refused, nothing that is linked is missing, nothing is forgotten, every case
comes to its end.

The tests walk a few cases, the same each time. `make desks` walks DESK_CASES of them and writes down how often each
act was done.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from grids.actions import post_person
from grids.models import Role
from intake import actions
from intake.models import Case
from intake.queries.at_rest import broken_rests
from intake.tasks import sweep_clocks
from mediation.tasks import sweep_obligations
from referrals.tasks import run_escalation
from tests.desks.desk import Desk, Findings
from tests.desks.programs import act_by_api
from tests.mediation import ways as talks
from tests.models import office
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user

pytestmark = pytest.mark.django_db
CASES = int(os.environ.get("DESK_CASES", "5"))
SEED = int(os.environ.get("DESK_SEED", "20261128"))
ENDS = ("archived", "withdrawn", "guided", "merged")
MOST_TRIES = 400
WHO = ("clerk", "dispatcher", "manager", "leader", "handler", "other_handler", "mediator", "town_clerk",
       "town_dispatcher", "town_manager", "town_handler", "village_manager", "town_mediator", "police", "stranger",
       "system_admin", "auditor", "grid_worker")  # fmt: skip
CATEGORIES = ("0901", "0902", "0101", "0701", "0301")
PLACES = ("150526103200", "150526103201", "150526100001")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(office.FIRST_MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def desks(clock: Any, ground: Ground) -> dict[str, Desk]:
    talks.a_house(ground)
    talks.a_branded_room(ground)
    police = create_user(username="police", name="包警官")
    post_person(police, ground.juri_police, Role.HANDLER, starts_on=STARTS)
    ground.people["police"] = police
    found, rng = Findings(), Random(SEED)
    return {name: Desk(ground.people[name], rng, found) for name in WHO}


class Walk:
    """One case after another, each to its end."""

    def __init__(self, desks: dict[str, Desk], clock: Any) -> None:
        self.desks, self.clock = desks, clock
        self.now, self.rng = office.FIRST_MORNING, Random(SEED)
        self.found = desks["clerk"].found
        self.ends: Counter[str] = Counter()
        self.tries = 0

    def one(self) -> Case:
        """Register a case and let people do what they are offered until it is at rest."""
        case = self.registered()
        for turn in range(MOST_TRIES):
            case.refresh_from_db()
            if case.status in ENDS:
                break
            self.pass_time(turn)
            desk = self.desks[self.rng.choice(self.likely(case))]
            with transaction.atomic():
                self.somebody(desk, case)
            self.tries += 1
        case.refresh_from_db()
        self.ends[case.status] += 1
        return case

    def likely(self, case: Case) -> list[str]:
        """Everybody, and more often those at whose organisations the case is."""
        at = {
            case.centre_id,
            case.holder_id,
            *case.handlings.filter(closed_at=None).values_list("organisation_id", flat=True),
        }
        near = [name for name, desk in self.desks.items() if at & self.serves_at(desk)]
        return [*self.desks, *near * 8]

    def serves_at(self, desk: Desk) -> set[int]:
        return set(desk.user.postings.values_list("organisation_id", flat=True))

    def somebody(self, desk: Desk, case: Case) -> None:
        """Sign in, for sessions end while hours pass, and do something."""
        desk.sign_in()
        if self.rng.random() < 0.3:
            act_by_api(desk, case)
            return
        offers = desk.offers(case)
        if offers:
            desk.act(case, desk.choose(offers))

    def registered(self) -> Case:
        who, place = self.rng.choice(("clerk", "town_clerk", "village_manager")), self.rng.choice(PLACES)
        entry = an_entry(
            category=self.rng.choice(CATEGORIES),
            complexity=self.rng.choice(("simple", "ordinary", "complex")),
            risk=self.rng.choice(("blue", "blue", "blue", "yellow", "orange", "red")),
            territory=place if who == "clerk" else "150526103200",
            parties=talks.LAND[:2],
        )
        return actions.register_case(entry, actor=self.desks[who].user)

    def pass_time(self, turn: int) -> None:
        """An hour, a night now and then; the beats run."""
        self.now += timedelta(hours=17 if turn % 9 == 8 else 1)
        self.clock.move_to(self.now)
        if turn % 9 == 8:
            sweep_clocks()
            sweep_obligations()
            run_escalation()


def test_cases_come_to_their_ends_and_nothing_that_is_offered_is_refused(desks: dict[str, Desk], clock: Any) -> None:
    walk = Walk(desks, clock)
    for number in range(CASES):
        case = walk.one()
        left = list(broken_rests())
        assert left == [], f"after {case.code} ({number}): {left}"
        if number % 20 == 19:
            print(number + 1, dict(walk.ends), len(walk.found.faults), flush=True)  # noqa: T201
    table = "\n".join(f"| {name} | {n} |" for name, n in walk.found.done.most_common())
    if "DESK_CASES" in os.environ:
        path = Path(settings.BASE_DIR) / "build" / "desks.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{CASES} cases: {dict(walk.ends)}\n\n{table}\n", encoding="utf-8")
        print(path.read_text(encoding="utf-8"))  # noqa: T201
    assert walk.found.faults == [], "\n".join(walk.found.faults[:40])
    assert set(walk.ends) <= set(ENDS), walk.ends
