"""Obligations and agreements that the sweeps must look at, with their cases locked."""

from datetime import date, datetime

from intake.models import Case
from mediation.models import Agreement, Instalment


def lock_cases_of_due_instalments(now: datetime, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases with an obligation to look at; those locked by others are passed over."""
    due = Instalment.objects.filter(next_at__lte=now).select_related("obligation__agreement__mediation__case")
    rows = due.order_by("next_at", "pk").select_for_update(
        skip_locked=True, of=("obligation__agreement__mediation__case",)
    )[:limit]
    cases = [row.obligation.agreement.mediation.case for row in rows]
    return list({case.pk: case for case in cases}.values())


def lock_cases_of_due_agreements(today: date, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases with an agreement whose time for confirmation is to be reminded of."""
    due = Agreement.objects.filter(confirm_next_on__lte=today).select_related("mediation__case")
    rows = due.order_by("confirm_next_on", "pk").select_for_update(skip_locked=True, of=("mediation__case",))[:limit]
    return list({row.mediation.case_id: row.mediation.case for row in rows}.values())
