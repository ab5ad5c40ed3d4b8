"""Acts on police beats (警格): open, change, end; a grid lies in one beat at a time, and what was before is kept."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from grids.models import Beat, BeatGrid, Level, Organisation, Territory
from grids.permissions import may_keep_beats, may_keep_roster_of
from grids.queries import require_open
from grids.queries.beats import held_coverage
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text
from zhongzhi.rows.periods import not_over

NOT_KEEPER = "只有负责派出所所在区域的综治中心负责人或研判分流员可以维护警格。"


@transaction.atomic
def open_beat(
    station: Organisation,
    name: str,
    grids: Sequence[Territory],
    *,
    actor: User,
    starts_on: date | None = None,
    takes_over: bool = False,
) -> Beat:
    """Open a beat of a police station over some grids, from a day on (today by default).

    Raises RuleViolation: at `name` when the station has a beat of that name, at `grids` for what is no grid of one's
    own territory and for a grid that another beat covers, unless `takes_over` says to take it from there.
    """
    require(may_keep_beats(actor, station), NOT_KEEPER)
    day = starts_on or timezone.localdate()
    beat = Beat(station=station, name=_name(name), starts_on=day)
    _save(beat)
    taken = _cover(beat, grids, day, actor=actor, takes_over=takes_over)
    record(actor, Verb.BEAT_OPENED, beat, station=station.pk, grids=[g.code for g in grids], taken=taken, starts=day)
    return beat


@transaction.atomic
def change_beat(
    beat: Beat,
    *,
    actor: User,
    name: str,
    grids: Sequence[Territory],
    from_day: date | None = None,
    takes_over: bool = False,
) -> Beat:
    """Rename a beat, and let it cover exactly these grids from a day on (today by default); before it, what it did.

    Raises InvalidTransition for a beat that has ended, RuleViolation as `open_beat` does.
    """
    beat, day = _locked(beat, actor), from_day or timezone.localdate()
    if day < beat.starts_on:
        raise RuleViolation(f"警格自 {beat.starts_on} 启用，变更日期不能更早。", field="from_day")
    held = list(held_coverage(beat, day).select_for_update(of=("self",)).select_related("territory").order_by("pk"))
    wanted, covered = set(grids), {row.territory for row in held}
    let_go = [row for row in held if row.territory not in wanted]
    _require_keeper(actor, [row.territory for row in let_go])
    stop_coverage(let_go, day)
    added = [grid for grid in grids if grid not in covered]
    taken = _cover(beat, added, day, actor=actor, takes_over=takes_over)
    beat.name = _name(name)
    _save(beat)
    facts = {"added": [g.code for g in added], "removed": [row.territory.code for row in let_go], "taken": taken}
    record(actor, Verb.BEAT_CHANGED, beat, **facts, day=day)
    return beat


@transaction.atomic
def end_beat(beat: Beat, *, actor: User, ends_on: date, reason: str = "") -> Beat:
    """End a beat on a day: its grids are free from then on, who serves on it ends with it; all of it stays as history.

    Raises InvalidTransition when it has ended already, RuleViolation at `ends_on` for a day that is not after its
    start.
    """
    beat = _locked(beat, actor)
    if ends_on <= beat.starts_on:
        raise RuleViolation(f"停用日期应晚于启用日期（{beat.starts_on}）。", field="ends_on")
    late = beat.services.filter(ends_on__isnull=True, starts_on__gte=ends_on).order_by("starts_on").last()
    if late is not None:
        raise RuleViolation(f"包片民警自 {late.starts_on} 任职，停用日期应晚于这一天。", field="ends_on")
    note = clean_text(reason, field="reason", max_length=100)
    stop_coverage(list(held_coverage(beat, ends_on).select_for_update().order_by("pk")), ends_on)
    served = beat.services.filter(not_over(ends_on)).select_for_update()
    people = list(served.order_by("pk").values_list("pk", flat=True))
    served.filter(pk__in=people).update(ends_on=ends_on, end_reason=note or "警格停用")
    beat.ends_on = ends_on
    beat.save(update_fields=["ends_on"])
    record(actor, Verb.BEAT_ENDED, beat, ends_on=ends_on, services=people)
    return beat


def stop_coverage(rows: Sequence[BeatGrid], day: date) -> None:
    """Let these grids go on a day; what would only begin then never was."""
    begun = [row.pk for row in rows if row.starts_on < day]
    BeatGrid.objects.filter(pk__in=begun).update(ends_on=day)
    BeatGrid.objects.filter(pk__in=[row.pk for row in rows if row.starts_on >= day]).delete()


def taken_sentence(row: BeatGrid) -> str:
    """The sentence for a grid that another beat covers."""
    until = f"至 {row.ends_on}" if row.ends_on else "起"
    return f"“{row.territory}”自 {row.starts_on} {until}属于{row.beat.station.short_name}“{row.beat.name}”"


def _cover(beat: Beat, grids: Sequence[Territory], day: date, *, actor: User, takes_over: bool) -> list[str]:
    """Let the beat cover more grids from a day on; the codes of those that another beat gave away."""
    _check_grids(grids, day, actor)
    others = BeatGrid.objects.filter(not_over(day), territory__in=grids).exclude(beat=beat)
    rows = list(others.select_for_update(of=("self",)).select_related("beat__station", "territory").order_by("pk"))
    if rows and not takes_over:
        raise RuleViolation(f"{taken_sentence(rows[0])}；请先从那里划出，或选择“从原警格划入”。", field="grids")
    stop_coverage(rows, day)
    try:
        with transaction.atomic():
            BeatGrid.objects.bulk_create([BeatGrid(beat=beat, territory=grid, starts_on=day) for grid in grids])
    except IntegrityError as error:
        raise RuleViolation("有网格刚刚划给了另一个警格，请刷新后重新选择。", field="grids") from error
    for other in {row.beat for row in rows}:
        given = [row.territory.code for row in rows if row.beat_id == other.pk]
        record(actor, Verb.BEAT_CHANGED, other, added=[], removed=given, to=beat.pk, day=day)
    return [row.territory.code for row in rows]


def _check_grids(grids: Sequence[Territory], day: date, actor: User) -> None:
    for grid in grids:
        if len(grid.code) != Level.GRID:
            raise RuleViolation(f"“{grid}”不是网格，警格由网格组成。", field="grids")
        try:
            require_open(grid)
        except RuleViolation as error:
            raise RuleViolation(error.message, field="grids") from error
        if grid.starts_on > day:
            raise RuleViolation(f"“{grid}”自 {grid.starts_on} 启用，不能更早划入。", field="grids")
    _require_keeper(actor, grids)


def _require_keeper(actor: User, grids: Sequence[Territory]) -> None:
    for grid in grids:
        if not may_keep_roster_of(actor, grid):
            raise RuleViolation(f"“{grid}”不在您维护的范围内。", field="grids")


def _locked(beat: Beat, actor: User) -> Beat:
    rows = Beat.objects.select_for_update(of=("self",)).select_related("station__territory")
    beat = rows.get(pk=beat.pk)
    require(may_keep_beats(actor, beat.station), NOT_KEEPER)
    if beat.ends_on is not None:
        raise InvalidTransition(f"警格“{beat.name}”已于 {beat.ends_on} 停用。")
    return beat


def _name(name: str) -> str:
    name = clean_text(name, field="name", max_length=60)
    if not name:
        raise BadInput("请填写警格名称。", field="name")
    return name


def _save(beat: Beat) -> None:
    try:
        with transaction.atomic():
            beat.save()
    except IntegrityError as error:
        raise RuleViolation(f"{beat.station.short_name}已有名为“{beat.name}”的警格。", field="name") from error
