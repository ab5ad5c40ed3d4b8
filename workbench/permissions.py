"""Who may do what across apps."""

from django.conf import settings
from django.utils.crypto import constant_time_compare

from grids.models import Territory
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User


def may_open_screens(actor: User, place: Territory) -> bool:
    """Open a wall of a place to the hall: managers and leaders of a territory that contains it."""
    scope = scope_of(actor)
    return scope.covers(place) and scope.may(Capability.OPEN_SCREENS)


def may_fill_vacancies(actor: User) -> bool:
    """See what waits to be taken over from people who are gone: who sorts at a centre."""
    return scope_of(actor).may_at_some_centre(Capability.SORT)


def cares_for_calendar(actor: User) -> bool:
    """Be told that next year's calendar is missing: who keeps it, and who leads and can have it done. To a window it
    would be one more line above the work."""
    scope = scope_of(actor)
    return scope.may(Capability.KEEP_CALENDAR) or scope.may(Capability.READ_GLANCE)


def may_read_metrics(authorization: str) -> bool:
    """Whether a request's `Authorization` shows the token of the settings; without a setting nobody may."""
    token: str = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(authorization, f"Bearer {token}")
