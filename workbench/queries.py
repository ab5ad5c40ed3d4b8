"""Reads across apps: links of walls, shapes of places."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from grids.models import Territory
from grids.scope import scope_of
from workbench.models import PlaceShape, ScreenLink
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import keyed_hashes
from zhongzhi.core.errors import NotFound

CONNECTIONS = """
    SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usesysid IS NOT NULL GROUP BY 1 ORDER BY 1
"""


def token_hash(token: str) -> bytes:
    """What is kept of the secret of a link."""
    return token_hashes(token)[0]


def token_hashes(token: str) -> list[bytes]:
    """What may be kept of it, under each hash key, the newest first."""
    return keyed_hashes(token, purpose="screen-link")


def place_of_screen(token: str) -> Territory:
    """The place that a link shows; NotFound for none, or one that is over."""
    rows = ScreenLink.objects.filter(revoked_at__isnull=True, ends_on__gt=timezone.localdate())
    link = rows.select_related("place").filter(token_hash__in=token_hashes(token[:100])).first()
    if link is None:
        raise NotFound("这个大屏链接已失效，请到综治中心重新生成。")
    return link.place


def screen_links(user: User) -> QuerySet[ScreenLink]:
    """The links of one's territory, the latest first."""
    scope = scope_of(user)
    return ScreenLink.objects.filter(scope.territory_filter("place__")).select_related("place", "made_by")[:100]


def map_level(place: str) -> int | None:
    """The finest level below a place, villages at most, of which there are shapes; None without map data."""
    levels = PlaceShape.objects.filter(place__code__startswith=place, place__level__lte=12)
    return levels.exclude(place__code=place).order_by("-place__level").values_list("place__level", flat=True).first()


def map_of(place: str) -> dict[str, Any]:
    """The shapes below a place as GeoJSON; each feature is named by its code."""
    rows = PlaceShape.objects.filter(place__code__startswith=place, place__level=map_level(place) or 0)
    features = [
        {
            "type": "Feature",
            "geometry": row.geometry,
            "properties": {"name": row.place.code, "label": row.place.full_name},
        }
        for row in rows.select_related("place").order_by("place__code")
    ]
    return {"type": "FeatureCollection", "features": features}


def connections_by_state() -> list[tuple[tuple[str, ...], int]]:
    """How many connections this database has, by what they are doing."""
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        return [((str(state),), int(number)) for state, number in cursor.fetchall()]
