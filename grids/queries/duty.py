"""Reads of duty: who is on call, and who is responsible for a place now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.models import Level, Organisation, OrganisationKind, Service, ServiceKind, Shift, Territory
from grids.queries.places import organisations
from grids.queries.roster import services_at
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import OutOfSight

K = ServiceKind
ANSWER = (K.FULL_TIME, K.GRID_LEADER, K.OFFICER, K.AUXILIARY, K.PARTY_LEADER, K.SECURITY_DIRECTOR)


@dataclass(frozen=True)
class Responsible:
    """Who answers for a place at a moment: those who serve there, and who is on call there and above."""

    place: Territory
    services: list[Service]
    shifts: list[Shift]


def shifts() -> QuerySet[Shift]:
    """Every turn, with person and place."""
    return Shift.objects.select_related("person", "organisation__territory", "territory")


def shifts_visible_to(user: User) -> QuerySet[Shift]:
    """Turns of the county hall, of the organisations of one's territory, of the own grids, and one's own."""
    scope = scope_of(user)
    hall = Q(organisation__territory__level=Level.COUNTY)
    near = scope.territory_filter("organisation__territory__") | scope.field_filter()
    villages = Q(organisation__territory__current_code__in=[code[: Level.VILLAGE] for code in scope.areas])
    return shifts().filter(hall | near | villages | Q(person__user=user))


def shifts_of_week(user: User, monday: date) -> QuerySet[Shift]:
    """Turns in sight that touch a week, in their order."""
    begin = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    rows = shifts_visible_to(user).filter(starts_at__lt=begin + timedelta(days=7), ends_at__gt=begin)
    return rows.order_by("starts_at", "pk")


def duty_places(user: User) -> QuerySet[Organisation]:
    """Organisations that a person may set duty for: one's own, and below the centres and those present in the hall."""
    scope = scope_of(user)
    own = Q(pk__in=sorted(scope.organisation_ids))
    below = scope.territory_filter() & (Q(kind=OrganisationKind.CENTRE) | ~Q(presence="none"))
    return organisations().filter(own | below).order_by("territory__level", "territory__code", "name")


def responsible_for(place: Territory, *, at: datetime | None = None) -> Responsible:
    """Who answers for a place at a moment (now by default). A fixed number of queries."""
    moment = at or timezone.now()
    served = [s for s in services_at(place, on=timezone.localdate(moment)) if s.kind in ANSWER]
    code = place.current_code
    above = [code[:n] for n in (12, 9, 6) if n <= len(code)]
    centres = Q(organisation__kind=OrganisationKind.CENTRE, organisation__territory__current_code__in=above)
    here = centres | Q(territory__current_code__in=[code, code[: Level.VILLAGE]])
    on_call = shifts().filter(here, starts_at__lte=moment, ends_at__gt=moment)
    near_first = sorted(on_call, key=lambda s: (-len(_code_of(s)), not s.leads, s.pk))
    return Responsible(place, sorted(served, key=lambda s: ANSWER.index(ServiceKind(s.kind))), near_first)


def _code_of(shift: Shift) -> str:
    if shift.territory is not None:
        return str(shift.territory.current_code)
    return str(shift.organisation.territory.current_code) if shift.organisation else ""


def shift_visible_to(user: User, pk: int) -> Shift:
    """One turn in sight; OutOfSight else."""
    row = shifts_visible_to(user).filter(pk=pk).first()
    if row is None:
        raise OutOfSight("没有这一班，或者不在您的查看范围内。")
    return row
