"""How much a mediator has in hand, and when the next session takes their time: shown where one is chosen."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from mediation.lifecycle import OPEN_STATES
from mediation.models import Booking, Mediator
from zhongzhi.web.written_days import short_moment

AHEAD = timedelta(days=7)


def with_load(rows: QuerySet[Mediator], now: datetime | None = None) -> QuerySet[Mediator]:
    """Annotate `in_hand`, the open mediations of each, and `next_booked`, when a session of theirs begins or began
    within the week."""
    now = now or timezone.now()
    booked = Booking.objects.filter(mediator=OuterRef("pk"), period__overlap=(now, now + AHEAD)).order_by("period")
    return rows.annotate(
        in_hand=Count("mediations", filter=Q(mediations__status__in=OPEN_STATES), distinct=True),
        next_booked=Subquery(booked.values("session__starts_at")[:1]),
    )


def name_with_load(mediator: Any) -> str:
    """马建国（在办 3 件，今天 14:30 有会期）."""
    booked = f"，{short_moment(mediator.next_booked)} 有会期" if mediator.next_booked else "，一周内没有会期"
    return f"{mediator.name}（在办 {mediator.in_hand} 件{booked}）"
