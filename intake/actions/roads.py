"""The road that an unsettled case was led to: it opens with the outcome, and stays open until its result is known."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake.actions._moves import locked, touch
from intake.actions.verbs import Verb
from intake.models import Case, Road, RoadTaken
from intake.permissions import may_record_road
from intake.queries import open_roads, open_roads_of
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, RuleBroken, WrongState, require
from zhongzhi.core.text import clean_text

NUMBER_LENGTH, RESULT_LENGTH = 80, 1000


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

    Raises WrongState for a case that waits for no road, RuleBroken at `road` for one it was not led to, and at
    `ended_on` for a day ahead or before the case was led there.
    """
    case = locked(case, version=version)
    require(may_record_road(actor, case), "途径的结果由负责中心的窗口或引导单位登记。")
    waiting = {row.road: row for row in open_roads_of(case)}
    if not waiting:
        raise WrongState("这件案件没有等待结果的法律途径，可能已经登记或已重办，请刷新后查看。")
    row = waiting.get(road)
    if row is None:
        raise RuleBroken(f"请选择等待结果的途径：{'、'.join(Road(name).label for name in waiting)}。", field="road")
    if ended_on > timezone.localdate():
        raise RuleBroken("结果日期不能晚于今天。", field="ended_on")
    if ended_on < timezone.localdate(row.led_at):
        raise RuleBroken(f"结果日期不能早于引导日期 {timezone.localdate(row.led_at)}。", field="ended_on")
    row.result = clean_text(result, field="result", max_length=RESULT_LENGTH, multiline=True)
    if not row.result:
        raise BadInput("请填写结果，如 判决支持、裁决驳回、调解结案、撤回。", field="result")
    row.number = clean_text(number, field="number", max_length=NUMBER_LENGTH)
    row.ended_on, row.recorded_by, row.recorded_at = ended_on, actor, timezone.now()
    row.save(update_fields=["ended_on", "number", "result", "recorded_by", "recorded_at"])
    touch(case)
    record(actor, Verb.ROAD_ENDED, case, road=road, row=row.pk, ended_on=ended_on)
    return row
