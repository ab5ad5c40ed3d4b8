"""What waits for a person's organisations is part of what the person sees, and all of it."""

from typing import Any

import pytest
from django.db.models import Q

from grids.scope import scope_of
from intake.lifecycle import State
from intake.models import Case, Handling
from intake.sight import cases_in_sight, handled_in_sight, led_in_sight
from intake.views.list_pages import first_or_next_page
from tests.intake import ways
from tests.people import Ground
from tests.sight.world import make_matters
from workbench.todo import IN_PAGES, KINDS
from zhongzhi.accounts.models import User

pytestmark = pytest.mark.django_db


def test_what_ones_organisations_lead_or_handle_is_what_sight_shows_of_it(
    ground: Ground, settings: Any, tmp_path: Any
) -> None:
    """With a restricted case and a complaint about somebody among them."""
    settings.MEDIA_ROOT = tmp_path
    make_matters(ground)
    led = handled = 0
    for user in User.objects.all():
        own = scope_of(user).organisation_ids
        seen = cases_in_sight(user).exclude(status=State.DRAFT)
        mine = Handling.objects.filter(organisation_id__in=own)
        assert _keys(led_in_sight(user)) == set(seen.filter(centre_id__in=own).values_list("pk", flat=True)), user
        for which in (Q(), Q(closed_at=None), Q(signed_at=None)):
            wanted = seen.filter(pk__in=mine.filter(which).values("case_id"))
            assert _keys(handled_in_sight(user, which)) == set(wanted.values_list("pk", flat=True)), (user, which)
        led, handled = led + len(_keys(led_in_sight(user))), handled + len(_keys(handled_in_sight(user, Q())))
    hidden = Case.objects.count() * len(User.objects.all()) - led
    assert led and handled and hidden


def _keys(condition: Q) -> set[int]:
    return set(Case.objects.filter(condition).values_list("pk", flat=True))


def test_the_pages_of_a_list_are_the_list(ground: Ground, rf: Any) -> None:
    """The first is looked up by its keys, the others follow it; none is shown twice and none is left out."""
    for _ in range(5):
        ways.registered(ground)
        ways.handling(ground)
        ways.closed(ground)
    pages = 0
    for user in (ground.dispatcher, ground.handler, ground.clerk):
        for kind in KINDS:
            wanted = list(kind.in_pages(user).values_list("pk", flat=True))
            found: list[int] = []
            cursor: str | None = ""
            while cursor is not None:
                request = rf.get("/", {"cursor": cursor} if cursor else {})
                request.user = user
                page, total = first_or_next_page(request, kind.in_pages, order=IN_PAGES, size=2)
                assert total.number == len(wanted)
                found += [case.pk for case in page.items]
                cursor, pages = page.next_cursor, pages + 1
            assert found == wanted, (user, kind.name)
    assert pages > 3 * len(KINDS)
