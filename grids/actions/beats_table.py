"""What each row of a table of police beats would do, and doing it: one row, one grid and the beat that covers it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from grids.actions.beats import stop_coverage, taken_sentence
from grids.actions.roster_snapshot import Plan
from grids.actions.tables import BEATS, day_of
from grids.models import Beat, BeatGrid, Level, Organisation, OrganisationKind, Territory, Verdict
from grids.permissions import may_keep_beats, may_keep_roster_of
from grids.queries import organisations, significant_digits
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import DomainError
from zhongzhi.core.text import clean_text
from zhongzhi.rows.periods import not_over

TITLES = {column.name: column.title for column in BEATS}


@dataclass
class BeatReservations:
    """Of the whole table: which grid stands in which row."""

    seen: dict[str, int] = field(default_factory=dict)


@dataclass
class BeatSnapshot:
    """What a chunk of rows is compared with, read at once."""

    actor: User
    stations: dict[str, Organisation]
    beats: dict[tuple[int, str], Beat]
    grids: dict[str, Territory]
    covered: dict[str, list[BeatGrid]]
    reservations: BeatReservations


@dataclass
class BeatPlan(Plan):
    """What one row would do: let `beat` cover `grid` from `day` on, or end what covers it on `day`."""

    beat: Beat | None = None
    grid: Territory | None = None
    held: BeatGrid | None = None
    day: date = date.min


def reserve_beat_again(number: int, cells: dict[str, str], verdict: str, reservations: BeatReservations) -> None:
    """What a faultless row laid claim to, as an interrupted check had it."""
    reservations.seen[_code(cells)] = number


def read_beats(
    rows: Sequence[dict[str, str]], actor: User, reservations: BeatReservations, *, lock: bool = False
) -> BeatSnapshot:
    """Everything a chunk of rows refers to, in a fixed number of queries."""
    names = {cells.get("station", "").strip() for cells in rows}
    found = organisations().filter(kind=OrganisationKind.POLICE_STATION)
    stations = {s.short_name: s for s in found.filter(short_name__in=names)}
    stations |= {s.name: s for s in found.filter(name__in=names)}
    grids = {t.code: t for t in Territory.objects.filter(code__in={_code(cells) for cells in rows})}
    covering = BeatGrid.objects.select_for_update(of=("self",)) if lock else BeatGrid.objects
    covered: dict[str, list[BeatGrid]] = {}
    periods = covering.filter(territory__in=grids.values()).select_related("beat__station", "territory")
    for row in periods.order_by("territory", "starts_on"):
        covered.setdefault(row.territory.code, []).append(row)
    beats = Beat.objects.filter(not_over(timezone.localdate()), station__in=stations.values()).select_related("station")
    return BeatSnapshot(actor, stations, {(b.station_id, b.name): b for b in beats}, grids, covered, reservations)


def plan_beat(number: int, cells: dict[str, str], snapshot: BeatSnapshot) -> BeatPlan:
    """What the row would do; every fault in words."""
    plan = BeatPlan(number, label=f"{cells.get('station', '')}/{cells.get('beat', '')} {_code(cells)}"[:120])
    plan.grid, plan.beat = _grid(plan, cells, snapshot), _beat(plan, cells, snapshot)
    if plan.faults or plan.grid is None or plan.beat is None:
        return plan
    covered = snapshot.covered.get(plan.grid.code, [])
    plan.held = next((row for row in covered if row.ends_on is None), None)
    try:
        starts, ends = (day_of(cells.get(name, ""), TITLES[name]) for name in ("starts_on", "ends_on"))
        _plan_end(plan, ends, covered) if ends else _plan_start(plan, starts, covered)
    except DomainError as error:
        plan.fault(error.message)
    return plan


def write_beats(plans: Sequence[BeatPlan], actor: User) -> None:
    """Write a chunk of faultless plans: beats that are new, ends, then what begins."""
    acting = [plan for plan in plans if plan.verdict != Verdict.SAME and plan.grid and plan.beat]
    for plan in acting:
        if plan.held is not None:
            stop_coverage([plan.held], plan.day)
    begun = [plan for plan in acting if plan.verdict != Verdict.ENDED]
    opened = _open_beats(begun, actor)
    for plan in begun:
        if plan.beat is not None and plan.beat.pk is None:
            plan.beat = opened[plan.beat.station_id, plan.beat.name]
    BeatGrid.objects.bulk_create([BeatGrid(beat=p.beat, territory=p.grid, starts_on=p.day) for p in begun])
    record_all([happening for plan in acting for happening in _happenings(plan, actor)])


def _open_beats(plans: Sequence[BeatPlan], actor: User) -> dict[tuple[int, str], Beat]:
    opened: dict[tuple[int, str], Beat] = {}
    for plan in plans:
        if plan.beat is not None and plan.beat.pk is None:
            key = (plan.beat.station_id, plan.beat.name)
            beat = opened.setdefault(key, plan.beat)
            beat.starts_on = min(beat.starts_on, plan.day)
    for beat in opened.values():
        beat.save()
    facts = {"by": "table"}
    record_all([AuditEvent(actor, Verb.BEAT_OPENED, b, facts | {"station": b.station_id}) for b in opened.values()])
    return opened


def _happenings(plan: BeatPlan, actor: User) -> list[AuditEvent]:
    assert plan.grid is not None
    facts, code = {"by": "table", "day": plan.day.isoformat()}, [plan.grid.code]
    found = []
    if plan.held is not None:
        found.append(AuditEvent(actor, Verb.BEAT_CHANGED, plan.held.beat, facts | {"added": [], "removed": code}))
    if plan.verdict != Verdict.ENDED and plan.beat is not None:
        found.append(AuditEvent(actor, Verb.BEAT_CHANGED, plan.beat, facts | {"added": code, "removed": []}))
    return found


def _code(cells: dict[str, str]) -> str:
    return significant_digits(cells.get("place", "").strip())


def _grid(plan: BeatPlan, cells: dict[str, str], snapshot: BeatSnapshot) -> Territory | None:
    code = _code(cells)
    grid = snapshot.grids.get(code)
    if snapshot.reservations.seen.setdefault(code, plan.number) != plan.number:
        plan.fault(f"网格 {code[:15]} 在第 {snapshot.reservations.seen[code]} 行已出现过；一个网格只属于一个警格。")
    elif grid is None or len(code) != Level.GRID:
        plan.fault(f"没有区划代码为“{code[:20]}”的网格；网格代码为 15 位。" if code else "请填写网格代码。")
    elif grid.ends_on is not None:
        plan.fault(f"“{grid}”已停用。")
    elif not may_keep_roster_of(snapshot.actor, grid):
        plan.fault(f"“{grid}”不在您维护的范围内。")
    return grid


def _beat(plan: BeatPlan, cells: dict[str, str], snapshot: BeatSnapshot) -> Beat | None:
    name, station = clean_text(cells.get("beat", ""))[:61], snapshot.stations.get(cells.get("station", "").strip())
    if station is None:
        plan.fault(f"没有名为“{cells.get('station', '')[:30]}”的派出所；请写全称或简称。")
        return None
    if not may_keep_beats(snapshot.actor, station):
        plan.fault(f"{station.short_name}不在您维护的范围内。")
    if not name or len(name) > 60:
        plan.fault("请填写警格名称，不超过 60 字。")
    known = snapshot.beats.get((station.pk, name))
    if known is not None and known.ends_on is not None:
        plan.fault(f"警格“{name}”将于 {known.ends_on} 停用。")
    return known or Beat(station=station, name=name, starts_on=timezone.localdate())


def _plan_end(plan: BeatPlan, ends: date, covered: list[BeatGrid]) -> None:
    assert plan.beat is not None
    plan.day = ends
    if plan.held is None or plan.held.beat_id != plan.beat.pk:
        same = [row for row in covered if row.beat_id == plan.beat.pk and row.ends_on == ends]
        if not same:
            plan.fault(f"“{plan.grid}”现在不属于“{plan.beat.name}”，不能结束。")
    elif ends <= plan.held.starts_on:
        plan.fault(f"结束日期应晚于起始日期（{plan.held.starts_on}）。")
    else:
        plan.verdict, plan.changes = Verdict.ENDED, [TITLES["ends_on"]]


def _plan_start(plan: BeatPlan, starts: date | None, covered: list[BeatGrid]) -> None:
    assert plan.beat is not None and plan.grid is not None
    held, new = plan.held, plan.beat.pk is None
    if held is not None and held.beat_id == plan.beat.pk:
        if starts and starts != held.starts_on:
            plan.fault(f"“{plan.grid}”自 {held.starts_on} 起已属于“{plan.beat.name}”，起始日期不能再改。")
        return
    moves = held is not None and starts in (None, held.starts_on)  # an exported row whose beat was written over
    plan.day = timezone.localdate() if moves or starts is None else starts
    if plan.day < plan.grid.starts_on or (not new and plan.day < plan.beat.starts_on):
        plan.fault("起始日期早于网格或警格的启用日期。")
    _check_periods(plan, covered)
    if plan.faults:
        return
    plan.verdict = Verdict.CHANGED if held is not None else Verdict.NEW
    plan.changes = [f"由“{held.beat.name}”划入"] if held is not None else []
    if new:
        plan.changes.append("新设警格")


def _check_periods(plan: BeatPlan, covered: list[BeatGrid]) -> None:
    """The new period must not overlap with those before, nor begin before the one it ends."""
    for row in covered:
        if row is plan.held and row.starts_on > plan.day:
            plan.fault(f"{taken_sentence(row)}，起始日期不能更早。")
        elif row is not plan.held and (row.ends_on is None or row.ends_on > plan.day):
            plan.fault(f"{taken_sentence(row)}，日期不能重叠。")
