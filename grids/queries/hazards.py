"""Reads of hazards and field reports."""

from datetime import datetime
from statistics import median
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from grids.lifecycle import UNSETTLED, HazardState
from grids.models import Hazard, HazardFile, PlannedVisit, Territory
from grids.queries.places import subtree
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

FOUND, SETTLED = Q(found_at__isnull=False), Q(status__in=[HazardState.SOLVED, HazardState.HANDED_ON])
"""What figures count: whatever was found, and of that what was settled on the spot or handed on as a case."""
NOT_FOUND = "没有找到这条排查记录，或者它不在您的查看范围内。"


def hazards_visible_to(user: User) -> QuerySet[Hazard]:
    """What was found in one's territory and own grids, and what one reported oneself."""
    rows = Hazard.objects.filter(scope_of(user).field_filter() | Q(reported_by=user))
    return rows.select_related("territory", "reported_by")


def hazard_visible_to(user: User, uid: UUID) -> Hazard:
    """One hazard; NotFound when it is not in sight or not there."""
    row = hazards_visible_to(user).filter(uid=uid).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def calls_waiting_for(user: User) -> QuerySet[Hazard]:
    """Urgent reports in one's grids that nobody has come to yet; the oldest first."""
    rows = hazards_visible_to(user).filter(is_urgent=True, first_on_spot_at=None, status__in=UNSETTLED)
    return rows.order_by("reported_at", "pk")


def unsettled_hazards(user: User) -> QuerySet[Hazard]:
    """Open and watched ones in sight; the newest first."""
    return hazards_visible_to(user).filter(status__in=UNSETTLED).order_by("-pk")


def hazards_within(rows: QuerySet[Hazard], code: str) -> QuerySet[Hazard]:
    """Those of `rows` at a place and below."""
    return rows.filter(territory__in=subtree(code))


def file_visible_to(user: User, uid: UUID, file_uid: UUID) -> HazardFile:
    """A photo or video of a hazard in sight; NotFound else."""
    hazard = hazard_visible_to(user, uid)
    row = hazard.files.filter(uid=file_uid).select_related("file").first()
    if row is None:
        raise NotFound("没有找到这个附件。")
    return row


def unsettled_at(place: Territory) -> QuerySet[Hazard]:
    """Hazards of a grid that are open or watched."""
    return Hazard.objects.filter(territory=place, status__in=UNSETTLED).order_by("pk")


def open_matters_at(place: Territory) -> list[dict[str, str]]:
    """What is open in a grid today, for its handover: hazards, and visits planned and not made."""
    day = timezone.localdate()
    plans = PlannedVisit.objects.filter(territory=place, dropped_at=None, visit=None, month__gte=day.replace(day=1))
    found = [
        {"kind": "hazard", "label": f"{h.get_kind_display()}：{h.narrative[:40]}", "link": f"/field/reports/{h.uid}/"}
        for h in unsettled_at(place)
    ]
    return found + [
        {
            "kind": "plan",
            "label": f"{p.month:%Y-%m} 走访：{p.household}",
            "link": f"/grids/visits/?month={p.month:%Y-%m}",
        }
        for p in plans.order_by("month", "pk")
    ]


def response_times(user: User, *, since: datetime) -> dict[str, int | None]:
    """Of urgent reports since a moment: how many, how many somebody came to, minutes (median) to the first arrival,
    and how many within the 15 minutes that the seed's story names: a measure, no duty."""
    rows = hazards_visible_to(user).filter(is_urgent=True, reported_at__gte=since)
    times = list(rows.exclude(first_on_spot_at=None).values_list(F("first_on_spot_at") - F("reported_at"), flat=True))
    minutes = [int(span.total_seconds() // 60) for span in times]
    return {
        "reports": rows.count(),
        "reached": len(minutes),
        "median": int(median(minutes)) if minutes else None,
        "within_15": sum(1 for value in minutes if value < 15),
    }
