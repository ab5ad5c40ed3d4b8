"""A small county under a simulated clock: two workers, two beats, kills, a broker away; then what must be true."""

from datetime import datetime

import pytest
from django.db import connection

from intake.models import TierMove
from referrals.models import Document, LadderStep
from referrals.simulation.course import Plan, simulate
from referrals.simulation.invariants import broken_invariants
from zhongzhi.core.worktime import SHANGHAI

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PLAN = Plan(cases=110, days=21, kill_every=6, begins=datetime(2025, 12, 26, 8, 0, tzinfo=SHANGHAI), patience=600)


def test_every_due_step_is_taken_exactly_once_whatever_dies() -> None:
    report = simulate(PLAN)
    assert report.broken == []
    assert report.kills > 0
    assert TierMove.objects.filter(cause="clock").exists()
    assert Document.objects.filter(number__contains="〔2026〕").exists()
    assert Document.objects.filter(level="red").exists()
    assert LadderStep.objects.filter(outcome="done").count() > 50
    _the_invariants_can_fail()


def _the_invariants_can_fail() -> None:
    """A check that never says no is none: a lost rung, and a number that was skipped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM referrals_ladderstep WHERE id = (SELECT min(id) FROM referrals_ladderstep"
            " WHERE outcome IN ('done', 'covered') AND lapse_id IS NOT NULL)"
        )
        cursor.execute("UPDATE intake_counter SET last = last + 1 WHERE series LIKE 'doc:%%'", [])
    found = " ".join(broken_invariants(datetime(2026, 1, 16, tzinfo=SHANGHAI)))
    assert "a rung that was taken stands in the trail exactly once" in found
    assert "numbers have no gap" in found
