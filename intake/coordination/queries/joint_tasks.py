"""Reads of joint handling and of a case's way through the tiers."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from grids.roles import Capability
from grids.scope import scope_of
from intake.coordination.models import Task
from intake.lifecycle import Event, State
from intake.models import Case, Handling, HandlingKind, HandlingPart, Risk, StatusChange, TierMove
from intake.queries.cases import cases_for_list
from zhongzhi.accounts.models import User
from zhongzhi.rows.statements import in_order_of


def open_tasks(case: Case) -> QuerySet[Task]:
    """Tasks of a case that are neither done nor released."""
    return case.tasks.filter(done_at__isnull=True, released_at__isnull=True)


def tasks_owed_by(user: User) -> QuerySet[Task]:
    """Open tasks of one's organisations on cases in sight, the first due first."""
    here = [p.organisation_id for p in scope_of(user).posts_with(Capability.HANDLE)]
    rows = Task.objects.filter(done_at__isnull=True, released_at__isnull=True, handling__organisation_id__in=here)
    seen = rows.filter(case__in=cases_for_list(user).order_by().values("pk")).select_related("case")
    return seen.order_by(F("due_on").asc(nulls_last=True), "pk")


def tasks_of_heads(keys: Sequence[int]) -> list[Task]:
    """The tasks that the head of a list in sight named, in its order; nothing is asked for none."""
    return in_order_of(keys, Task.objects.filter(pk__in=keys).select_related("case")) if keys else []


def releasable_parts(case: Case) -> QuerySet[Handling]:
    """Open parts of a case that its centre may release: co-handlers and who supports. What was opened for a mediation
    ends with it."""
    rows = case.handlings.filter(closed_at__isnull=True, part=HandlingPart.CO)
    return rows.exclude(kind=HandlingKind.MEDIATION).select_related("organisation").order_by("pk")


def has_releasable_parts(case: Case) -> bool:
    """Whether there is one; handlings that were read with the case are not read again."""
    parts = (row for row in case.handlings.all() if row.closed_at is None and row.part == HandlingPart.CO)
    return any(row.kind != HandlingKind.MEDIATION for row in parts)


def tasks_to_remind(today: date, next_day: date, *, closed: bool) -> QuerySet[Task]:
    """Open tasks due by the next working day that were not told so, and those whose day is over that were not told
    that; the first due first."""
    over = Q(due_on__lte=today) if closed else Q(due_on__lt=today)
    owed = Task.objects.filter(done_at=None, released_at=None, lapse_told_at=None, due_on__lte=next_day)
    rows = owed.filter(over | Q(near_told_at=None)).exclude(case__status=State.SUSPENDED)
    return rows.select_related("case", "handling__organisation").order_by("due_on", "pk")


def tasks_of(case: Case) -> QuerySet[Task]:
    """All tasks of a case, as given."""
    rows = case.tasks.select_related("handling__organisation", "done_by", "released_by")
    return rows.order_by("pk")


def tier_moves_of(case: Case) -> QuerySet[TierMove]:
    """The way of a case through the tiers, the first move first."""
    rows = case.tier_moves.select_related("from_centre", "to_centre", "actor")
    return rows.order_by("at", "pk")


def handlings_at_red_risk() -> QuerySet[Handling]:
    """Open leads of cases of red risk that were handed out."""
    return _leads_of(Case.objects.filter(risk=Risk.RED, status__in=[State.DISPATCHED, State.HANDLING]))


def handlings_reopened_twice() -> QuerySet[Handling]:
    """Open leads of cases that were taken up again twice or more."""
    again = StatusChange.objects.filter(event=Event.REOPEN).values("case").annotate(n=Count("pk")).filter(n__gte=2)
    return _leads_of(Case.objects.filter(status=State.HANDLING, pk__in=again.values("case")))


def counts_by_category(since: date, until: date | None) -> dict[tuple[str, str], int]:
    """Cases registered from a day on, to before another: how many by county and category."""
    rows = Case.objects.filter(registered_at__gte=_midnight(since), category__isnull=False)
    if until is not None:
        rows = rows.filter(registered_at__lt=_midnight(until))
    by = rows.annotate(county=Left("centre__territory__code", 6)).values("county", "category_id")
    return {(row["county"], row["category_id"]): row["n"] for row in by.annotate(n=Count("pk")).order_by()}


def _leads_of(cases: QuerySet[Case]) -> QuerySet[Handling]:
    rows = Handling.objects.filter(closed_at__isnull=True, part=HandlingPart.LEAD, kind=HandlingKind.DISPATCH)
    related = ("organisation", "case__centre__territory", "case__category", "case__territory")
    return rows.filter(case__in=cases).select_related(*related).order_by("pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
