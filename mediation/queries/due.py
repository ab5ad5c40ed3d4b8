"""Obligations and agreements that the sweeps must look at, with their cases locked."""

from datetime import date, datetime

from django.db.models import QuerySet

from intake.models import Case
from mediation.models import Agreement, Instalment
from zhongzhi.set_aside import Share

CASE_OF_INSTALMENT = "obligation__agreement__mediation__case"
CASE_OF_AGREEMENT = "mediation__case"


def due_instalments(now: datetime) -> QuerySet[Instalment]:
    """Obligations to look at, the longest due first."""
    return Instalment.objects.filter(next_at__lte=now).order_by("next_at", "pk")


def due_agreements(today: date) -> QuerySet[Agreement]:
    """Agreements whose time for confirmation is to be reminded of."""
    return Agreement.objects.filter(confirm_next_on__lte=today).order_by("confirm_next_on", "pk")


def lock_cases_of_due_instalments(now: datetime, share: Share, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases with an obligation to look at; those locked by others are passed over."""
    due = share.of(due_instalments(now), CASE_OF_INSTALMENT).select_related(CASE_OF_INSTALMENT)
    rows = due.select_for_update(skip_locked=True, of=(CASE_OF_INSTALMENT,))[:limit]
    cases = [row.obligation.agreement.mediation.case for row in rows]
    return list({case.pk: case for case in cases}.values())


def lock_cases_of_due_agreements(today: date, share: Share, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases with such an agreement; those locked by others are passed over."""
    due = share.of(due_agreements(today), CASE_OF_AGREEMENT).select_related(CASE_OF_AGREEMENT)
    rows = due.select_for_update(skip_locked=True, of=(CASE_OF_AGREEMENT,))[:limit]
    return list({row.mediation.case_id: row.mediation.case for row in rows}.values())
