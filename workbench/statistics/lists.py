"""Which rows an address asks for: a measure, a place, a period, a part of it. Made of the definitions themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from grids.queries import names_of_places, organisations_by_id
from grids.scope import scope_of
from intake import queries
from intake.counting import queries as counting_queries
from intake.counting.queries import AXES, Slice, all_measures, model_of
from workbench.statistics.listings import LISTINGS, Line
from workbench.statistics.periods import Period, asked_period
from workbench.statistics.permissions import place_for
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput

OVERDUE = "overdue"


@dataclass(frozen=True)
class AskedList:
    """The rows, and what they are in words. `lines_of` tells a page of them; cases are told as everywhere."""

    title: str
    definition: str
    where: str
    period: Period
    place: str
    rows: QuerySet[Any]
    unit: str = "件"
    lines_of: Callable[[User, list[Any]], list[Line]] | None = None


def asked_list(user: User, asked: QueryDict) -> AskedList:
    """Read the address. BadInput names what it does not know; NotFound for a place beyond one's territory."""
    period = asked_period(
        timezone.localdate(), name=asked.get("period", ""), start=asked.get("from", ""), end=asked.get("to", "")
    )
    place = _place(user, asked.get("place", ""))
    of = Slice(place, period.start, period.end)
    where = names_of_places([place]).get(place, "本单位") if place else "本单位"
    where += "（本级）" if asked.get("alone") == "1" else ""
    name = asked.get("measure", "")
    if name == OVERDUE:
        return _overdue(user, asked, of, where, period)
    if name not in all_measures():
        raise BadInput(f"没有“{name[:20]}”这个统计指标。", field="measure")
    alone = asked.get("alone") == "1"
    measure, axis, keys = all_measures()[name], asked.get("axis", ""), tuple(asked.getlist("key"))[:500]
    if axis and axis not in measure.axes:
        raise BadInput(f"“{measure.label}”不按“{axis[:20]}”统计。", field="axis")
    if axis in ("organisation", "holder") and not all(key.isdigit() and len(key) < 12 for key in keys):
        raise BadInput("单位编号有误。", field="key")
    if (listing := LISTINGS.get(model_of(measure))) is not None:
        found = listing.counted(user, measure, of, alone=alone)
        return AskedList(measure.label, measure.definition, where, period, place, found, measure.unit, listing.lines_of)
    rows = counting_queries.cases_counted(user, measure, of, axis=axis, keys=keys, alone=alone)
    part = f"：{'、'.join(_labels(axis, keys))}" if axis else ""
    return AskedList(f"{measure.label}{part}", measure.definition, where, period, place, rows)


def _place(user: User, code: str) -> str:
    """The place asked for; those who only have an organisation see that organisation's cases wherever they are."""
    if not code and not scope_of(user).subtrees:
        return ""
    return place_for(user, code).code


def _overdue(user: User, asked: QueryDict, of: Slice, where: str, period: Period) -> AskedList:
    organisation = asked.get("key", "")
    pk = int(organisation) if organisation.isdigit() and len(organisation) < 12 else None
    rows = counting_queries.overdue_cases(user, of.place, pk)
    who = f"：{organisations_by_id({pk}).get(pk, '')}" if pk else ""
    return AskedList(f"超期数{who}", "此刻在办、有时限已超期的案件", where, period, of.place, rows)


def _labels(axis: str, keys: tuple[str, ...]) -> list[str]:
    if axis in ("organisation", "holder"):
        known = organisations_by_id({int(key) for key in keys})
        return [known.get(int(key), key) for key in keys]
    labels = queries.category_names() if axis == "category" else AXES[axis].labels or {}
    return [labels.get(key, key) for key in keys]
