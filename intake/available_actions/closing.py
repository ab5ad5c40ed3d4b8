"""Acts at the end of a case: review and close, follow up, what became of the road it was led to, archive, reopen."""

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import Any

from rest_framework import serializers

from intake import actions, permissions
from intake.actions.outcome import why_not_review
from intake.available_actions.limits import sets_limits
from intake.available_actions.scopes import OF_HANDLERS, OF_REGISTRARS
from intake.available_actions.situation import Situation
from intake.available_actions.triage import sorts
from intake.deadlines.models import ClockKind
from intake.lifecycle import Event, State
from intake.models import Case, ContactWay, FollowUp, Performance, Road, RoadTaken, Satisfaction
from intake.queries import ended_roads_of, open_roads_of
from intake.queries.veiling import hidden_names, masked_text
from intake.sight import sight_within
from zhongzhi.web.act_table import Act, Asked
from zhongzhi.web.shapes import NOTE, REASON, Choice, Day, Line, RowChoice, Shape, Text, Tick, Words, YesNo, today


def _closes(s: Situation) -> bool:
    return permissions.may_close(s.user, s.case) and why_not_review(s.case, s.user) is None


def _reported(s: Situation) -> Asked | None:
    """What is reviewed: the outcome as it was reported, as far as this person may see it."""
    case = s.case
    if not case.outcome:
        return None
    road = f"，引导途径：{case.get_road_display()}" if case.road else ""
    said = case.outcome_note
    if not sight_within(s.user, case).is_full:
        said = masked_text(said, hidden_names(case))
    return Asked("反馈的办理结果", f"{case.get_outcome_display()}{road}", said)


def _archives(s: Situation) -> bool:
    return s.may_sort and not s.gaps


def _restores(s: Situation) -> bool:
    return permissions.may_restore(s.user, s.case)


def _withdraws(s: Situation) -> bool:
    return permissions.may_withdraw(s.user, s.case)


def _follows_up(s: Situation) -> bool:
    return s.case.status == State.CLOSED and permissions.may_follow_up(s.user, s.case)


def _follow_up(case: Case, *, actor: Any, version: int | None = None, **heard: Any) -> FollowUp:
    return actions.record_follow_up(case, actions.Heard(**heard), actor=actor, version=version)


def _records_road(s: Situation) -> bool:
    return bool(s.open_roads) and permissions.may_record_road(s.user, s.case)


def _corrects_road(s: Situation) -> bool:
    return bool(s.ended_roads) and permissions.may_correct_road(s.user, s.case, s.ended_roads)


def _open_roads(case: Case) -> Iterable[tuple[str, str]]:
    return [(row.road, row.get_road_display()) for row in open_roads_of(case)]


def _recorded(column: str) -> Any:
    """What is recorded, where one road has a result."""

    def first(case: Case) -> Any:
        rows = ended_roads_of(case)
        return getattr(rows[0], column) if len(rows) == 1 else None

    return first


def _result_line(row: RoadTaken) -> str:
    return f"{row.get_road_display()}：{row.ended_on}"


REACHED = "reached=yes"
HEARD = Shape(
    "FollowUpIn",
    way=Choice("方式", ContactWay, radio=True, first=ContactWay.PHONE),
    reached=YesNo("是否联系上", yes="联系上", no="没有联系上", first=True),
    satisfaction=Choice(
        "满意度", Satisfaction, required=False, radio=True, shown_if=REACHED, api_help="1 至 5；联系上的必填"
    ),
    performance=Choice("履行情况", Performance, required=False, radio=True, shown_if=REACHED, api_help="联系上的必填"),
    escalating=Tick("有激化苗头（须写明情况）", shown_if=REACHED, api_help="有激化苗头", api_default=False),
    note=Text("回访记录", required=False, longest=2000),
)
NUMBER_HINT = "如 （2026）内0526民初12号"
ROAD_RESULT = Shape(
    "RoadResultIn",
    road=Choice("途径", Road, offered=_open_roads, api_help="等待结果的途径"),
    ended_on=Day("结果日期", first=today),
    number=Line("文号、案号", required=False, longest=80, help_text=NUMBER_HINT),
    result=Words("结果", api_help="判决、裁决、决定的结果"),
)
ROAD_CORRECTION = Shape(
    "RoadCorrectionIn",
    row=RowChoice(
        "更正哪条途径的结果",
        ended_roads_of,
        reads=_result_line,
        gives=attrgetter("pk"),
        key=partial(serializers.IntegerField, min_value=1),
        api_help="要更正的途径编号（roads 的 id）",
    ),
    ended_on=Day("结果日期", first=_recorded("ended_on")),
    number=Line("文号、案号", required=False, longest=80, help_text=NUMBER_HINT, first=_recorded("number")),
    result=Words("结果", api_help="应有的结果", first=_recorded("result")),
    reason=Words("更正理由", rows=2),
)

CLOSING: tuple[Act[Situation], ...] = (
    Act(
        "close",
        "审核办结",
        "circle-check",
        _closes,
        actions.close_case,
        NOTE,
        event=Event.CLOSE,
        asked=_reported,
        rank=80,
        limits=sets_limits(ClockKind.FOLLOW_UP),
        done="已审核办结。",
    ),
    Act("follow-up", "回访", "phone", _follows_up, _follow_up, HEARD, rank=90, done="回访已记录。"),
    Act(
        "road-result",
        "登记途径结果",
        "gavel",
        _records_road,
        actions.record_road_result,
        ROAD_RESULT,
        rank=92,
        scope=OF_HANDLERS,
    ),
    Act("archive", "归档", "archive", _archives, actions.archive_case, NOTE, event=Event.ARCHIVE, rank=96),
    Act(
        "send-back",
        "审核退回",
        "arrow-back-up",
        sorts,
        actions.send_back,
        REASON,
        event=Event.SEND_BACK,
        asked=_reported,
        rank=150,
    ),
    Act(
        "correct-road-result",
        "更正途径结果",
        "edit",
        _corrects_road,
        actions.correct_road_result,
        ROAD_CORRECTION,
        rank=290,
        scope=OF_HANDLERS,
    ),
    Act("restore", "恢复案件", "refresh", _restores, actions.restore_case, REASON, event=Event.RESTORE, rank=305),
    Act("reopen", "重办", "refresh", sorts, actions.reopen_case, REASON, event=Event.REOPEN, rank=300),
    Act(
        "withdraw",
        "撤回",
        "x",
        _withdraws,
        actions.withdraw_case,
        REASON,
        event=Event.WITHDRAW,
        rank=310,
        danger=True,
        scope=OF_REGISTRARS,
    ),
)
