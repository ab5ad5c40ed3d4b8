"""The feed of changes as one reader sees it: in commit order, nothing missed, nothing twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import BigIntegerField, Func, QuerySet

from grids.scope import Scope, scope_of
from intake.models import Case, CaseChange
from intake.queries.cases import cases_visible_to
from intake.sight import not_closed_to
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import Unfit

WINDOW: Final = 2000
LATEST: Final = "latest"
NAME: Final = """
    SELECT to_hex(system_identifier)
           || coalesce('.' || (SELECT name FROM intake_feedepoch ORDER BY id DESC LIMIT 1), '')
    FROM pg_control_system()
"""
HORIZON: Final = """(
    SELECT coalesce(min(running), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    FROM (SELECT pg_snapshot_xip(pg_current_snapshot())::text::bigint AS running) AS all_of_the_server
    WHERE running & 4294967295 NOT IN (
        SELECT held.transactionid::text::bigint
        FROM pg_locks AS held JOIN pg_stat_activity AS backend ON backend.pid = held.pid
        WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock'
              AND backend.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    )
)"""


@dataclass(frozen=True)
class Place:
    """Where a reader stands: behind this case of this transaction, in this database."""

    database: str
    xid: int
    case_id: int

    def __str__(self) -> str:
        return f"{self.database}-{self.xid}-{self.case_id}"


@dataclass(frozen=True)
class Change:
    """One case that changed, as it stands now. `kind`: created, changed, entered or left (the reader's sight)."""

    place: Place
    kind: str
    case: Case
    at: datetime


@dataclass(frozen=True)
class Feed:
    """Some changes, where to go on, and whether more are waiting."""

    changes: list[Change]
    after: Place
    more: bool


class Horizon(Func):
    """The oldest transaction that still runs here: rows of it and of younger ones are not shown yet.

    A server's databases share one count of transactions, so those that are known to run in a neighbouring database
    are left out: its night-long import must not hold this feed back. One that is not known counts as ours.
    """

    template = HORIZON
    output_field = BigIntegerField()


def changes_for(user: User, *, after: str = "", limit: int = 100) -> Feed:
    """The changes behind a reader's place, oldest first, at most `limit`, of cases in sight now or before.

    One call looks at no more than WINDOW rows, so its cost is bounded however little of them the reader may see; an
    empty answer with `more` means: go on. Without a place the feed begins at its beginning; `latest` stands at its
    end. Raises Unfit at `after` for a place that is none, or that belongs to another database or to the time
    before a restore: fetch everything again.
    """
    database = _database()
    if after == LATEST:
        return Feed([], Place(database, _horizon() - 1, 2**63 - 1), more=False)
    start = _place(after, database)
    rows = list(_behind(start)[: WINDOW + 1])
    looked = rows[:WINDOW]
    scope = scope_of(user)
    ids = [row.case_id for row in looked]
    seen = set(cases_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    open_to = set(Case.objects.filter(not_closed_to(user), pk__in=ids).values_list("pk", flat=True))
    told: list[Change] = []
    for at, row in enumerate(looked):
        kind = _kind(row, scope, row.case_id in seen) if row.case_id in open_to else ""
        if kind:
            told.append(Change(Place(database, row.xid, row.case_id), kind, row.case, row.at))
        if len(told) == limit:
            return Feed(told, told[-1].place, more=at + 1 < len(rows))
    end = Place(database, looked[-1].xid, looked[-1].case_id) if looked else start
    return Feed(told, end, more=len(rows) > WINDOW)


def cases_changed_since(xid: int, case_id: int, *, limit: int) -> list[tuple[int, int]]:
    """Transaction and case of the changes behind a place, for programs of our own that look at every case; the oldest
    first."""
    rows = CaseChange.objects.filter(pk__gt=(xid, case_id), xid__lt=Horizon()).order_by("xid", "case_id")
    return list(rows.values_list("xid", "case_id")[:limit])


def changed_since(moment: datetime) -> QuerySet[CaseChange, int]:
    """The numbers of the cases that changed at this moment or later."""
    return CaseChange.objects.filter(at__gte=moment).values_list("case_id", flat=True)


def end_of_feed() -> int:
    """The transaction before the oldest that still runs: whoever begins there misses nothing that comes."""
    return _horizon() - 1


def _behind(place: Place) -> QuerySet[CaseChange]:
    rows = CaseChange.objects.filter(pk__gt=(place.xid, place.case_id), xid__lt=Horizon())
    return rows.select_related("case__merged_into").order_by("xid", "case_id")


def _kind(row: CaseChange, scope: Scope, is_seen: bool) -> str:
    """What the change means to this reader; empty for none of theirs."""
    moved = bool(row.place_before or row.places_gone or row.centre_before or row.holder_before)
    was_seen = moved and _was_in_scope(row, scope)
    if is_seen:
        return "created" if row.created else "entered" if row.place_before and not was_seen else "changed"
    return "left" if was_seen else ""


def _was_in_scope(row: CaseChange, scope: Scope) -> bool:
    before = (row.place_before, *row.places_gone.split())
    here = any(place.startswith(code) for place in before if place for code in scope.case_subtrees)
    return here or row.centre_before in scope.organisation_ids or row.holder_before in scope.organisation_ids


def _place(text: str, database: str) -> Place:
    if not text:
        return Place(database, 0, 0)
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts[1:]):
        raise Unfit("after 须是上一次应答中的 next，或者 latest。", field="after")
    if parts[0] != database:
        raise Unfit("这个位置属于另一个数据库（可能已从备份恢复），请重新全量拉取，再从 latest 开始。", field="after")
    xid, case_id = int(parts[1]), int(parts[2])
    if max(xid, case_id) >= 2**63:
        raise Unfit("after 须是上一次应答中的 next，或者 latest。", field="after")
    return Place(database, xid, case_id)


def _database() -> str:
    """A short name of this cluster, by which transactions are counted, and of the feed since it began anew last."""
    with connection.cursor() as cursor:
        cursor.execute(NAME)
        return str(cursor.fetchone()[0])


def _horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {HORIZON}")
        return int(cursor.fetchone()[0])
