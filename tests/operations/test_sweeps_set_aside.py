"""One row at which a sweep fails is set aside and told; the others of its batch are taken, whichever sweep it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from intake import actions
from intake.models import Guidance
from intake.tasks import sweep_clocks
from mediation.models import Instalment
from mediation.tasks import sweep_obligations
from referrals.models import Document, EscalationStep, Lapse, Purpose
from referrals.tasks import run_escalation
from tests.intake import ways as cases
from tests.intake.test_task_reminders import Task, with_tasks
from tests.mediation import ways as mediations
from tests.people import Ground
from tests.referrals import ways as letters
from workbench.administration.queries import troubles
from zhongzhi.set_aside import failures

pytestmark = pytest.mark.django_db
MONDAY, LATER = "2025-11-03T10:00+08:00", "2025-11-21T18:00+08:00"
POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.{column} = {key} THEN RAISE EXCEPTION '张某某'; END IF; RETURN NEW; END $$;
CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION poison();
"""
HEAL = "DROP TRIGGER poison ON {table}; DROP FUNCTION poison();"


@contextmanager
def poisoned(model: Any, column: str, key: int) -> Iterator[None]:
    """Whatever writes this row fails meanwhile."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(POISON.format(table=table, column=column, key=key))
    yield
    with connection.cursor() as cursor:
        cursor.execute(HEAL.format(table=table))


def check(
    sweep: str, key: int, run: Callable[[], Any], left: Callable[[], set[int]], rows: tuple[Any, str, int]
) -> None:
    """The bad row is left and the others are taken; healed and waited for, it is taken too."""
    cache.clear()
    with time_machine.travel(LATER, tick=False), poisoned(*rows):
        run()
        assert left() == {key}
        assert set(failures(sweep)) == {key}
        assert failures(sweep)[key].error == "InternalError"
        assert "搁置的后台事项" in {fact.title for fact in troubles()}
    with time_machine.travel(LATER.replace("18:00", "18:02"), tick=False):
        run()
        assert left() == set()
        assert failures(sweep) == {}


def test_reminders_of_tasks(ground: Ground) -> None:
    with_tasks(ground, 3)
    bad = Task.objects.order_by("pk")[1].pk
    check("tasks", bad, sweep_clocks, lambda: keys(Task.objects.filter(lapse_told_at=None)), (Task, "id", bad))


def test_guidance_that_is_late(ground: Ground) -> None:
    with time_machine.travel(MONDAY, tick=False):
        for _ in range(3):
            where = {"receiver": ground.juri_justice, "note": "属治安管理"}
            actions.guide_case(cases.registered(ground), actor=ground.dispatcher, **where)  # type: ignore[arg-type]
    bad = Guidance.objects.order_by("pk")[1].pk
    rows = Guidance.objects.filter(overdue_at=None)
    check("guidance", bad, sweep_clocks, lambda: keys(rows), (Guidance, "id", bad))


def test_obligations_that_are_broken(ground: Ground) -> None:
    house = mediations.a_house(ground)
    with time_machine.travel(MONDAY, tick=False):
        for _ in range(3):
            mediations.in_force(ground, mediations.running(ground, house))
    row = Instalment.objects.order_by("pk")[1]
    bad = row.obligation.agreement.mediation.case_id
    broken = Instalment.objects.filter(breached_at=None, next_at__isnull=False)
    left = lambda: set(broken.values_list("obligation__agreement__mediation__case", flat=True))  # noqa: E731
    check("obligations", bad, sweep_obligations, left, (Instalment, "id", row.pk))


def overdue(ground: Ground) -> list[int]:
    """Three cases that nobody signed for; their keys."""
    with time_machine.travel(MONDAY, tick=False):
        return [letters.dispatched(ground).pk for _ in range(3)]


def test_lapses_that_are_taken_up(ground: Ground) -> None:
    all_of_them = set(overdue(ground))
    bad = sorted(all_of_them)[1]
    with time_machine.travel(LATER, tick=False):
        sweep_clocks()
    left = lambda: all_of_them - set(Lapse.objects.values_list("case_id", flat=True))  # noqa: E731
    check("lapses", bad, run_escalation, left, (Lapse, "case_id", bad))


def test_steps_that_are_due(ground: Ground) -> None:
    bad = sorted(overdue(ground))[1]
    with time_machine.travel(LATER, tick=False):
        sweep_clocks()
    steps = EscalationStep.objects.filter(case=bad, taken_at=None, due_at__lt=LATER)
    left = lambda: {bad} & set(steps.values_list("case_id", flat=True))  # noqa: E731
    check("steps", bad, run_escalation, left, (Document, "case_id", bad))
    letters_of = Document.objects.exclude(kind__purpose=Purpose.DISPATCH).exclude(case=None)
    assert letters_of.values("case").distinct().count() == 3


def keys(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))
