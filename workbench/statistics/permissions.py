"""Who sees which figures: posts with a territory see its subtree, those who handle see their own organisation."""

from grids.models import Organisation, Territory
from grids.queries import territory_of
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound


def may_see_figures(user: User) -> bool:
    """Whether the person has a territory or an organisation whose figures concern them."""
    scope = scope_of(user)
    return bool(scope.subtrees or scope.organisation_ids)


def has_territory(user: User) -> bool:
    """Whether the person has a territory: reports and walls are made for one."""
    return bool(places_of(user))


def places_of(user: User) -> tuple[str, ...]:
    """The places whose figures the person sees, each with all below it."""
    return scope_of(user).subtrees


def place_for(user: User, code: str) -> Territory:
    """The place asked for, or the person's own where none is; NotFound beyond one's territory."""
    subtrees = places_of(user)
    if not subtrees:
        raise NotFound("您的岗位没有统计区域。")
    place = territory_of(code or subtrees[0])
    if not scope_of(user).covers(place):
        raise NotFound("没有找到这个区划，或者它不在您的查看范围内。")
    return place


def may_see_organisation(user: User, organisation: Organisation) -> bool:
    """One's own organisation, or one within one's territory."""
    scope = scope_of(user)
    return organisation.pk in scope.organisation_ids or scope.covers(organisation.territory)
