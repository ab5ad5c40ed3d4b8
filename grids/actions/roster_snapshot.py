"""What the rows of a roster's table are compared with, read for a chunk at once; and what a row would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.actions.tables import day_of
from grids.models import (
    Beat,
    ExternalId,
    Posting,
    RosterPerson,
    Service,
    ServiceKind,
    Territory,
    Verdict,
    roster_hash,
    roster_hashes,
    service_pk,
)
from grids.queries import current, services, significant_digits
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import people
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import DomainError, RuleViolation
from zhongzhi.rows.periods import not_over


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
class RosterSnapshot:
    """What a chunk of rows is compared with, read at once; and what the rows before it have laid claim to."""

    actor: User
    by_pk: dict[int, Service]
    by_place: dict[tuple[str, int], list[Service]]
    places: dict[str, Territory]
    beats: dict[str, Beat]
    users: dict[str, User]
    externals: dict[tuple[str, str], int]
    papers: dict[bytes, int]
    held: dict["Slot", list[Service]]
    accounts: dict[int, int]
    administrators: set[int]
    people: dict[tuple[str, bytes], RosterPerson]
    reservations: "Reservations"


Slot: TypeAlias = tuple[str, str]
"""A post that one person holds at a time: the full-time worker of a grid (its code), the officer of a beat (its name
as tables have it)."""
ONE_AT_A_TIME = (ServiceKind.FULL_TIME, ServiceKind.OFFICER)


@dataclass
class Reservations:
    """Of the whole table: which services it ends and when, and which of its rows do; which keys were seen, whom it
    gives a post that only one may hold and for how long, whose numbers and accounts it brings, and who (kind, where,
    name, telephone) is given a post by which row."""

    ends: dict[int, date] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    keys: dict[int, int] = field(default_factory=dict)
    posts: dict[Slot, list[tuple[int, date, date | None]]] = field(default_factory=dict)
    papers: dict[bytes, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    people: dict[tuple[str, str, str, bytes], int] = field(default_factory=dict)

    @property
    def hopeless(self) -> set[int]:
        """Services that the table speaks of ending, in rows that will not be written."""
        return set(self.ends) - self.ended


def note_ends(cells: dict[str, str], reservations: Reservations) -> None:
    """Remember that a row ends a service: another row may put the next worker in its place."""
    pk = service_pk(cells.get("key", ""))
    try:
        day = day_of(cells.get("ends_on", ""), "")
    except RuleViolation:
        return
    if pk and day:
        reservations.ends[pk] = day


def reserve_again(number: int, cells: dict[str, str], verdict: str, reservations: Reservations) -> None:
    """What a faultless row laid claim to, as an interrupted check had it."""
    if pk := service_pk(cells.get("key", "")):
        reservations.keys[pk] = number
        if verdict == Verdict.ENDED:
            reservations.ended.add(pk)
    elif verdict == Verdict.NEW and (slot := slot_of(cells)):
        starts = day_of(cells.get("starts_on", ""), "") or timezone.localdate()
        reservations.posts.setdefault(slot, []).append((number, starts, day_of(cells.get("ends_on", ""), "")))
    if verdict == Verdict.NEW and (sealed := phone_hash(cells)):
        kind = next((k.value for k in ServiceKind if k.label == cells.get("kind", "")), "")
        where = cells.get("beat", "") if kind == ServiceKind.OFFICER else significant_digits(cells.get("place", ""))
        reservations.people[kind, where, cells.get("name", ""), sealed] = number
    paper = cells.get("paper_number", "").strip().upper()
    if paper and "*" not in paper and (sealed := roster_hash("paper", paper)):
        reservations.papers[sealed] = number
    if account := cells.get("username", "").strip().lower():
        reservations.accounts[account] = number


def slot_of(cells: dict[str, str]) -> Slot | None:
    """The post of a row that only one person may hold at a time; None for other kinds."""
    kind = cells.get("kind", "").strip()
    if kind == ServiceKind.FULL_TIME.label:
        return ServiceKind.FULL_TIME, significant_digits(cells.get("place", "").strip())
    if kind == ServiceKind.OFFICER.label:
        return ServiceKind.OFFICER, cells.get("beat", "").strip()
    return None


def read_snapshot(
    rows: Sequence[dict[str, str]], actor: User, reservations: Reservations, *, lock: bool = False
) -> RosterSnapshot:
    """Everything a chunk of rows refers to, in a fixed number of queries."""
    keys = {pk for cells in rows if (pk := service_pk(cells.get("key", "")))}
    codes = {significant_digits(cells.get("place", "").strip()) for cells in rows}
    places = {t.code: t for t in Territory.objects.filter(code__in=codes)}
    known = services().select_for_update(of=("self", "person")) if lock else services()
    by_pk = {s.pk: s for s in known.filter(pk__in=keys).order_by("pk")}
    numbers = [(cells.get("system", "").strip(), cells.get("number", "").strip()) for cells in rows]
    wanted = {number for _, number in numbers if number}
    outside = ExternalId.objects.filter(person__isnull=False, number__in=wanted) if wanted else []
    externals = {(e.system, e.number): e.person_id or 0 for e in outside}
    names = {cells.get("username", "").strip().lower() for cells in rows} - {""}
    users = {u.username.lower(): u for u in people().filter(username__in=names)} if names else {}
    beats = _beats(rows)
    return RosterSnapshot(
        actor=actor,
        by_pk=by_pk,
        by_place=_by_place(_namesakes(rows, places, externals)),
        places=places,
        beats=beats,
        users=users,
        externals=externals,
        papers=_papers(rows),
        held=_held(rows, places, beats),
        accounts=_accounts(users),
        administrators=_administrators(users),
        people=_people(rows),
        reservations=reservations,
    )


def _beats(rows: Sequence[dict[str, str]]) -> dict[str, Beat]:
    names = {cells.get("beat", "").strip().rpartition("/")[2] for cells in rows} - {""}
    if not names:
        return {}
    found = Beat.objects.filter(current(), name__in=names).select_related("station__territory")
    return {f"{beat.station.name}/{beat.name}": beat for beat in found}


def _held(
    rows: Sequence[dict[str, str]], places: dict[str, Territory], beats: dict[str, Beat]
) -> dict[Slot, list[Service]]:
    """Every period, past and to come, of the posts of these rows that only one may hold."""
    slots = {slot for cells in rows if (slot := slot_of(cells))}
    if not slots:
        return {}
    grids = {place.pk: code for code, place in places.items()}
    names = {beat.pk: name for name, beat in beats.items()}
    found: dict[Slot, list[Service]] = {}
    for service in services().filter(
        Q(kind=ServiceKind.FULL_TIME, territory__in=grids) | Q(kind=ServiceKind.OFFICER, beat__in=names)
    ):
        slot = (service.kind, grids.get(service.territory_id or 0) or names.get(service.beat_id or 0, ""))
        found.setdefault(slot, []).append(service)
    return found


def _accounts(users: dict[str, User]) -> dict[int, int]:
    """Which of these accounts belong to somebody of the rosters already."""
    if not users:
        return {}
    people = RosterPerson.objects.filter(user__in=users.values()).values_list("user_id", "pk")
    return {user: person for user, person in people if user is not None}


def _administrators(users: dict[str, User]) -> set[int]:
    """Those of these accounts that hold one of the three administrators' posts, which bear no other beside them."""
    if not users:
        return set()
    held = Posting.objects.filter(not_over(timezone.localdate()), user__in=users.values(), separated_duty__gt=0)
    return set(held.values_list("user_id", flat=True))


