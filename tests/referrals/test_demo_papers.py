"""The demo county's papers: made once, by the acts, so that every page of referrals has something to show."""

from collections import Counter
from datetime import datetime

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from devkit.demo.cases import make_cases
from devkit.demo.cases.plan import ZONE
from devkit.demo.documents import make_documents
from devkit.management.commands.load_demo_county import go_round
from intake.coordination.models import Task
from intake.deadlines.models import Clock
from intake.models import LeaderInCharge, TierMove
from referrals.models import Document, DocumentStep, Lapse, Meeting
from tests.people import make_demo_ground
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.notices.queries import oldest_due


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["2026-11-25T01:20", "2026-10-06T10:30"])
def test_the_demo_has_slips_letters_a_joint_handling_and_a_climb(moment: str) -> None:
    """At night, and on a working day of the long holiday."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=ZONE), tick=False):
        make_demo_ground()
        make_cases()
        made = make_documents(go_round)
        assert made == Document.objects.count()
        assert make_documents(go_round) == 0
        found = Counter(Document.objects.values_list("kind__purpose", flat=True))
        assert found["dispatch"] == 14
        assert found["remind"] + found["supervise"] >= 2
        assert Meeting.objects.count() == 1 and Task.objects.count() == 2
        assert TierMove.objects.filter(cause="decision").count() == 1
        assert LeaderInCharge.objects.count() == 1
        now = timezone.now()
        assert not DocumentStep.objects.filter(at__gt=now).exists()
        assert not Document.objects.filter(case__accepted_at__gt=F("drafted_at")).exists()
        assert not Clock.objects.filter(breached_at__gt=now).exists()
        assert oldest_due(now) is None
        lapses = Lapse.objects.count()
        go_round()
        assert Lapse.objects.count() == lapses
        assert list(verify(Counts())) == []
