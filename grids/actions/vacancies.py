"""Turns of duty ahead of people who are gone: somebody else has to be put on."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from grids.extension_points import Vacancy
from grids.models import Organisation, Service, Shift
from grids.queries import current, posts_in_force
from grids.queries.duty import shifts
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User


def turns_without_person(user: User) -> list[Vacancy]:
    """Turns ahead, at places where the person sets duty, of whose holder the account is closed or no post is left."""
    scope = scope_of(user)
    codes = {p.organisation.territory.current_code for p in scope.posts_with(Capability.SET_DUTY)}
    here = Q(pk__in=[])
    for code in codes:
        here |= Q(territory__current_code__startswith=code) | Q(organisation__territory__current_code__startswith=code)
    posted = posts_in_force().filter(user=OuterRef("person__user"))
    serving = Service.objects.filter(current(), person=OuterRef("person"))
    gone = Q(person__user__is_active=False) | (~Exists(posted) & ~Exists(serving))
    rows = shifts().filter(here, gone, ends_at__gt=timezone.now()).order_by("starts_at", "pk")
    return [_vacancy(shift) for shift in rows]


def _vacancy(shift: Shift) -> Vacancy:
    place: Organisation | None = shift.organisation
    where = place.short_name if place is not None else str(shift.territory)
    when = f"{timezone.localtime(shift.starts_at):%m-%d %H:%M}"
    return Vacancy("值班", f"{where} {when}", shift.person.name, reverse("grids:duty"), "改派值班")
