"""What the rows of a roster's table are compared with, read for a chunk at once; and what a row would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from grids.actions.tables import day_of
from grids.models import (
    Beat,
    ExternalId,
    RosterPerson,
    Service,
    ServiceKind,
    Territory,
    Verdict,
    roster_hash,
    service_pk,
)
from grids.queries import current, services, significant_digits
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleBroken


@dataclass
class Plan:
    """What one row would do."""

    number: int
    verdict: str = Verdict.SAME
    faults: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    label: str = ""
    service: Service | None = None
    external: tuple[str, str] | None = None

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)
        self.verdict = Verdict.FAULTY


@dataclass
class World:
    """What a chunk of rows is compared with, read at once; and what the rows before it have laid claim to."""

    actor: User
    by_pk: dict[int, Service]
    by_place: dict[tuple[str, int], list[Service]]
    places: dict[str, Territory]
    beats: dict[str, Beat]
    users: dict[str, User]
    externals: dict[tuple[str, str], int]
    papers: dict[bytes, int]
    claims: "Claims"


@dataclass
class Claims:
    """Of the whole table: which services it ends and when, which keys were seen, which grids it gives a worker."""

    ends: dict[int, date] = field(default_factory=dict)
    keys: dict[int, int] = field(default_factory=dict)
    grids: dict[str, int] = field(default_factory=dict)
    papers: dict[bytes, int] = field(default_factory=dict)


def note_ends(cells: dict[str, str], claims: Claims) -> None:
    """Remember that a row ends a service: another row may put the next worker in its place."""
    pk = service_pk(cells.get("key", ""))
    try:
        day = day_of(cells.get("ends_on", ""), "")
    except RuleBroken:
        return
    if pk and day:
        claims.ends[pk] = day


def claim_again(number: int, cells: dict[str, str], verdict: str, claims: Claims) -> None:
    """What a faultless row laid claim to, as an interrupted check had it."""
    if pk := service_pk(cells.get("key", "")):
        claims.keys[pk] = number
    elif verdict == Verdict.NEW and cells.get("kind", "").strip() == ServiceKind.FULL_TIME.label:
        claims.grids[significant_digits(cells.get("place", "").strip())] = number
    paper = cells.get("paper_number", "").strip().upper()
    if paper and "*" not in paper and (sealed := roster_hash("paper", paper)):
        claims.papers[sealed] = number


def read_world(rows: Sequence[dict[str, str]], actor: User, claims: Claims, *, lock: bool = False) -> World:
    """Everything a chunk of rows refers to, in a fixed number of queries."""
    keys = {pk for cells in rows if (pk := service_pk(cells.get("key", "")))}
    codes = {significant_digits(cells.get("place", "").strip()) for cells in rows}
    places = {t.code: t for t in Territory.objects.filter(code__in=codes)}
    known = services().select_for_update(of=("self", "person")) if lock else services()
    by_pk = {s.pk: s for s in known.filter(pk__in=keys).order_by("pk")}
    numbers = [(cells.get("system", "").strip(), cells.get("number", "").strip()) for cells in rows]
    outside = ExternalId.objects.filter(person__isnull=False, number__in={number for _, number in numbers if number})
    names = {cells.get("username", "").strip().lower() for cells in rows} - {""}
    return World(
        actor=actor,
        by_pk=by_pk,
        by_place=_by_place(services().filter(current(), territory__in=places.values())),
        places=places,
        beats={
            f"{b.station.name}/{b.name}": b for b in Beat.objects.filter(current()).select_related("station__territory")
        },
        users={u.username.lower(): u for u in User.objects.filter(username__in=names)},
        externals={(e.system, e.number): e.person_id or 0 for e in outside},
        papers=_papers(rows),
        claims=claims,
    )


def _by_place(rows: QuerySet[Service]) -> dict[tuple[str, int], list[Service]]:
    found: dict[tuple[str, int], list[Service]] = {}
    for service in rows:
        found.setdefault((service.kind, service.territory_id or 0), []).append(service)
    return found


def _papers(rows: Sequence[dict[str, str]]) -> dict[bytes, int]:
    """Whose the identity numbers of these rows are already, by their hash."""
    numbers = {
        c["paper_number"].strip().upper()
        for c in rows
        if c.get("paper_number", "").strip() and "*" not in c["paper_number"]
    }
    hashes = [roster_hash("paper", number) for number in numbers]
    people = RosterPerson.objects.filter(paper_hash__in=hashes).values_list("paper_hash", "pk")
    return {bytes(value): pk for value, pk in people if value is not None}
