"""Tasks of joint handling are told the working day before, and when their day is over; each once."""

from datetime import date, datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import actions
from intake.coordination import actions as coordination_actions
from intake.coordination.models import Task
from intake.models import Case
from tests.intake import ways
from tests.people import Ground, make_ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
FRIDAY = date(2025, 11, 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def with_tasks(ground: Ground, number: int = 1, due_on: date | None = FRIDAY) -> Case:
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        case = ways.handling(ground, complexity="hard")
        lead = case.handlings.get(part="lead", closed_at=None)
        for _ in range(number):
            coordination_actions.add_task(case, lead, actor=ground.dispatcher, what="实地丈量", due_on=due_on)
    return case


def told(what: str) -> set[int]:
    rows = OutboxMessage.objects.filter(key__regex=rf"^task:\d+:{what}:").values_list("payload__user", flat=True)
    assert len(rows) == len(set(rows))
    return set(rows)


def test_near_on_the_working_day_before_and_late_when_the_office_closes(ground: Ground) -> None:
    case = with_tasks(ground)
    assert coordination_actions.notify_due_tasks(at("2025-11-05T17:00")) == 0
    assert [coordination_actions.notify_due_tasks(at("2025-11-06T09:00")) for _ in range(2)] == [1, 0]
    assert ground.handler.pk in told("near") and ground.dispatcher.pk not in told("near")
    assert coordination_actions.notify_due_tasks(at("2025-11-07T17:29")) == 0
    assert [coordination_actions.notify_due_tasks(at("2025-11-07T17:31")) for _ in range(2)] == [1, 0]
    assert {ground.handler.pk, ground.dispatcher.pk} <= told("lapse")
    assert [entry.verb for entry in trail_of(case)].count("task_lapsed") == 1
    opens = OutboxMessage.objects.filter(key__contains=":lapse:").first()
    assert opens is not None and opens.not_before == at("2025-11-10T08:30")


def test_the_weekend_is_no_working_day(ground: Ground) -> None:
    with_tasks(ground, due_on=date(2025, 11, 10))  # a Monday
    assert coordination_actions.notify_due_tasks(at("2025-11-06T17:31")) == 0
    assert coordination_actions.notify_due_tasks(at("2025-11-07T09:00")) == 1


def test_found_late_it_is_told_late_only(ground: Ground) -> None:
    with_tasks(ground)
    assert [coordination_actions.notify_due_tasks(at("2025-11-12T09:00")) for _ in range(2)] == [1, 0]
    assert told("near") == set() and told("lapse")


def test_done_released_without_a_day_or_suspended_is_not_told(ground: Ground) -> None:
    done = with_tasks(ground)
    coordination_actions.complete_task(Task.objects.get(case=done), actor=ground.handler, result="已量")
    released = with_tasks(ground)
    coordination_actions.release_task(Task.objects.get(case=released), actor=ground.dispatcher, reason="不必")
    with_tasks(ground, due_on=None)
    resting = with_tasks(ground)
    actions.suspend_case(resting, actor=ground.dispatcher, reason="等待鉴定")
    assert coordination_actions.notify_due_tasks(at("2025-11-12T09:00")) == 0
    actions.resume_case(Case.objects.get(pk=resting.pk), actor=ground.dispatcher)
    assert coordination_actions.notify_due_tasks(at("2025-11-12T09:00")) == 1


def test_many_cost_as_many_queries_as_few(ground: Ground) -> None:
    counted = []
    for number in (2, 2, 9):
        with_tasks(ground, number)
        with CaptureQueriesContext(connection) as queries:
            assert coordination_actions.notify_due_tasks(at("2025-11-12T09:00")) == number
        counted.append(len(queries))
    assert counted[1] == counted[2]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_each_task_once() -> None:
    ground = make_ground()
    case = with_tasks(ground, 6)
    together, found = Barrier(3), list[int]()

    def sweep() -> None:
        together.wait()
        try:
            while batch := coordination_actions.notify_due_tasks(at("2025-11-12T09:00"), limit=2):
                found.append(batch)
        finally:
            connection.close()

    threads = [Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.append(coordination_actions.notify_due_tasks(at("2025-11-12T09:00")))
    assert sum(found) == 6
    assert [entry.verb for entry in trail_of(case)].count("task_lapsed") == 6
