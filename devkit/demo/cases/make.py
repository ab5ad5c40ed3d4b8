"""Making the cases of the demo county, in one transaction and in bulk."""

from collections import Counter as Count
from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from devkit.demo.cases.cases import COUNTY, Caster, Made, demo_uid
from devkit.demo.cases.plan import ZONE, planned, year_before
from devkit.demo.cases.rows import Clockmaker, follow_up_of, handling_of, parties_of, pause_of, road_of, steps_of
from devkit.demo.cases.staff import Staff, find_staff
from grids.models import Territory
from intake.deadlines.models import Clock, ClockKind, ClockPause, ClockRule
from intake.deadlines.queries import work_calendar
from intake.models import (
    Case,
    Counter,
    FollowUp,
    Handling,
    Party,
    RoadTaken,
    StatusChange,
    Suspension,
    SuspensionKind,
)
from intake.verbs import Verb
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.numbering import case_code

BATCH = 1000


@transaction.atomic
def make_cases(now: datetime | None = None) -> int:
    """Make the invented disputes up to now; how many. Where they were made before, nothing is done."""
    now = now or timezone.now()
    if Case.objects.filter(uid=demo_uid(0)).exists():
        return 0
    staff = find_staff(COUNTY)
    places = list(Territory.objects.filter(code__startswith=COUNTY, level__gte=12).order_by("code"))
    caster = Caster(staff, places)
    began = datetime.combine(year_before(now.astimezone(ZONE).date()), time.min, ZONE)
    made = [caster.cast(number, plan, began) for number, plan in enumerate(planned(now))]
    made.sort(key=lambda one: one.case.registered_at or now)
    _settle_times(made, now)
    _write(made, staff, now)
    return len(made)


def _settle_times(made: list[Made], now: datetime) -> None:
    """Codes in the order of registering, gapless for each day and behind those that are given already; nothing in
    the time to come."""
    last = dict(Counter.objects.filter(series__startswith=f"case:{COUNTY}:").values_list("series", "last"))
    serials = Count(last)
    for one in made:
        case = one.case
        assert case.registered_at is not None
        day = case.registered_at.astimezone(ZONE).date()
        series = f"case:{COUNTY}:{day:%Y%m%d}"
        serials[series] += 1
        case.code = case_code(COUNTY, day, serials[series])
        if case.closed_at and case.closed_at > now:
            case.closed_at = now
    Counter.objects.bulk_create(
        [Counter(series=series, last=number) for series, number in serials.items()],
        update_conflicts=True,
        unique_fields=["series"],
        update_fields=["last"],
    )


def _write(made: list[Made], staff: Staff, now: datetime) -> None:
    handlings = {id(one): handling_of(one, staff) for one in made}
    follow_ups = [row for one in made if (row := follow_up_of(one, now, staff))]
    maker = Clockmaker(list(ClockRule.objects.all()), work_calendar(), now)
    clocks = [clock for one in made for clock in maker.clocks_of(one, handlings[id(one)])]
    _verdicts(clocks)
    steps = [step for one in made for step in steps_of(one, staff)]
    moves = Count(id(step.case) for step in steps)
    for one in made:
        one.case.version = 1 + moves[id(one.case)]
    Case.objects.bulk_create([one.case for one in made], batch_size=BATCH)
    _create(Party, (party for one in made for party in parties_of(one)))
    _create(StatusChange, steps)
    _create(Handling, (row for row in handlings.values() if row))
    _create(Clock, clocks)
    _create(ClockPause, (pause for clock in clocks if (pause := pause_of(clock))))
    _create(Suspension, _rests(made, staff))
    _create(FollowUp, follow_ups)
    _create(RoadTaken, filter(None, map(road_of, made)))
    _date(made)
    record_all([AuditEvent(None, Verb.DEMO_MADE, one.case, {"code": one.case.code}) for one in made])


def _verdicts(clocks: list[Clock]) -> None:
    """In time is what was concluded without a breach of a handling limit."""
    late = {id(clock.case) for clock in clocks if clock.kind == ClockKind.HANDLE and clock.breached_at}
    for case in {id(clock.case): clock.case for clock in clocks}.values():
        if case.concluded_at:
            case.in_time = id(case) not in late
        else:
            case.is_past_limit = id(case) in late


def _rests(made: list[Made], staff: Staff) -> Iterable[Suspension]:
    for one in made:
        if one.case.status == "suspended" and one.signed_at and one.case.centre:
            _, sorter = staff.window_of(one.case.centre)
            yield Suspension(
                case=one.case,
                kind=SuspensionKind.SUSPENDED,
                reason="等待鉴定意见",
                rested_by=sorter,
                since=one.signed_at,
            )


def _create(model: type, rows: Iterable[object]) -> None:
    model.objects.bulk_create(list(rows), batch_size=BATCH)  # type: ignore[attr-defined]


def _date(made: list[Made]) -> None:
    """Entered when they were registered, changed last at their last step."""
    rows = Case.objects.filter(pk__in=[one.case.pk for one in made])
    latest = Coalesce("closed_at", "concluded_at", "accepted_at", "registered_at")
    rows.update(created_at=F("registered_at"), updated_at=latest)