def _namesakes(
    rows: Sequence[dict[str, str]], places: dict[str, Territory], externals: dict[tuple[str, str], int]
) -> QuerySet[Service]:
    """Who serves at these places and may be meant by a row without a number: by name, or by a number outside."""
    names = {cells.get("name", "").strip() for cells in rows if not cells.get("key", "").strip()}
    meant = Q(person__name__in=names) | Q(person__in=set(externals.values()))
    return services().filter(meant, current(), territory__in=places.values())


def _by_place(rows: QuerySet[Service]) -> dict[tuple[str, int], list[Service]]:
    found: dict[tuple[str, int], list[Service]] = {}
    for service in rows:
        found.setdefault((service.kind, service.territory_id or 0), []).append(service)
    return found


def phone_hash(cells: dict[str, str]) -> bytes | None:
    """The hash of the telephone of a row; None for none, one that is masked and one that is no number."""
    text = cells.get("phone", "")
    try:
        return None if not text.strip() or "*" in text else roster_hash("phone", idnumbers.phone(text))
    except DomainError:
        return None


def _people(rows: Sequence[dict[str, str]]) -> dict[tuple[str, bytes], RosterPerson]:
    """Who of the roster has the name and the telephone of one of these rows."""
    newest = {}
    for cells in rows:
        if sealed := phone_hash(cells):
            for known in roster_hashes("phone", idnumbers.phone(cells["phone"])):
                newest[cells.get("name", ""), known] = sealed
    if not newest:
        return {}
    found = RosterPerson.objects.filter(name__in={n for n, _ in newest}, phone_hash__in={h for _, h in newest})
    keys = [(person, (person.name, bytes(person.phone_hash or b""))) for person in found.order_by("-pk")]
    return {(person.name, newest[key]): person for person, key in keys if key in newest}


def _papers(rows: Sequence[dict[str, str]]) -> dict[bytes, int]:
    """Whose the identity numbers of these rows are already, by their hash."""
    numbers = {
        c["paper_number"].strip().upper()
        for c in rows
        if c.get("paper_number", "").strip() and "*" not in c["paper_number"]
    }
    hashes = [value for number in numbers for value in roster_hashes("paper", number)]
    people = RosterPerson.objects.filter(paper_hash__in=hashes).values_list("paper_hash", "pk")
    return {bytes(value): pk for value, pk in people if value is not None}
