"""Tasks of joint handling that are due soon or overdue, told once each by the sweep; messages, no letters."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from django.db.models import QuerySet
from django.utils import timezone

from grids.queries import members_of
from grids.roles import Capability
from intake.coordination.models import Task
from intake.coordination.queries import tasks_to_remind
from intake.deadlines.queries import work_calendar
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.notices.actions import Announcement, post_all
from zhongzhi.set_aside import Share, Sweep


def notify_due_tasks(now: datetime, *, limit: int = 50) -> int:
    """One batch: tasks due on the next working day are told to who does them, those whose day is over also to who
    sorts at the case's centre; how many. A task is late when the office closes on its day (default).

    Each is told once, in office hours; one found only when it is late is not told that it is near as well. Tasks of
    suspended cases wait. What others hold is passed over; a task at which this fails is set aside.
    """
    calendar, today = work_calendar(), timezone.localdate(now)
    closed = now > calendar.closing_of(today)

    def due() -> QuerySet[Task]:
        return tasks_to_remind(today, calendar.nth_workday(today, 1), closed=closed)

    def take(share: Share) -> int:
        rows = share.of(due()).select_for_update(skip_locked=True, of=("case", "self"))
        return _remind(list(rows[:limit]), now, closed=closed)

    return Sweep("tasks", due, take, limit).run(now)


def _remind(tasks: Sequence[Task], now: datetime, *, closed: bool) -> int:
    """Tell of locked tasks, and note that they were told."""
    calendar, today = work_calendar(), timezone.localdate(now)
    late = [task for task in tasks if task.is_late(today, closed=closed)]
    near = [task for task in tasks if not task.is_late(today, closed=closed)]
    _announce(near, late, calendar.next_office_moment(now))
    Task.objects.filter(pk__in=[task.pk for task in tasks], near_told_at=None).update(near_told_at=now)
    Task.objects.filter(pk__in=[task.pk for task in late]).update(lapse_told_at=now)
    record_all(
        [AuditEvent(None, Verb.TASK_LAPSED, task.case, {"task": task.pk, "due_on": task.due_on}) for task in late]
    )
    return len(tasks)


def _announce(near: Sequence[Task], late: Sequence[Task], opens: datetime) -> None:
    handlers = cache(lambda pk: frozenset(members_of(pk, Capability.HANDLE)))
    sorters = cache(lambda pk: frozenset(members_of(pk, Capability.SORT)) if pk else frozenset())
    told = [_announcement(task, handlers(task.handling.organisation_id), "near", "即将到期", opens) for task in near]
    for task in late:
        people = handlers(task.handling.organisation_id) | sorters(task.case.centre_id)
        told.append(_announcement(task, people, "lapse", "已超期", opens))
    post_all(told)


def _announcement(task: Task, people: Iterable[User], what: str, words: str, opens: datetime) -> Announcement:
    assert task.due_on is not None
    return Announcement(
        users=frozenset(people),
        kind=f"task_{what}",
        title=f"{task.case.code} 联动任务{words}（{task.due_on.month}月{task.due_on.day}日）：{task.what}",
        body=task.handling.organisation.short_name,
        link=f"/cases/{task.case.code}/",
        key=f"task:{task.pk}:{what}",
        not_before=opens,
    )
