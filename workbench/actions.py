"""What is done across apps: links of walls are made and ended, shapes of places are loaded."""

from datetime import date
from secrets import token_urlsafe
from typing import Any

from django.db import transaction
from django.utils import timezone

from grids.models import Territory
from grids.queries import significant_digits, territories
from grids.scope import scope_of
from workbench.models import PlaceShape, ScreenLink
from workbench.permissions import may_open_screens
from workbench.queries import token_hash
from workbench.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, NotFound, RuleViolation, require

SECRET_BYTES = 24


@transaction.atomic
def make_screen_link(place: Territory, *, actor: User, ends_on: date) -> str:
    """Make a link for a wall of this place; its secret, which is kept nowhere."""
    require(may_open_screens(actor, place), "大屏链接由本级综治中心负责人或领导生成。")
    token = token_urlsafe(SECRET_BYTES)
    link = ScreenLink.objects.create(place=place, token_hash=token_hash(token), made_by=actor, ends_on=ends_on)
    record(actor, Verb.SCREEN_LINK_MADE, link, place=place.code, ends_on=ends_on)
    return token


@transaction.atomic
def revoke_screen_link(pk: int, *, actor: User) -> None:
    """End a link. NotFound for one of another territory, InvalidTransition for one that was ended."""
    link = ScreenLink.objects.select_for_update(of=("self",)).select_related("place").filter(pk=pk).first()
    if link is None or not scope_of(actor).covers(link.place):
        raise NotFound("没有找到这个大屏链接。")
    require(may_open_screens(actor, link.place), "大屏链接由本级综治中心负责人或领导停用。")
    if link.revoked_at:
        raise InvalidTransition("这个大屏链接已经停用。")
    link.revoked_at, link.revoked_by = timezone.now(), actor
    link.save(update_fields=["revoked_at", "revoked_by"])
    record(actor, Verb.SCREEN_LINK_REVOKED, link)


GEOMETRIES = ("Polygon", "MultiPolygon")
CODE_NAMES = ("code", "adcode", "区划代码")


@transaction.atomic
def load_shapes(collection: Any) -> int:
    """Keep the outlines of a GeoJSON FeatureCollection; how many. All or nothing.

    A feature names its place by a property `code`, `adcode` or `区划代码`. Raises RuleViolation that says which feature
    is wrong and why.
    """
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise RuleViolation("文件不是 GeoJSON 的 FeatureCollection，或者里面没有区划。")
    known = {place.code: place for place in territories()}
    shapes = [_shape(number, feature, known) for number, feature in enumerate(features, start=1)]
    for place, geometry in shapes:
        PlaceShape.objects.update_or_create(place=place, defaults={"geometry": geometry})
    return len(shapes)


def _shape(number: int, feature: Any, known: dict[str, Territory]) -> tuple[Territory, dict[str, Any]]:
    feature = feature if isinstance(feature, dict) else {}
    facts, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    code = next((str(facts[name]) for name in CODE_NAMES if facts.get(name)), "")
    place = known.get(code) or known.get(significant_digits(code))
    if place is None:
        raise RuleViolation(f"第 {number} 个区划的代码“{code[:20]}”不在区划表中。")
    if geometry.get("type") not in GEOMETRIES or not geometry.get("coordinates"):
        raise RuleViolation(f"第 {number} 个区划（{place}）没有面状边界（Polygon 或 MultiPolygon）。")
    return place, {"type": geometry["type"], "coordinates": geometry["coordinates"]}
