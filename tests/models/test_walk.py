"""A random walk: people of all posts do, and try, all acts of intake, mediation and referrals; after every step the
program agrees with a small model of the office that shares no table with it.

`make walk` goes further, on other roads each time: WALK_EXAMPLES walks of WALK_STEPS steps.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from grids.actions import post_person
from grids.models import Role
from tests.mediation.ways import a_branded_room, a_house
from tests.models import office
from tests.models.acts import Product
from tests.models.agreement import Sight
from tests.models.machine import DONE, REFUSED, THEMES, Walk
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import UserKind

pytestmark = pytest.mark.django_db
LONG = "WALK_EXAMPLES" in os.environ
SETTINGS = settings(
    max_examples=int(os.environ.get("WALK_EXAMPLES", "2")),
    stateful_step_count=int(os.environ.get("WALK_STEPS", "34")),
    derandomize=not LONG,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
)


ROAD = "Register Accept Dispatch Sign ReportOutcome Close FollowUp Archive"
FAR = {
    "road": ROAD,
    "entry": f"{ROAD} SettleAtWindow",
    "talks": "Register Accept OpenTalk Consent DraftDeal SignDeal Perform Apply TakeApplication Rule",
    "papers": "Register Accept Dispatch Receive ReportOutcome Close Archive DraftLetter SignPaper Answer DecideAnswer",
    "joint": f"{ROAD} CallIn SignPart ReportPart GiveTask CompleteTask",
    "side": f"{ROAD} AskExtension DecideExtension",
}
"""What is done at least, by the simplest walk of each theme."""


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(office.FIRST_MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def product(clock: Any, ground: Ground) -> Product:
    """The stock people and their ground, the town's committee, the county's branded room, and three people more."""
    house = a_house(ground)
    nashun = a_branded_room(ground)
    ground.organisations["court"] = house.court
    for name, posts in office.POSTS.items():
        if name not in ground.people:
            serves = any(post.role == Role.API_CLIENT for post in posts)
            kind = UserKind.SERVICE if serves else UserKind.PERSON
            ground.people[name] = create_user(username=name, name=name, kind=kind)
            for post in posts:
                post_person(ground.people[name], ground.organisations[post.org], Role(post.role), starts_on=STARTS)
    return Product(
        users={name: ground.people[name] for name in office.PARTY},
        organisations=ground.organisations,
        bodies={"committee": house.body, "branded_room": nashun.body},
        rooms={"committee": house.room},
        mediators={"committee": [house.mediator, house.second], "branded_room": [nashun]},
    )


@pytest.mark.parametrize("theme", THEMES)
def test_the_program_does_what_the_office_says_step_by_step(theme: str, product: Product, clock: Any) -> None:
    walk = type("Walk", (Walk,), {"product": product, "clock": clock, "sight": Sight(product), "theme": theme})
    DONE.clear()
    REFUSED.clear()
    run_state_machine_as_test(walk, settings=SETTINGS)
    print(f"\n{theme}: done {dict(DONE.most_common())}; refused {dict(REFUSED.most_common())}")  # noqa: T201
    assert set(FAR[theme].split()) <= set(DONE), "the walk did not come far"
