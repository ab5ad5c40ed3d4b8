"""Joint handling as its readers see it: tasks, meetings, and moves of cases between the tiers."""

from collections.abc import Sequence

from django.db.models import QuerySet

from grids.models import Organisation
from grids.scope import scope_of
from intake.coordination.models import Task
from intake.coordination.queries import tasks_of
from intake.models import Case, Handling, TierMove
from intake.queries import hide, veil_all
from intake.sight import Level, not_closed_to, sight_within
from referrals.models import Meeting
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound, RuleViolation


def task_of(case: Case, pk: int) -> Task:
    """One task of a case; NotFound for none."""
    task = Task.objects.filter(case=case, pk=pk).select_related("case", "handling__organisation").first()
    if task is None:
        raise NotFound("没有找到这项任务。")
    return task


def tasks_as_seen(user: User, case: Case) -> Sequence[Task]:
    """The tasks of a case in sight, as this reader may see what they say."""
    rows = tasks_of(case) if sight_within(user, case).level >= Level.MASKED else ()
    return veil_all(user, rows, lambda task: case, "what", "result", "release_reason")


def meetings_as_seen(user: User, case: Case) -> Sequence[Meeting]:
    """The meetings about a case in sight, as this reader may see what was decided."""
    rows = meetings_of(case) if sight_within(user, case).level >= Level.MASKED else ()
    return veil_all(user, rows, lambda meeting: case, "decided", "people")


def task_as_seen(user: User, case: Case, pk: int) -> Task:
    """One task of a case in sight, as this reader may see what it says; NotFound for none."""
    found = task_of(case, pk)
    hide(user, case, found, "what", "result", "release_reason")
    return found


def open_handling_of(case: Case, organisation: Organisation) -> Handling:
    """The open handling of a case by an organisation.

    RuleViolation at `organisation` where it does not handle it now.
    """
    found = Handling.objects.filter(case=case, organisation=organisation, closed_at__isnull=True).first()
    if found is None:
        raise RuleViolation("该单位目前没有承办本案，请先交办或增加协办单位。", field="organisation")
    return found


def open_handlings(case: Case) -> QuerySet[Handling]:
    """The handlings of a case that are open, the lead's and the co-handlers'."""
    return case.handlings.filter(closed_at=None).select_related("organisation")


def meetings_of(case: Case) -> QuerySet[Meeting]:
    """The meetings about a case, the latest first."""
    rows = case.meetings.select_related("recorded_by")
    return rows.prefetch_related("tasks__handling__organisation", "present").order_by("-held_at")


def tier_moves_visible_to(user: User, way: str) -> QuerySet[TierMove]:
    """Cases that came to one's centres from another tier, or left them for one."""
    ids = sorted(scope_of(user).organisation_ids)
    rows = TierMove.objects.filter(**{"to_centre_id__in" if way == "in" else "from_centre_id__in": ids})
    rows = rows.filter(case__in=Case.objects.filter(not_closed_to(user)))
    return rows.select_related("case", "from_centre", "to_centre", "actor").order_by("-id")
