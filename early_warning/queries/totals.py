"""Warnings of a territory in a period, counted by rule and by place."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from early_warning.lifecycle import LIVE, State
from early_warning.models import RuleKind, Warning
from grids.models import HazardLevel, Territory


@dataclass(frozen=True)
class KindTotal:
    """What was raised of a kind, and what people decided of it."""

    label: str
    raised: int
    red: int
    confirmed: int
    dismissed: int


def raised_in(place: Territory, since: datetime) -> QuerySet[Warning]:
    """The warnings of a place and of all below it since a moment."""
    return Warning.objects.filter(territory__current_code__startswith=place.current_code, raised_at__gte=since)


def totals_by_kind(place: Territory, since: datetime) -> list[KindTotal]:
    """Each kind that raised something, the most first."""
    so, not_so = Q(status__in=(State.CONFIRMED, State.ENDED)), Q(status=State.DISMISSED)
    counted = raised_in(place, since).values("kind").annotate(
        raised=Count("pk"), red=Count("pk", filter=Q(level=HazardLevel.RED)), so=Count("pk", filter=so),
        not_so=Count("pk", filter=not_so),
    )  # fmt: skip
    rows = sorted(counted, key=lambda row: (-row["raised"], row["kind"]))
    return [
        KindTotal(str(RuleKind(row["kind"]).label), row["raised"], row["red"], row["so"], row["not_so"]) for row in rows
    ]


def totals_by_place(place: Territory, since: datetime, length: int) -> dict[str, int]:
    """How many were raised in each place of a level below, by its code."""
    below = raised_in(place, since).annotate(below=Left("territory__current_code", length))
    return dict(below.values("below").annotate(n=Count("pk")).values_list("below", "n"))


def live_in(rows: QuerySet[Warning], place: Territory) -> QuerySet[Warning]:
    """Those of a reader's warnings that are live in a place."""
    return rows.filter(status__in=LIVE, territory__current_code__startswith=place.current_code)
