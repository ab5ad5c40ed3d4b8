"""Reads of the clocks."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from intake.models import Case, Clock, ClockKind, ClockRule


def rule_for(case: Case, kind: ClockKind, *, on: date) -> ClockRule | None:
    """The rule that sets a time limit of this kind for this case on a day; the most particular one wins."""
    in_force = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    fits = Q(complexity__in=["", case.complexity]) & Q(tier__in=["", case.tier]) & Q(channel__in=["", case.channel])
    rules = ClockRule.objects.filter(in_force, fits, kind=kind)
    return rules.order_by("-channel", "-tier", "-complexity", "-starts_on").first()


def running_clocks(case: Case) -> QuerySet[Clock]:
    """Clocks of a case that have not been stopped, the first due first."""
    return Clock.objects.filter(case=case, stopped_at=None).select_related("organisation", "rule")


def lock_cases_with_due_clocks(now: datetime, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases that have a clock to look at; those locked by others are passed over.

    A clock is looked at once its moment has passed: at the very moment it is due, an act is still in time.
    """
    due = Clock.objects.filter(next_at__lt=now).select_related("case").order_by("next_at", "pk")
    rows = due.select_for_update(skip_locked=True, of=("case",))[:limit]
    return list({clock.case_id: clock.case for clock in rows}.values())


def lock_cases_with_lapses(*, limit: int) -> list[Case]:
    """Lock up to `limit` cases with a breach that nobody took up yet; those locked by others are passed over."""
    news = Clock.objects.filter(breached_at__isnull=False, lapse_noted=False).select_related("case")
    rows = news.order_by("breached_at", "pk").select_for_update(skip_locked=True, of=("case",))[:limit]
    return list({clock.case_id: clock.case for clock in rows}.values())
