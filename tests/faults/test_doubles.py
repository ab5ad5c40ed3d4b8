"""Two windows register the same person in the same minute: each hears of the other."""

import pytest
from django.utils import timezone

from intake.actions import register_case
from intake.models import Case
from intake.queries import doubles_of
from tests.faults.test_registrations import at_once
from tests.people import an_entry, make_ground
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_of_two_windows_at_the_same_moment_each_sees_the_case_of_the_other() -> None:
    ground = make_ground()
    windows = (ground.clerk, ground.town_clerk)
    at_once(2, lambda at: register_case(an_entry(title=f"窗口{at}"), actor=windows[at]))
    first, second = Case.objects.order_by("code")
    assert [c.pk for c in doubles_of(ground.dispatcher, first).seen] == [second.pk]
    assert [c.pk for c in doubles_of(ground.dispatcher, second).seen] == [first.pk]
    deliver_due(timezone.now())
    sorters = {ground.county_centre.pk: ground.dispatcher, ground.juri_centre.pk: ground.town_dispatcher}
    told = Notice.objects.filter(title__contains="今天又在")
    assert [row.user for row in told.filter(user__in=sorters.values())].count(sorters[first.centre_id or 0]) == 1
