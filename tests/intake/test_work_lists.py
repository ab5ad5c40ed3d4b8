"""What waits for a person's organisations is part of what the person sees, and all of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F, Q

from grids import list_heads
from grids.scope import scope_of
from intake import queries, sight
from intake.deadlines.models import Clock
from intake.lifecycle import State
from intake.models import Case, Handling
from intake.queries import cases_for_list
from intake.sight import cases_in_sight, handled_in_sight, led_in_sight
from intake.views.list_pages import first_or_next_page
from tests.intake import ways
from tests.people import Ground
from tests.sight.world import make_matters
from workbench import todo
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


def test_what_was_handled_before_the_newest_is_in_sight_as_well(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest cases of an organisation are looked up at once, those before them case by case."""
    for _ in range(4):
        ways.handling(ground)
    handled = list(cases_for_list(ground.handler).order_by("-id"))
    assert len(handled) == 4
    for most in (0, 1, 3, 4):
        monkeypatch.setattr(sight, "MOST_AT_ONCE", most)
        again = User.objects.get(pk=ground.handler.pk)
        assert list(cases_for_list(again).order_by("-id")) == handled, most
        other = User.objects.get(pk=ground.stranger.pk)
        assert not cases_for_list(other).exists()


def test_the_nearest_follow_ups_are_the_first_of_all_that_wait(ground: Ground) -> None:
    """The head of the list is found along the limits; it is the beginning of the whole list."""
    cases = [ways.closed(ground) for _ in range(3)]
    Clock.objects.filter(case=cases[2], kind="follow_up").update(due_at=F("due_at") - timedelta(hours=3))
    first, total = queries.first_of(ground.clerk, queries.cases_to_follow_up, most=2)
    assert first == list(queries.cases_to_follow_up(ground.clerk)[:2]) == [cases[2], cases[0]]
    assert total == 3
    assert [case.next_due for case in first] == [
        Clock.objects.get(case=case, kind="follow_up").due_at for case in first
    ]


def test_more_than_a_thousand_are_not_counted(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ways.registered(ground)
    monkeypatch.setattr(list_heads, "MOST_COUNTED", 2)
    monkeypatch.setattr(todo, "MOST_COUNTED", 2)
    (section,) = [one for one in todo.todo_of(ground.dispatcher) if one.name == "triage"]
    assert (section.total, section.number, len(section.first)) == (3, "2+", 3)
    monkeypatch.setattr(todo, "MOST_COUNTED", 3)
    assert section.number == "3"
