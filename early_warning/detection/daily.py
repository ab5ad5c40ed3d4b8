"""What time alone brings: hazards left unsettled, agreements before a holiday, a season that is coming."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from early_warning.detection.found import Found, Sign, at_least
from early_warning.models import WarningRule
from grids.lifecycle import UNSETTLED
from grids.models import Hazard, HazardLevel, Level, Organisation, OrganisationKind
from grids.queries import organisations
from intake.deadlines.models import CalendarDay
from intake.deadlines.models.calendar import DayKind
from intake.lifecycle import State
from intake.models import Case
from mediation.models import Instalment

SPRING = "春节"
LONG_HOLIDAY = 5
"""Days off in a row from which on people go home and want what they are owed."""
MOST = 100
AROUND = timedelta(days=30)


def unsettled_hazards(rule: WarningRule, day: date) -> Iterable[Found]:
    """Those that came of age since yesterday, or whose time of watching ran out yesterday."""
    end = timezone.make_aware(datetime.combine(day, datetime.min.time())) - timedelta(days=rule.window_days)
    rows = Hazard.objects.filter(status__in=UNSETTLED, reported_at__lt=end).exclude(watch_until__gte=day)
    known = rows.filter(warning_evidence__warning__kind=rule.kind).values("pk")
    for hazard in rows.exclude(pk__in=known).select_related("territory"):
        sign = Sign(hazard, hazard.reported_at, f"{(day - timezone.localdate(hazard.reported_at)).days} 天未化解")
        level = HazardLevel.RED if hazard.level == HazardLevel.RED else rule.level
        yield Found(f"hazard:{hazard.pk}", hazard.territory, at_least(rule.level, level), (sign,))


def before_holiday(rule: WarningRule, day: date) -> Iterable[Found]:
    """Agreements with a part that is due before a long holiday, or overdue, and not performed."""
    holiday = next_long_holiday(day, rule.window_days)
    if holiday is None:
        return
    rows = Instalment.objects.filter(due_on__lt=holiday, performed_on=None, released_at=None)
    rows = rows.filter(due_on__gte=day - timedelta(days=365), obligation__agreement__in_force_on__isnull=False)
    case_of = "obligation__agreement__mediation__case"
    late: dict[int, list[Instalment]] = {}
    for row in rows.select_related(f"{case_of}__territory").order_by("due_on"):
        late.setdefault(row.obligation.agreement.mediation.case_id, []).append(row)
    for key, parts in late.items():
        case = parts[0].obligation.agreement.mediation.case
        if len(parts) < rule.threshold or case.territory is None or not rule.concerns(case.category_id):
            continue
        due = timezone.make_aware(datetime.combine(parts[0].due_on, datetime.min.time()))
        sign = Sign(case, due, f"{len(parts)} 期在 {holiday:%m-%d} 放假前到期或已逾期")
        yield Found(f"case:{key}:{holiday:%Y%m}", case.territory, rule.level, (sign,), {"holiday": f"{holiday}"})


def next_long_holiday(day: date, within: int) -> date | None:
    """The first day of the next long holiday that begins within so many days."""
    days = CalendarDay.objects.filter(date__gt=day, date__lte=day + timedelta(days=within + LONG_HOLIDAY * 3))
    off = {row.date for row in days if not row.is_workday}
    for ahead in range(1, within + 1):
        first = day + timedelta(days=ahead)
        if first - timedelta(days=1) not in off and all(first + timedelta(days=n) in off for n in range(LONG_HOLIDAY)):
            return first
    return None


def coming_season(rule: WarningRule, day: date) -> Iterable[Found]:
    """For each county that had such cases around the same day a year before, those cases."""
    season = season_on(rule, day)
    if season is None or not day <= season <= day + timedelta(days=rule.window_days):
        return
    around = _a_year_before(rule, season)
    for centre in organisations().filter(kind=OrganisationKind.CENTRE, territory__level=Level.COUNTY):
        cases = _last_year(rule, centre, around)
        if len(cases) < rule.threshold:
            continue
        signs = tuple(Sign(case, case.registered_at or case.created_at) for case in cases)
        subject = f"{rule.slug}:{season:%Y}:{centre.territory.current_code}"
        yield Found(subject, centre.territory, rule.level, signs, {"season": f"{season}", "cases": len(cases)})


def season_on(rule: WarningRule, day: date) -> date | None:
    """The next day of the season; None where the calendar does not know it yet."""
    if rule.season_day == SPRING:
        return _spring(day, day + timedelta(days=366))
    month, number = (int(part) for part in rule.season_day.split("-"))
    found = date(day.year, month, number)
    return found if found >= day else date(day.year + 1, month, number)


def _a_year_before(rule: WarningRule, season: date) -> date:
    back = season - timedelta(days=365)
    return (
        _spring(back - timedelta(days=60), season - timedelta(days=300)) if rule.season_day == SPRING else None
    ) or back


def _spring(start: date, end: date) -> date | None:
    days = CalendarDay.objects.filter(date__gte=start, date__lte=end, name__contains=SPRING, kind=DayKind.STATUTORY)
    return days.order_by("date").values_list("date", flat=True).first()


def _last_year(rule: WarningRule, centre: Organisation, season: date) -> list[Case]:
    middle = timezone.make_aware(datetime.combine(season, datetime.min.time()))
    rows = Case.objects.filter(registered_at__gte=middle - AROUND, registered_at__lt=middle + AROUND)
    rows = rows.filter(territory__current_code__startswith=centre.territory.current_code)
    rows = rows.exclude(status__in=(State.DRAFT, State.MERGED, State.WITHDRAWN)).select_related("territory")
    return [case for case in rows.order_by("-pk")[: MOST * 20] if rule.concerns(case.category_id)][:MOST]
