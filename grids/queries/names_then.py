"""What people and organisations were called on a day, and in which post somebody served: for stories."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField
from django.utils import timezone

from grids.models import FormerName, Posting
from zhongzhi.rows.arrays import among
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given

PEOPLE, ORGANISATIONS = (Given(name, ArrayField(BigIntegerField())) for name in ("people", "organisations"))
_FORMER = RememberedRows(
    FormerName.objects.filter(among("user_id", PEOPLE) | among("organisation_id", ORGANISATIONS)).order_by(
        "until", "pk"
    )
)
_POSTS = RememberedRows(
    Posting.objects.filter(among("user_id", PEOPLE)).select_related("organisation").order_by("-starts_on", "pk")
)


class NamesThen:
    """Names and posts of some people and organisations at any time, read once: two queries."""

    def __init__(self, people: Iterable[int], organisations: Iterable[int]) -> None:
        """Former names, the first first, and all posts there ever were."""
        people = sorted(people)
        self._names: dict[tuple[str, int], list[FormerName]] = {}
        for row in _FORMER.read(people=people, organisations=sorted(organisations)):
            key = ("user", row.user_id) if row.user_id else ("organisation", row.organisation_id or 0)
            self._names.setdefault(key, []).append(row)
        self._posts: dict[int, list[Posting]] = {}
        for post in _POSTS.read(people=people):
            self._posts.setdefault(post.user_id, []).append(post)

    def person(self, pk: int | None, at: datetime) -> str:
        """The name that somebody has given up since; empty where it is the one of today."""
        return self._former("user", pk, at)

    def organisation(self, pk: int | None, at: datetime) -> str:
        """The name that an organisation has given up since; empty where it is the one of today."""
        return self._former("organisation", pk, at)

    def post(self, pk: int | None, organisation: int | None, at: datetime) -> str:
        """The title or role in which somebody served at an organisation, or anywhere where it is not said."""
        day = timezone.localdate(at)
        held = [p for p in self._posts.get(pk or 0, []) if p.starts_on <= day and (not p.ends_on or p.ends_on >= day)]
        here = [p for p in held if p.organisation_id == organisation]
        if here:
            return here[0].title or here[0].get_role_display()
        return f"{held[0].organisation.short_name}{held[0].title or held[0].get_role_display()}" if held else ""

    def _former(self, kind: str, pk: int | None, at: datetime) -> str:
        return next((row.name for row in self._names.get((kind, pk or 0), []) if row.until > at), "")
