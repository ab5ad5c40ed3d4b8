"""What must be true of moves between tiers is told of what is wrong, and of nothing else."""

import pytest
from django.utils import timezone

from devkit.simulation.invariants import broken_invariants
from intake import actions
from intake.models import Case, MoveCause, Tier, TierMove
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
WORDS = "cases move one tier at a time, up, or down where they are handed down"


def told() -> list[str]:
    return [line for line in broken_invariants(timezone.now()) if line.startswith(WORDS)]


@pytest.fixture
def case(ground: Ground) -> Case:
    case = ways.accepted(ground)
    actions.hand_down_case(case, actor=ground.dispatcher, centre=ground.juri_centre, reason="就地化解")
    return actions.escalate_case(case, actor=ground.town_manager, reason="需旗里协调")


def test_down_and_up_by_one_tier_is_as_it_must_be(case: Case) -> None:
    assert list(TierMove.objects.filter(case=case).values_list("from_tier", "to_tier")) == [
        ("county", "town"),
        ("town", "county"),
    ]
    assert told() == []


@pytest.mark.parametrize(
    ("cause", "from_tier", "to_tier"),
    [
        (MoveCause.HAND_DOWN, Tier.COUNTY, Tier.VILLAGE),
        (MoveCause.HAND_DOWN, Tier.TOWN, Tier.COUNTY),
        (MoveCause.DECISION, Tier.COUNTY, Tier.TOWN),
        (MoveCause.CLOCK, Tier.VILLAGE, Tier.COUNTY),
    ],
)
def test_a_move_over_a_tier_or_the_wrong_way_is_told(
    case: Case, cause: MoveCause, from_tier: Tier, to_tier: Tier
) -> None:
    known = TierMove.objects.filter(case=case).latest("pk")
    TierMove.objects.create(
        case=case, cause=cause, from_tier=from_tier, to_tier=to_tier, from_centre=known.from_centre,
        to_centre=known.to_centre, reason="跨级", at=timezone.now(),
    )  # fmt: skip
    assert told() == [f"{WORDS}: 1 exceptions"]
