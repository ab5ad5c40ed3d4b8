"""The API, served as integrators meet it: over HTTP, with tokens, with something in it."""

from dataclasses import dataclass
from typing import Any

import pytest

from intake.models import Case
from tests.intake import ways
from tests.intake.test_client_sight import a_system
from tests.people import Ground, make_ground
from zhongzhi.accounts.models import Scope


@dataclass(frozen=True)
class Served:
    """Where it answers, the tokens of two systems, and a case that waits at the second one's organisation."""

    ground: Ground
    url: str
    centre: str
    bureau: str
    waiting: Case


@pytest.fixture
def served(transactional_db: None, live_server: Any, settings: Any) -> Served:
    """A system at the county's centre and one at the bureau of justice, each with everything a system may."""
    settings.API_CLIENT_PER_MINUTE = 1_000_000
    ground = make_ground()
    tokens = []
    for organisation in (ground.county_centre, ground.justice_bureau):
        _, calls = a_system(organisation, *Scope.values)
        tokens.append(calls._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer "))
    return Served(ground, str(live_server), tokens[0], tokens[1], ways.dispatched(ground))
