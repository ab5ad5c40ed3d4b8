"""Breached limits are handed up once, to whoever supervises: marked as taken in the taker's transaction."""

from django.db import transaction

from intake.deadlines.models import Clock
from intake.deadlines.queries import lock_cases_with_lapses
from zhongzhi.set_aside import Share


@transaction.atomic
def take_breaches(share: Share, *, limit: int) -> list[Clock]:
    """Breached clocks that nobody took up yet, of at most `limit` cases, which stay locked; none is given twice.

    Must be called in the transaction that acts on them. Cases that are held by others are passed over.
    """
    cases = lock_cases_with_lapses(share, limit=limit)
    rows = Clock.objects.select_for_update().filter(case__in=cases, breached_at__isnull=False, lapse_noted=False)
    clocks = list(rows.order_by("pk"))
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(lapse_noted=True)
    return clocks
