"""Reads of duty: who is on call, and who is responsible for a place now."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.models import (
    Beat,
    Level,
    Organisation,
    OrganisationKind,
    Service,
    ServiceKind,
    Shift,
    Territory,
)
from grids.queries.beats import beats_at
from grids.queries.members import members_of
from grids.queries.places import organisations, subtree
from grids.queries.roster import services_at
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

K = ServiceKind
ANSWER = (K.FULL_TIME, K.GRID_LEADER, K.OFFICER, K.AUXILIARY, K.PARTY_LEADER, K.SECURITY_DIRECTOR)


@dataclass(frozen=True)
class Responsible:
    """Who answers for a place at a moment: those who serve there, and who is on call there and above."""

    place: Territory
    services: list[Service]
    shifts: list[Shift]
    beats: list[Beat] = field(default_factory=list)


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


@dataclass(frozen=True)
class DutyDay:
    """A day of the list: the turns that touch it."""

    day: date
    shifts: list[Shift]


def duty_week(user: User, monday: date) -> list[DutyDay]:
    """The seven days of a week, each with the turns in sight that touch it; a long turn on several. One query."""
    shifts, days = list(shifts_of_week(user, monday)), []
    for day in (monday + timedelta(days=n) for n in range(7)):
        begin = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        end = begin + timedelta(days=1)
        days.append(DutyDay(day, [s for s in shifts if s.starts_at < end and s.ends_at > begin]))
    return days


def on_duty_now(user: User) -> list[Shift]:
    """Who is on duty at this moment, of the turns in sight; those who lead first."""
    now = timezone.now()
    return list(
        shifts_visible_to(user).filter(starts_at__lte=now, ends_at__gt=now).order_by("-leads", "starts_at", "pk")
    )


def shifts_at(rows: QuerySet[Shift], code: str) -> QuerySet[Shift]:
    """Those of `rows` for a place and below: of its grids, and of organisations that lie there."""
    places = subtree(code)
    return rows.filter(Q(territory__in=places) | Q(organisation__territory__in=places))


def people_for_duty(place: Organisation | Territory) -> dict[str, str]:
    """Who may be put on at a place: names by key, accounts (`u…`) of an organisation, people (`p…`) of a grid."""
    if isinstance(place, Organisation):
        return {f"u{user.pk}": user.name for user in members_of(place)}
    rows = [s for s in services_at(place) if s.kind in ANSWER or s.kind == K.PART_TIME]
    return {f"p{s.person.uid}": f"{s.person.name}（{s.get_kind_display()}）" for s in rows}


def duty_key_of(username: str) -> str:
    """The key of an account in that list; one that nobody has for no account."""
    user = User.objects.filter(username__iexact=username.strip()).first()
    return f"u{user.pk}" if user else ""


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
    served.sort(key=lambda s: ANSWER.index(ServiceKind(s.kind)))
    return Responsible(place, served, near_first, beats_at(place))


def _code_of(shift: Shift) -> str:
    if shift.territory is not None:
        return str(shift.territory.current_code)
    return str(shift.organisation.territory.current_code) if shift.organisation else ""


def shift_visible_to(user: User, pk: int) -> Shift:
    """One turn in sight; NotFound else."""
    row = shifts_visible_to(user).filter(pk=pk).first()
    if row is None:
        raise NotFound("没有这一班，或者不在您的查看范围内。")
    return row
