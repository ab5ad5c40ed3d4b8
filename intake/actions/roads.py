"""The road that an unsettled case was led to: it opens with the outcome, and stays open until its result is known. A
result that was recorded wrongly is corrected, what it said before is kept."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake.models import Case, Road, RoadCorrection, RoadTaken
from intake.permissions import may_correct_road, may_record_road
from intake.queries import ended_roads_of, open_roads, open_roads_of
from intake.transitions import locked, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text

NUMBER_LENGTH, RESULT_LENGTH = 80, 1000
NOT_RECORDER = "途径的结果由负责中心的窗口或引导单位登记和更正。"


def open_road(case: Case, road: str, *, organisation: Organisation, at: datetime) -> RoadTaken:
    """A locked case is led to a road; one of the same kind that is still open stays the same."""
    known = open_roads().filter(case=case, road=road).first()
    return known or RoadTaken.objects.create(case=case, road=road, led_at=at, led_by=organisation)


def drop_roads(case: Case, *, at: datetime) -> None:
    """A locked case is taken up again: its roads are waited for no more."""
    open_roads().filter(case=case).update(dropped_at=at)


@transaction.atomic
def record_road_result(
    case: Case,
    *,
    actor: User,
    road: str,
    ended_on: date,
    result: str,
    number: str = "",
    version: int | None = None,
) -> RoadTaken:
    """What court, arbitration or reconsideration decided, on which day, under which number. The state stays.

    Raises InvalidTransition for a case that waits for no road, RuleViolation at `road` for one it was not led to, and
    at `ended_on` for a day ahead or before the case was led there.
    """
    case = locked(case, version=version)
    require(may_record_road(actor, case), NOT_RECORDER)
    waiting = {row.road: row for row in open_roads_of(case)}
    if not waiting:
        raise InvalidTransition("这件案件没有等待结果的法律途径，可能已经登记或已重办，请刷新后查看。")
    row = waiting.get(road)
    if row is None:
        raise RuleViolation(f"请选择等待结果的途径：{'、'.join(Road(name).label for name in waiting)}。", field="road")
    said = _checked(row, ended_on, number, result)
    _write(row, said, actor)
    touch(case)
    record(actor, Verb.ROAD_ENDED, case, road=road, row=row.pk, ended_on=ended_on)
    return row


@transaction.atomic
def correct_road_result(
    case: Case,
    *,
    actor: User,
    row: int,
    ended_on: date,
    result: str,
    reason: str,
    number: str = "",
    version: int | None = None,
) -> RoadTaken:
    """Correct a recorded result (`row`: the road's key) that says something wrong, with a reason; the state stays.

    What stood there is kept as a row of its own; the trail holds its digest, never its words. Raises
    InvalidTransition for a case without a recorded result, RuleViolation at `row` for none of its own, at `result`
    for one that stays as it was, and at `ended_on` for a day that cannot be.
    """
    case = locked(case, version=version)
    known = {road.pk: road for road in ended_roads_of(case)}
    if not known:
        raise InvalidTransition("这件案件还没有登记过途径结果，没有可以更正的。")
    chosen = known.get(row)
    require(may_correct_road(actor, case, [chosen] if chosen else known.values()), NOT_RECORDER)
    if chosen is None:
        raise RuleViolation("请选择本案已登记结果的途径。", field="row")
    said, before = _checked(chosen, ended_on, number, result), _said(chosen)
    changed = [name for name, value in said.items() if value != before[name]]
    if not changed:
        raise RuleViolation("与已登记的结果相同，没有需要更正的内容。", field="result")
    kept = _kept(chosen, reason_given(reason), actor)
    _write(chosen, said, actor)
    touch(case)
    digest = sm3("\n".join(str(value) for value in before.values()).encode())
    record(actor, Verb.ROAD_CORRECTED, case, row=row, correction=kept.pk, fields=changed, before=digest)
    return chosen


def _checked(row: RoadTaken, ended_on: date, number: str, result: str) -> dict[str, Any]:
    """What a result says, cleaned; refused where it cannot be."""
    if ended_on > timezone.localdate():
        raise RuleViolation("结果日期不能晚于今天。", field="ended_on")
    if ended_on < timezone.localdate(row.led_at):
        raise RuleViolation(f"结果日期不能早于引导日期 {timezone.localdate(row.led_at)}。", field="ended_on")
    words = clean_text(result, field="result", max_length=RESULT_LENGTH, multiline=True)
    if not words:
        raise BadInput("请填写结果，如 判决支持、裁决驳回、调解结案、撤回。", field="result")
    return {
        "ended_on": ended_on,
        "number": clean_text(number, field="number", max_length=NUMBER_LENGTH),
        "result": words,
    }


def _said(row: RoadTaken) -> dict[str, Any]:
    return {"ended_on": row.ended_on, "number": row.number, "result": row.result}


def _write(row: RoadTaken, said: dict[str, Any], actor: User) -> None:
    for name, value in {**said, "recorded_by": actor, "recorded_at": timezone.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*said, "recorded_by", "recorded_at"])


def _kept(row: RoadTaken, reason: str, actor: User) -> RoadCorrection:
    """What a recorded result said, kept before it is written over."""
    assert row.recorded_by_id is not None and row.recorded_at is not None  # the constraint: a result is whole
    return RoadCorrection.objects.create(
        road=row,
        **_said(row),
        recorded_by_id=row.recorded_by_id,
        recorded_at=row.recorded_at,
        reason=clean_text(reason, field="reason", max_length=RESULT_LENGTH, multiline=True),
        actor=actor,
    )
