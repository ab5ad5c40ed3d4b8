"""Who was told of a warning and who opened it, for those who answer for what becomes of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from early_warning.models import Warning
from early_warning.permissions import may_know_readers
from early_warning.verbs import Verb
from grids.queries import postings_of
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.notices.queries import told_under


@dataclass(frozen=True)
class Reader:
    """One person: in which posts, when told, on how many days and when opened first and last."""

    person: User
    posts: str
    told_at: datetime | None
    days: int
    first: datetime | None
    last: datetime | None


def readers_of(user: User, warning: Warning) -> list[Reader]:
    """Those who opened it, the first one first, then those who were told and did not; nobody for who may not know."""
    if not may_know_readers(user, warning):
        return []
    told = told_under(f"warning:{warning.pk}:")
    opened: dict[int, list[datetime]] = defaultdict(list)
    for entry in trail_of(warning).filter(verb=Verb.SEEN, actor__isnull=False):
        opened[entry.actor_id or 0].append(entry.at)
    people = User.objects.in_bulk({*told, *opened})
    posts: dict[int, list[str]] = defaultdict(list)
    for post in postings_of(people.values()):
        posts[post.user_id].append(f"{post.organisation.short_name}{post.get_role_display()}")
    rows = [_reader(people[pk], posts[pk], told.get(pk), opened.get(pk, [])) for pk in people]
    return sorted(rows, key=lambda row: (row.first is None, row.first or row.told_at, row.person.pk))


def _reader(person: User, posts: list[str], told_at: datetime | None, opened: list[datetime]) -> Reader:
    ends = (opened[0], opened[-1]) if opened else (None, None)
    return Reader(person, "、".join(posts), told_at, len(opened), *ends)
