"""Two sweeps at once raise one warning; the feed is read once, and what comes meanwhile is not lost."""

import pytest
from django.utils import timezone

from early_warning import actions
from early_warning.models import DueMatter, Evidence, FeedPosition, RuleKind, Warning
from early_warning.tasks import sweep_warnings
from intake.models import Case
from tests.early_warning.ways import quarrel, three_quarrels
from tests.faults.test_registrations import at_once
from tests.people import make_ground

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SAME = RuleKind.SAME_SIDES


def test_two_sweeps_at_once_raise_one_warning() -> None:
    three = three_quarrels(make_ground())
    actions.note_cases([case.pk for case in three])
    at_once(2, lambda at: actions.look_at_changes(timezone.now(), limit=1) and actions.look_at_changes(timezone.now()))
    sweep_warnings()
    assert Warning.objects.filter(kind=SAME).count() == 1
    assert Evidence.objects.filter(warning__kind=SAME).count() == 3
    assert not DueMatter.objects.exists()


def test_the_sweep_begins_with_what_comes_and_reads_each_change_once() -> None:
    ground = make_ground()
    quarrel(ground)
    sweep_warnings()
    assert FeedPosition.objects.count() == 1
    quarrel(ground)
    quarrel(ground)
    assert actions.take_in_changes() == 2
    assert actions.take_in_changes() == 0
    assert DueMatter.objects.count() == 2
    sweep_warnings()
    assert Evidence.objects.filter(warning__kind=SAME).count() == Case.objects.count() == 3
