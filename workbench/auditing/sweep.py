"""Alerts on unusual reading of personal data, swept by the clock; looking twice finds each only once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grids.queries.people import holders_of
from grids.roles import Capability
from grids.verbs import Verb as Ground
from intake.deadlines.queries import work_calendar
from workbench.looks import LOOKS
from workbench.models import AlertKind, ReadingAlert
from zhongzhi.accounts.security_rules import RuleName, number_of
from zhongzhi.audit.queries import acts_since
from zhongzhi.notices.actions import post as notify

BACK = timedelta(days=7)
HOUR = timedelta(hours=1)
TOLD = {
    Capability.READ_TRAIL: "workbench:auditing_alerts",
    Capability.KEEP_SIGN_IN: "workbench:security_sessions",
}
"""Who is told of an alert, and the page of their desk that it leads to."""
Moments = dict[int, list[datetime]]
EXPORT = str(Ground.ROSTER_EXPORTED_IN_CLEAR)


@transaction.atomic
def sweep_alerts(now: datetime) -> int:
    """Write the alerts of the last seven days that are not there yet; how many are new."""
    looks, exports = _moments(now - BACK)
    found = [*_many(looks), *_daily(AlertKind.EXPORTS, RuleName.EXPORTS_A_DAY, exports)]
    found += _daily(AlertKind.OFF_HOURS, RuleName.LOOKS_OFF_HOURS, _off_hours(looks, exports))
    kept = ReadingAlert.objects.filter(since__gte=now - BACK - timedelta(days=1))
    known = set(kept.values_list("kind", "person", "since"))
    new = [alert for alert in found if (alert.kind, alert.person_id, alert.since) not in known]
    ReadingAlert.objects.bulk_create(new, ignore_conflicts=True)
    for alert in new:
        _notify(alert)
    return len(new)


def _notify(alert: ReadingAlert) -> None:
    """Auditors look into it, security administrators know; nobody is told of their own reading."""
    key = f"reading-alert:{alert.kind}:{alert.person_id}:{alert.since.isoformat()}"
    title = f"查阅预警：{alert.person.name}{AlertKind(alert.kind).label}，{alert.count} 次"
    for capability, route in TOLD.items():
        people = holders_of(capability).exclude(pk=alert.person_id)
        notify(people, "reading_alert", title=title, link=reverse(route), key=f"{key}:{capability}")


def _moments(since: datetime) -> tuple[Moments, Moments]:
    """When each person looked, and when each took whole numbers out."""
    looks: Moments = defaultdict(list)
    exports: Moments = defaultdict(list)
    rows = acts_since([str(verb) for verb in LOOKS], since).order_by("at")
    for person, verb, at in rows.values_list("actor", "verb", "at"):
        (exports if verb == EXPORT else looks)[person].append(at)
    return looks, exports


def _many(looks: Moments) -> Iterator[ReadingAlert]:
    """More looks than the rule within any sixty minutes; one alert for each clock hour in which that happens."""
    limit = number_of(RuleName.LOOKS_AN_HOUR)
    for person, moments in looks.items():
        worst: dict[datetime, int] = {}
        for last, number in _within_an_hour(moments):
            hour = last.replace(minute=0, second=0, microsecond=0)
            if number > limit:
                worst[hour] = max(worst.get(hour, 0), number)
        yield from (_alert(AlertKind.MANY_LOOKS, person, hour, number, limit) for hour, number in worst.items())


def _within_an_hour(moments: Sequence[datetime]) -> Iterator[tuple[datetime, int]]:
    """For each look how many there were in the hour that ends with it."""
    first = 0
    for at, moment in enumerate(moments):
        while moments[first] <= moment - HOUR:
            first += 1
        yield moment, at - first + 1


def _daily(kind: AlertKind, rule: RuleName, moments: Moments) -> Iterator[ReadingAlert]:
    """More than the rule on a day."""
    limit = number_of(rule)
    for person, times in moments.items():
        days: dict[datetime, int] = defaultdict(int)
        for moment in times:
            days[timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)] += 1
        yield from (_alert(kind, person, day, number, limit) for day, number in days.items() if number > limit)


def _off_hours(*readings: Moments) -> Moments:
    """The looks and exports outside of office hours."""
    calendar = work_calendar()
    found: Moments = defaultdict(list)
    for reading in readings:
        for person, moments in reading.items():
            found[person] += [moment for moment in moments if not calendar.is_open(moment)]
    return found


def _alert(kind: AlertKind, person: int, since: datetime, count: int, limit: int) -> ReadingAlert:
    return ReadingAlert(kind=kind, person_id=person, since=since, count=count, threshold=limit)
