"""Reads of guidance: what is on its way, to whom, and what is late."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet, Subquery
from django.db.models.expressions import OuterRef

from grids.roles import Capability
from grids.scope import scope_of
from intake.lifecycle import State
from intake.models import Case, Guidance
from intake.queries.cases import cases_for_list, cases_visible_to
from zhongzhi.accounts.models import User


def open_guidance() -> QuerySet[Guidance]:
    """Guidance that has neither arrived nor come back."""
    return Guidance.objects.filter(end="")


def open_guidance_of(case: Case) -> Guidance | None:
    """That of a case."""
    return open_guidance().filter(case=case).select_related("receiver", "outside", "case").first()


def guidances_of(case: Case) -> list[Guidance]:
    """All of a case, the first first."""
    return list(case.guidances.select_related("receiver", "outside", "guided_by", "signed_by", "ended_by"))


def guidances_visible_to(user: User) -> QuerySet[Guidance]:
    """Those of the cases in sight."""
    rows = Guidance.objects.filter(case__in=cases_visible_to(user))
    return rows.select_related("case", "receiver", "outside")


def overdue_guidance(now: datetime) -> QuerySet[Guidance]:
    """Open guidance whose limit has passed and of which nobody was told, the first due first."""
    rows = open_guidance().filter(due_at__lt=now, overdue_at=None).select_related("case", "receiver", "outside")
    return rows.order_by("due_at", "pk")


def cases_on_their_way(user: User) -> QuerySet[Case]:
    """Cases in sight that were guided and have not arrived, the longest on their way first; `led_at` is annotated."""
    rows = open_guidance().filter(case=OuterRef("pk"))
    known = open_guidance().select_related("receiver", "outside").order_by("pk")
    cases = cases_for_list(user).filter(status=State.GUIDED, pk__in=open_guidance().values("case_id"))
    cases = cases.annotate(led_at=Subquery(rows.values("guided_at")[:1]))
    return cases.order_by("led_at", "id").prefetch_related(Prefetch("guidances", known, to_attr="open_guidances"))


def cases_guided_here(user: User) -> QuerySet[Case]:
    """Cases that were guided to where the person handles, and wait for an answer; nearest limit first."""
    here: Sequence[int] = [p.organisation_id for p in scope_of(user).posts_with(Capability.HANDLE)]
    rows = open_guidance().filter(case=OuterRef("pk"))
    cases = cases_for_list(user).filter(status=State.GUIDED, guided_to_id__in=here)
    cases = cases.filter(pk__in=open_guidance().values("case_id"))
    return cases.annotate(guidance_due=Subquery(rows.values("due_at")[:1])).order_by("guidance_due", "id")
