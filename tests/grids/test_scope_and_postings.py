"""Places, postings and the scope that follows from them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from grids import queries
from grids.actions import end_posting, post_person
from grids.models import Posting, Role, Territory
from grids.scope import scope_of
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db


def refused(**values: object) -> bool:
    try:
        with transaction.atomic():
            Territory.objects.create(**({"name": "甲", "full_name": "甲", "starts_on": STARTS} | values))
    except IntegrityError:
        return True
    return False


def test_a_code_is_a_ladder_and_a_parent_is_its_prefix(ground: Ground) -> None:
    lubei, juri = ground.places["150526100"], ground.places["150526103"]
    assert refused(code="150526103777", parent=lubei)
    assert refused(code="150526103777")
    assert refused(code="15052610377", parent=juri)
    assert refused(code="15052610377A", parent=juri)
    assert refused(code="150526103200", parent=juri)
    assert refused(code="150526103777", parent=juri, ends_on=STARTS)
    assert not refused(code="150526103777", parent=juri)


def test_a_code_is_never_used_again_after_it_was_retired(ground: Ground) -> None:
    place = ground.places["150526103201"]
    place.ends_on = timezone.localdate()
    place.save()
    assert refused(code=place.code, parent=ground.places["150526103"])


def test_the_twelve_digit_form_finds_the_same_place(ground: Ground) -> None:
    town = ground.places["150526103"]
    assert town.code12 == "150526103000"
    assert queries.find_open_territory("150526103000") == town
    assert queries.find_open_territory("150526103200") == ground.places["150526103200"]
    with pytest.raises(RuleViolation):
        queries.find_open_territory("150526103999")


def test_the_centre_of_a_grid_is_the_nearest_above(ground: Ground) -> None:
    assert queries.centre_of(ground.places["150526103200001"]) == ground.village_centre
    assert queries.centre_of(ground.places["150526103201001"]) == ground.juri_centre


def test_a_post_is_held_once_at_a_time(ground: Ground) -> None:
    with pytest.raises(RuleViolation):
        post_person(ground.clerk, ground.county_centre, Role.CLERK, starts_on=date(2026, 1, 1))
    today = timezone.localdate()
    end_posting(ground.clerk.postings.get(), ends_on=today)
    post_person(ground.clerk, ground.county_centre, Role.CLERK, starts_on=today)
    assert Posting.objects.filter(user=ground.clerk).count() == 2


def test_the_three_administrators_are_three_people_without_other_posts(ground: Ground) -> None:
    for person, role in (
        (ground.system_admin, Role.AUDITOR),
        (ground.auditor, Role.SECURITY_ADMIN),
        (ground.clerk, Role.SYSTEM_ADMIN),
        (ground.security_admin, Role.MANAGER),
    ):
        with pytest.raises(RuleViolation, match="不同的人"):
            post_person(person, ground.county_centre, role, starts_on=date(2026, 1, 1))


def test_one_person_may_hold_several_posts(ground: Ground) -> None:
    officer = create_user(username="officer", name="包片民警")
    post_person(officer, ground.juri_police, Role.HANDLER, starts_on=STARTS)
    post_person(officer, ground.village_centre, Role.MANAGER, starts_on=STARTS, title="村副主任")
    scope = scope_of(officer)
    assert scope.subtrees == ("150526103200",)
    assert scope.organisation_ids == {ground.juri_police.pk, ground.village_centre.pk}


def test_scope_counts_todays_posts_of_active_people_only(ground: Ground) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert scope_of(ground.manager).subtrees == ("150526",)
    assert scope_of(ground.manager, on=STARTS - timedelta(days=1)).postings == ()
    newcomer = create_user(username="newcomer", name="新人")
    post_person(newcomer, ground.county_centre, Role.CLERK, starts_on=tomorrow)
    assert scope_of(newcomer).roles == frozenset()
    User.objects.filter(pk=ground.manager.pk).update(is_active=False)
    assert scope_of(User.objects.get(pk=ground.manager.pk)).subtrees == ()


def test_a_handler_opens_no_subtree(ground: Ground) -> None:
    assert scope_of(ground.handler).subtrees == ()
    assert scope_of(ground.handler).organisation_ids == {ground.justice_bureau.pk}
    assert not scope_of(ground.handler).covers(ground.places["150526103"])
    assert scope_of(ground.leader).covers(ground.places["150526103"])
