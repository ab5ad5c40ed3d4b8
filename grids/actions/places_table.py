"""What each row of a table of places would do, and doing it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max
from django.utils import timezone

from grids.actions.merging import retire
from grids.actions.moving import end_posts_at, end_work_at
from grids.actions.roster_snapshot import Plan
from grids.actions.tables import PLACES, day_of
from grids.models import BeatGrid, ExternalId, FormerName, Level, Service, Territory, Verdict
from grids.permissions import may_keep_places
from grids.queries import current, significant_digits
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import DomainError
from zhongzhi.core.text import clean_text

TITLES = {column.name: column.title for column in PLACES}
COLUMNS = ("name", "full_name", "kind")
REASON = "区划停用"


@dataclass
class PlaceReservations:
    """Of the whole table: which codes were seen in which row, and which places it brings."""

    seen: dict[str, int] = field(default_factory=dict)
    planned: dict[str, Territory] = field(default_factory=dict)


@dataclass
class PlaceSnapshot:
    """The places that a chunk of a table speaks of, their parents, when somebody last began to serve at those that are
    to be retired, and what the table itself brings."""

    actor: User
    known: dict[str, Territory]
    children: dict[str, int]
    begun: dict[str, date]
    reservations: PlaceReservations


@dataclass
class PlacePlan(Plan):
    """What one row would do to a place."""

    place: Territory | None = None
    successor: Territory | None = None


def reserve_place_again(number: int, cells: dict[str, str], verdict: str, reservations: PlaceReservations) -> None:
    """What a faultless row laid claim to, as an interrupted check had it."""
    code, name = significant_digits(cells.get("code", "").strip()), cells.get("name", "").strip()
    reservations.seen[code] = number
    if verdict == Verdict.NEW:
        full_name = cells.get("full_name", "").strip() or name
        reservations.planned[code] = Territory(
            code=code, name=name, full_name=full_name, starts_on=timezone.localdate()
        )


def read_places(
    rows: Sequence[dict[str, str]], actor: User, reservations: PlaceReservations, *, lock: bool = False
) -> PlaceSnapshot:
    """Everything a chunk refers to, in two queries, and two more where places are retired."""
    codes = {significant_digits(cells.get(name, "").strip()) for cells in rows for name in ("code", "successor")}
    codes |= {code[:length] for code in codes for length in (2, 4, 6, 9, 12)}
    places = Territory.objects.select_for_update(of=("self",), no_key=True) if lock else Territory.objects
    known = {t.code: t for t in places.filter(code__in=codes).order_by("pk")}
    children: dict[str, int] = {}
    for code in Territory.objects.filter(current(), parent__in=known.values()).values_list("parent_code", flat=True):
        children[code] = children.get(code, 0) + 1
    retired = {significant_digits(cells.get("code", "").strip()) for cells in rows if cells.get("ends_on", "").strip()}
    return PlaceSnapshot(actor, known, children, _begun(retired), reservations)


def _begun(codes: set[str]) -> dict[str, date]:
    """When the latest service or coverage by a beat at some places began."""
    found: dict[str, date] = {}
    for model in (Service, BeatGrid) if codes else ():
        rows = model.objects.filter(territory__code__in=codes).values_list("territory__code")
        for code, day in rows.annotate(Max("starts_on")).order_by():
            found[code] = max(day, found.get(code, day))
    return found


def plan_place(number: int, cells: dict[str, str], snapshot: PlaceSnapshot) -> PlacePlan:
    """What the row would do; every fault in words."""
    code = significant_digits(cells.get("code", "").strip())
    plan = PlacePlan(number, label=f"{cells.get('name', '')} {code}".strip()[:120])
    if not code.isascii() or not code.isdigit() or len(code) not in (Level.TOWN, Level.VILLAGE, Level.GRID):
        plan.fault(f"区划代码“{code[:20]}”应为 9 位（乡镇）、12 位（村）或 15 位（网格）数字。")
        return plan
    if snapshot.reservations.seen.setdefault(code, number) != number:
        plan.fault(f"代码 {code} 在第 {snapshot.reservations.seen[code]} 行已出现过。")
        return plan
    place = snapshot.known.get(code)
    try:
        _plan_new(plan, code, cells, snapshot) if place is None else _plan_known(plan, place, cells, snapshot)
    except DomainError as error:
        plan.fault(error.message)
    return plan


def write_places(plans: Sequence[PlacePlan], actor: User) -> None:
    """Write a chunk of faultless plans, the wider places first. Whoever serves at a retired place ends with it."""
    ended: dict[int, dict[str, int]] = {}
    for plan in sorted(plans, key=lambda p: len(p.place.code) if p.place else 0):
        if plan.place is None or plan.verdict == Verdict.SAME:
            continue
        if plan.verdict == Verdict.NEW:
            plan.place.parent = Territory.objects.get(code=_parent_code(plan.place.code))
        _keep_former_name(plan.place)
        plan.place.save()
        if plan.verdict == Verdict.ENDED and plan.place.ends_on:
            ended[plan.place.pk] = _end(plan.place, plan.successor, plan.place.ends_on)
    links = [
        ExternalId(system=p.external[0], number=p.external[1], territory=p.place)
        for p in plans
        if p.external and p.place
    ]
    ExternalId.objects.bulk_create(links, ignore_conflicts=True)
    verbs = {Verdict.NEW: Verb.PLACE_OPENED, Verdict.CHANGED: Verb.PLACE_RENAMED, Verdict.ENDED: Verb.PLACE_RETIRED}
    record_all(
        [
            AuditEvent(
                actor,
                verbs[Verdict(p.verdict)],
                p.place,
                {"by": "table", "fields": p.changes, **ended.get(p.place.pk, {})},
            )
            for p in plans
            if p.place is not None and p.verdict != Verdict.SAME
        ]
    )


def _keep_former_name(place: Territory) -> None:
    """A place that gets another name is found by the former one."""
    before = Territory.objects.filter(pk=place.pk).values_list("full_name", flat=True).first()
    if before and before != place.full_name:
        FormerName.objects.create(territory=place, name=before)


def _end(place: Territory, successor: Territory | None, day: date) -> dict[str, int]:
    """Retire a place; how much ended with it."""
    ended = end_work_at([place], day, REASON)
    end_posts_at(ended, place, day)  # while the place still stands below its own centre
    retire(place, successor, day)
    return ended.facts()


def _plan_new(plan: PlacePlan, code: str, cells: dict[str, str], snapshot: PlaceSnapshot) -> None:
    parent = snapshot.known.get(_parent_code(code)) or snapshot.reservations.planned.get(_parent_code(code))
    if parent is None:
        plan.fault(f"上级 {_parent_code(code)} 不存在；上级须先登记，或排在本表的前面。")
        return
    if parent.ends_on is not None:
        plan.fault(f"上级“{parent}”已停用。")
    above = next(snapshot.known[code[:n]] for n in (12, 9, 6) if code[:n] in snapshot.known)
    if not may_keep_places(snapshot.actor, above):
        plan.fault("这里不在您维护的范围内。")
    name = _text(cells, "name", 60)
    if not name:
        plan.fault("请填写名称。")
    place = Territory(
        code=code,
        name=name,
        full_name=_text(cells, "full_name", 120) or _full_name(parent, name),
        kind=_text(cells, "kind", 20),
        starts_on=day_of(cells.get("starts_on", ""), TITLES["starts_on"]) or timezone.localdate(),
    )
    plan.place, plan.external = place, _external(cells)
    if day_of(cells.get("ends_on", ""), TITLES["ends_on"]) is not None:
        plan.fault("新增的区划不能同时停用。")
    if not plan.faults:
        plan.verdict = Verdict.NEW
        snapshot.reservations.planned[code] = place


def _plan_known(plan: PlacePlan, place: Territory, cells: dict[str, str], snapshot: PlaceSnapshot) -> None:
    plan.place, plan.external = place, None
    if not may_keep_places(snapshot.actor, place):
        plan.fault("这里不在您维护的范围内。")
        return
    for name, limit in zip(COLUMNS, (60, 120, 20), strict=True):
        value = _text(cells, name, limit)
        if value and value != getattr(place, name):
            setattr(place, name, value)
            plan.changes.append(TITLES[name])
    ends = day_of(cells.get("ends_on", ""), TITLES["ends_on"])
    if ends is not None and ends != place.ends_on:
        _plan_end(plan, place, cells, snapshot)
        place.ends_on = ends
    if plan.changes and not plan.faults:
        plan.verdict = Verdict.ENDED if TITLES["ends_on"] in plan.changes else Verdict.CHANGED


def _plan_end(plan: PlacePlan, place: Territory, cells: dict[str, str], snapshot: PlaceSnapshot) -> None:
    ends = day_of(cells.get("ends_on", ""), TITLES["ends_on"])
    if place.ends_on is not None:
        plan.fault(f"“{place}”已于 {place.ends_on} 停用。")
    elif snapshot.children.get(place.code):
        plan.fault(f"下面还有 {snapshot.children[place.code]} 个在用的区划；请用“村（社区）撤并”办理，或先停用下级。")
    elif ends is not None:
        _check_end(plan, place, ends, snapshot.begun.get(place.code))
    code = significant_digits(cells.get("successor", "").strip())
    if code:
        plan.successor = snapshot.known.get(code)
        if plan.successor is None or plan.successor.ends_on is not None or plan.successor == place:
            plan.fault(f"并入代码 {code[:15]} 不是现行的区划。")
        elif len(code) != len(place.code):
            plan.fault("只能并入同一级的区划。")
    plan.changes.append(TITLES["ends_on"])


def _check_end(plan: PlacePlan, place: Territory, ends: date, begun: date | None) -> None:
    """A place retires today or on a day that has been: until a day ahead it would go on taking services."""
    if ends > timezone.localdate():
        plan.fault(f"“{TITLES['ends_on']}”{ends} 晚于今天；请到停用当天再导入这一行，或填写不晚于今天的日期。")
    elif ends <= place.starts_on:
        plan.fault(f"停用日期应晚于启用日期（{place.starts_on}）。")
    elif begun is not None and begun >= ends:
        plan.fault(f"这里有自 {begun} 起的任职或警格覆盖；停用日期应晚于这一天。")


def _full_name(parent: Territory, name: str) -> str:
    return name if len(parent.code) <= Level.COUNTY else f"{parent.full_name}{name}"


def _text(cells: dict[str, str], name: str, limit: int) -> str:
    return clean_text(cells.get(name, ""), max_length=limit)


def _external(cells: dict[str, str]) -> tuple[str, str] | None:
    system, number = _text(cells, "system", 30), _text(cells, "number", 60)
    return (system, number) if system and number else None


def _parent_code(code: str) -> str:
    return code[: {9: 6, 12: 9, 15: 12}[len(code)]]
