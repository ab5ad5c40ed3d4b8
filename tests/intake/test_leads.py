"""To whom a case would go: who ended the cases most like it, with the numbers; counted how often that was taken."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import Organisation
from intake import actions
from intake.models import Case, SuggestedBy
from intake.queries import suggested_lead, suggestions_taken
from intake.queries.leads import LEAST
from intake.queries.similar import forget_commonness
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
TEXT = "双方因草场围栏越界发生争执，网围栏被拆。"


@pytest.fixture(autouse=True)
def _no_statistics_of_others() -> Iterator[None]:
    forget_commonness()
    yield
    forget_commonness()


def ended(ground: Ground, number: int, **changes: object) -> list[Case]:
    return [ways.concluded(ground, narrative=TEXT, **changes) for _ in range(number)]


def ended_elsewhere(ground: Ground, organisation: Organisation, number: int) -> None:
    for case in ended(ground, number):
        case.handlings.update(organisation=organisation)


def test_who_ended_most_of_the_cases_like_it_is_suggested_with_the_numbers(ground: Ground) -> None:
    ended(ground, 5)
    ended_elsewhere(ground, ground.labour_bureau, 2)
    found = suggested_lead(ways.accepted(ground, narrative=TEXT))
    assert found is not None and (found.organisation, found.by) == (ground.justice_bureau, SuggestedBy.NEAREST)
    assert found.why == "案情最相近、已办完的 7 件中，5 件由司法局办完"


def test_too_few_or_divided_cases_leave_it_to_the_category(ground: Ground) -> None:
    ended(ground, LEAST - 1)
    case = ways.accepted(ground, narrative=TEXT)
    assert getattr(suggested_lead(case), "by", None) != SuggestedBy.NEAREST
    ended(ground, 1)
    assert getattr(suggested_lead(case), "by", None) == SuggestedBy.NEAREST
    ended_elsewhere(ground, ground.labour_bureau, 5)
    assert getattr(suggested_lead(case), "by", None) != SuggestedBy.NEAREST


def test_restricted_cases_say_nothing(ground: Ground) -> None:
    for case in ended(ground, LEAST):
        Case.objects.filter(pk=case.pk).update(is_restricted=True)
    assert getattr(suggested_lead(ways.accepted(ground, narrative=TEXT)), "by", None) != SuggestedBy.NEAREST


def test_a_case_without_category_gets_no_suggestion(ground: Ground) -> None:
    case = ways.accepted(ground)
    case.category = None
    assert suggested_lead(case) is None


def test_what_stood_beside_is_kept_and_counted_by_its_ground(ground: Ground, client: Client) -> None:
    ended(ground, 5)
    taken = ways.dispatched(ground, narrative=TEXT)
    assert taken.handlings.get().suggested == ground.justice_bureau
    other = actions.dispatch_case(
        ways.accepted(ground, narrative=TEXT), actor=ground.dispatcher, organisation=ground.labour_bureau
    )
    assert other.handlings.get().suggested == ground.justice_bureau
    rows = {row.ground: row for row in suggestions_taken(timezone.now() - timedelta(days=1))}
    nearest = rows[SuggestedBy.NEAREST]
    assert (nearest.suggested, nearest.taken, nearest.percent) == (2, 1, "50.0%")
    assert suggestions_taken(timezone.now() + timedelta(days=1)) == []
    client.force_login(ground.system_admin)
    page = client.get("/system/categories/").content.decode()
    assert "相近旧案" in page and "50.0%" in page
