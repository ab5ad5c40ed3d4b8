"""Villages and communities are merged: codes are retired and replaced, nobody's history is rewritten.

The grids of the retired village go on under new codes of the one it is merged into. Services, beats and posts end on
the day and begin anew at the new places; the retired centre names its successor. Cases, hazards and visits stay where
they are: today's subtree finds them by `current_code`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from grids.actions.moving import move_organisations, move_posts, move_work
from grids.extension_points import open_work_at
from grids.models import Level, OrganisationKind, Territory
from grids.permissions import may_keep_places
from grids.queries import current, members_of, organisations
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, RuleViolation, require
from zhongzhi.core.text import clean_text
from zhongzhi.notices.actions import post as notify

LAST_BASIC, FIRST_DEDICATED, LAST = 899, 901, 999


@dataclass
class Merger:
    """What a merger did: the old places with the new ones, and how many rows moved."""

    into: Territory
    pairs: dict[Territory, Territory] = field(default_factory=dict)
    services: int = 0
    posts: int = 0


@transaction.atomic
def merge_villages(sources: Sequence[Territory], into: Territory, *, actor: User, basis: str) -> Merger:
    """Merge villages or communities into another of the same town, as of today; `basis` is the approval it rests on.

    Raises RuleViolation when a source is `into` itself, of another level or town, or retired already.
    """
    require(may_keep_places(actor, into), "只有旗县综治中心负责人和系统管理员可以办理撤并。")
    basis = clean_text(basis, field="basis", max_length=200)
    if not basis:
        raise BadInput("请写明批准依据（文号）。", field="basis")
    codes = [into.code, *(s.code for s in sources)]
    locked = {
        t.code: t for t in Territory.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("pk")
    }
    into, sources = locked[into.code], [locked[s.code] for s in sources]
    _check(sources, into)
    merger, left = Merger(into), open_work_at([source.code for source in sources])
    for source in sources:
        _merge_one(source, merger, actor)
        record(actor, Verb.VILLAGE_MERGED, source, into=into.code, basis=basis)
    record(
        actor, Verb.VILLAGES_MERGED_IN, into, sources=[s.code for s in sources], basis=basis, services=merger.services
    )
    _tell_successor(into, sources, left)
    return merger


def _tell_successor(into: Territory, sources: Sequence[Territory], left: Mapping[str, str]) -> None:
    """Who goes on with the cases of a merged village hears how many there are."""
    centre = organisations().filter(kind=OrganisationKind.CENTRE, territory=into).first()
    if centre is None:
        return
    for source in sources:
        title, key = f"{source.name}已并入{into.name}，请接续办理", f"village-merged:{source.pk}"
        body, link = left.get(source.code, "没有在办的案件"), f"{reverse('intake:list')}?territory={source.code}"
        notify(members_of(centre), "village_merged", title=title, body=body, link=link, key=key)


def retire(place: Territory, successor: Territory | None, day: date) -> None:
    """End a place; who was merged into it before now counts where it does."""
    place.ends_on, place.successor = day, successor
    place.successor_code = successor.code if successor else None
    place.save(update_fields=["ends_on", "successor", "successor_code"])
    if successor is not None:
        Territory.objects.filter(successor=place).update(successor=successor, successor_code=successor.code)


def _check(sources: Sequence[Territory], into: Territory) -> None:
    if not sources:
        raise BadInput("请选择要撤并的村（社区）。", field="sources")
    if into in sources:
        raise RuleViolation("不能并入自己。", field="into")
    for place in (into, *sources):
        _check_place(place, into)
    today = timezone.localdate()
    if Territory.objects.filter(current(), parent__in=sources, starts_on__gte=today).exists():
        raise RuleViolation("有网格今天才启用，不能在同一天撤并。", field="sources")


def _check_place(place: Territory, into: Territory) -> None:
    if len(place.code) != Level.VILLAGE:
        raise RuleViolation(f"“{place}”不是村或社区。", field="sources")
    if place.ends_on is not None:
        raise RuleViolation(f"“{place}”已停用。", field="sources")
    if place.starts_on >= timezone.localdate():
        raise RuleViolation(f"“{place}”今天才启用，不能在同一天撤并。", field="sources")
    if place.code[: Level.TOWN] != into.code[: Level.TOWN]:
        raise RuleViolation("只能并入同一乡镇（苏木、街道）的村或社区。", field="into")


def _merge_one(source: Territory, merger: Merger, actor: User) -> None:
    day = timezone.localdate()
    pairs = {source: merger.into}
    for grid in Territory.objects.filter(current(), parent=source).order_by("code"):
        pairs[grid] = _new_grid(grid, merger.into, day)
    for old, new in pairs.items():
        retire(old, new, day)
    merger.services += move_work(pairs, day, actor)
    merger.posts += move_posts(source, pairs, day)
    move_organisations(source, pairs, day)
    merger.pairs |= pairs


def _new_grid(grid: Territory, into: Territory, day: date) -> Territory:
    """The grid under the next free code of the village, in its own range (basic or dedicated)."""
    dedicated = int(grid.code[-3:]) >= FIRST_DEDICATED
    first, last = (FIRST_DEDICATED, LAST) if dedicated else (1, LAST_BASIC)
    same_range = Q(code__gte=f"{into.code}{first:03d}", code__lte=f"{into.code}{last:03d}")
    used = (
        Territory.objects.filter(same_range, level=Level.GRID).order_by("-code").values_list("code", flat=True).first()
    )
    serial = int(used[-3:]) + 1 if used else first
    if serial > last:
        raise RuleViolation(f"“{into}”的网格代码已用完。", field="into")
    name = f"专属第{serial - FIRST_DEDICATED + 1}网格" if dedicated else f"第{serial}网格"
    return Territory.objects.create(
        code=f"{into.code}{serial:03d}",
        name=name,
        full_name=f"{into.full_name}{name}",
        kind=grid.kind,
        parent=into,
        is_demo=grid.is_demo,
        starts_on=day,
    )
