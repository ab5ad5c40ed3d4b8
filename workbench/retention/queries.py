"""Periods in force, what is over, what the sweep did."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from workbench.models import RetentionRule, RetentionRun
from workbench.retention.kinds import KINDS, RetentionKind
from zhongzhi.set_aside import failures

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Period:
    """How long a kind is kept: the days (None: for ever), why, since when; what comes after it, if that is set."""

    kind: RetentionKind
    days: int | None
    source: str
    starts_on: date | None = None
    next: RetentionRule | None = None

    @property
    def label(self) -> str:
        """As people say it."""
        return period_label(self.days)


@dataclass(frozen=True)
class Line:
    """One line of the page: a period, what is over now and within thirty days, what the last night did."""

    period: Period
    over: int
    soon: int
    last: RetentionRun | None
    set_aside: int


def period_label(days: int | None) -> str:
    """Days as people say them: years where they are whole."""
    if days is None:
        return "永久"
    return f"{days // 365} 年" if days % 365 == 0 else f"{days} 天"


def period_of(kind: RetentionKind, day: date) -> Period:
    """What holds on a day."""
    rows = RetentionRule.objects.filter(kind=kind.name)
    coming = rows.filter(starts_on__gt=day).order_by("starts_on", "-pk").first()
    rule = rows.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first()
    if rule is None:
        return Period(kind, kind.days, kind.source, next=coming)
    return Period(kind, rule.days, rule.source, rule.starts_on, coming)


def cutoff(period: Period, now: datetime) -> datetime | None:
    """The moment before which a row of this kind is over; None where it is kept for ever."""
    if period.days is None:
        return None
    day = timezone.localdate(now) - timedelta(days=period.days)
    return timezone.make_aware(datetime.combine(day, time.min))


def lines(now: datetime) -> list[Line]:
    """All kinds as the page shows them."""
    last = {run.kind: run for run in RetentionRun.objects.order_by("kind", "-pk").distinct("kind")}
    found = []
    for kind in KINDS.values():
        period = period_of(kind, timezone.localdate(now))
        moment = cutoff(period, now)
        over = kind.over(moment).count() if moment else 0
        soon = kind.over(moment + SOON).count() - over if moment else 0
        found.append(Line(period, over, soon, last.get(kind.name), len(failures(sweep_name(kind)))))
    return found


def sweep_name(kind: RetentionKind) -> str:
    """Under which name its rows are set aside."""
    return f"retention:{kind.name}"


def rules_of(kind: RetentionKind) -> QuerySet[RetentionRule]:
    """All that was ever set for a kind, the latest first."""
    return RetentionRule.objects.filter(kind=kind.name).select_related("set_by").order_by("-pk")


def runs() -> QuerySet[RetentionRun]:
    """What the nights did, the latest first; nights with nothing to do left out."""
    return RetentionRun.objects.exclude(done=0, failed=0).order_by("-pk")
