"""The API, served as integrators meet it: over HTTP, with tokens, with something in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from devkit.servers import ROOT
from grids.models import Organisation
from intake import actions
from intake.models import Case
from tests.access.world import make_world
from tests.files.samples import picture, upload
from tests.intake import ways
from tests.intake.test_client_sight import a_system
from tests.people import Ground, make_ground
from tests.referrals import ways as referral_ways
from zhongzhi.accounts.models import Scope

DOCUMENT = ROOT / "docs" / "openapi.yaml"


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
    return Served(ground, str(live_server), *_tokens(ground), ways.dispatched(ground))


@pytest.fixture
def stocked(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> Served:
    """The same in a county with one of everything, where cases in many states wait at the bureau; the system serves the
    town's mediation committee as well."""
    settings.API_CLIENT_PER_MINUTE, settings.MEDIA_ROOT = 1_000_000, tmp_path / "media"
    ground = make_world().ground
    for way in (ways.concluded, ways.handling, ways.dispatched):
        case = way(ground)
        actions.attach_file(case, upload("地头.jpg", picture()), actor=ground.dispatcher)
    referral_ways.signed(ground)
    tokens = _tokens(ground)
    _token(ground.committee)
    return Served(ground, str(live_server), *tokens, ways.dispatched(ground))


def _tokens(ground: Ground) -> tuple[str, str]:
    return _token(ground.county_centre), _token(ground.justice_bureau)


def _token(organisation: Organisation) -> str:
    """Of the one system that serves them all, which may do what a system may."""
    _, calls = a_system(organisation, *Scope.values)
    return str(calls._credentials["HTTP_AUTHORIZATION"]).removeprefix("Bearer ")
