"""Who may do what across apps."""

from grids.models import Role, Territory
from grids.scope import scope_of
from zhongzhi.accounts.models import User


def may_open_screens(actor: User, place: Territory) -> bool:
    """Open a wall of a place to the hall: managers and leaders of a territory that contains it."""
    scope = scope_of(actor)
    return scope.covers(place) and scope.holds(Role.MANAGER, Role.LEADER)
