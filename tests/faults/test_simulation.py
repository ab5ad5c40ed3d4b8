"""A small county under a simulated clock: two workers, two beats, kills, a broker away; then what must be true."""

from datetime import datetime

import pytest
from django.db import connection

from devkit.simulation.course import Plan, simulate
from devkit.simulation.invariants import broken_invariants
from intake.models import Suspension, TierMove
from referrals.models import Document, EscalationStep
from zhongzhi.core.worktime import SHANGHAI

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PLAN = Plan(cases=110, days=21, kill_every=6, begins=datetime(2025, 12, 26, 8, 0, tzinfo=SHANGHAI), patience=600)

TWO_ON_ONE_DAY = """
    INSERT INTO referrals_ladderstep (rule_id, lapse_id, case_id, due_at, taken_at, outcome)
    SELECT (SELECT id FROM referrals_ladderrule WHERE trigger = 'extended_out'), s.lapse_id, s.case_id, s.due_at,
      s.taken_at, s.outcome
    FROM referrals_ladderstep s JOIN referrals_ladderrule r ON r.id = s.rule_id
    WHERE r.does = 'remind' AND s.outcome = 'done' ORDER BY s.id LIMIT 1"""


def test_every_due_step_is_taken_exactly_once_whatever_dies() -> None:
    report = simulate(PLAN)
    assert report.broken == []
    assert report.kills > 0
    assert TierMove.objects.filter(cause="clock").exists()
    assert Document.objects.filter(number__contains="〔2026〕").exists()
    assert Document.objects.filter(level="red").exists()
    assert EscalationStep.objects.filter(outcome="done").count() > 50
    assert Suspension.objects.filter(until__isnull=False).count() > 5
    _the_invariants_can_fail()


def _the_invariants_can_fail() -> None:
    """A check that never says no is none: a lost step, two letters of one lapse on one day, a number skipped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM referrals_ladderstep WHERE id = (SELECT min(id) FROM referrals_ladderstep"
            " WHERE outcome IN ('done', 'covered') AND lapse_id IS NOT NULL)"
        )
        cursor.execute(TWO_ON_ONE_DAY)
        cursor.execute("UPDATE intake_counter SET last = last + 1 WHERE series LIKE 'doc:%%'", [])
    found = " ".join(broken_invariants(datetime(2026, 1, 16, tzinfo=SHANGHAI)))
    assert "a step that was taken stands in the trail exactly once" in found
    assert "two letters of one cause are drafted on two days: 1 exceptions" in found
    assert "numbers have no gap" in found
