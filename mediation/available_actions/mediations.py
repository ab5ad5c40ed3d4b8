"""Acts that open a mediation, lead it and end it; acts on its sessions."""

from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.utils import timezone

from intake.actions.mediations import running_mediation_clock
from intake.deadlines.actions.clocks import may_be_extended
from intake.deadlines.models import ClockKind
from intake.models import Road
from intake.queries.groups import why_group_cannot_act
from intake.queries.violence import why_not_joint
from mediation import actions
from mediation.actions import Minutes, Plan
from mediation.available_actions.court import COURT
from mediation.available_actions.mediators import EXCHANGE, mediators_of, parties_of
from mediation.available_actions.situation import Situation, goes_on
from mediation.fields import Answers, principals
from mediation.lifecycle import LIFECYCLE, Event, State
from mediation.models import (
    EndReason,
    Mediation,
    Session,
    SessionKind,
    SessionResult,
)
from mediation.permissions import may_enter_session
from mediation.queries.free_slots import free_slots
from mediation.queries.roads import roads_of
from mediation.queries.visibility import rooms_for
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable, Asked
from zhongzhi.web.forms import NOTHING_CHOSEN
from zhongzhi.web.shapes import (
    Choice,
    Day,
    Line,
    Moment,
    RowChoice,
    RowChoices,
    Several,
    Shape,
    Text,
    today,
)
from zhongzhi.web.written_days import short_moment

LENGTHS = [(30, "半小时"), (60, "1 小时"), (90, "1 个半小时"), (120, "2 小时"), (180, "3 小时"), (240, "4 小时")]
ONE_BY_ONE = "涉家庭暴力、受害人没有要求当面调解的，只能背靠背分别谈"
LENGTH = Choice("时长", LENGTHS, first=120)


def _goes_on(s: Situation[Mediation]) -> bool:
    return goes_on(s.user, s.subject)


def _has_time_left(s: Situation[Mediation]) -> bool:
    """All sides may still agree to more time."""
    clock = running_mediation_clock(s.subject.handling, ClockKind(s.subject.clock))
    return goes_on(s.user, s.subject) and clock is not None and may_be_extended(clock)


def _consents(s: Situation[Mediation]) -> bool:
    asked = s.subject.status == State.OPENED and goes_on(s.user, s.subject)
    return asked and why_group_cannot_act(s.subject.case) is None


def _moves(s: Situation[Mediation], event: Event) -> bool:
    return LIFECYCLE.allows(State(s.subject.status), event)


def _told_on(mediation: Mediation) -> date:
    return mediation.rights_told_on or timezone.localdate()


def _first_free(mediation: Mediation) -> datetime | None:
    return next(iter(free_slots(mediation, now=timezone.now())), None)


def _free_times(s: Situation[Mediation]) -> Asked | None:
    """When mediators and room are free, the first of which stands in the field."""
    slots = free_slots(s.subject, now=timezone.now())
    return Asked("都有空的时间", "调解员、调解室，两小时", "、".join(map(short_moment, slots))) if slots else None


def _first_room(mediation: Mediation) -> Any:
    return next((room.pk for room in rooms_for(mediation)), None)


def _all_mediators(mediation: Mediation) -> list[str]:
    return [str(mediator.pk) for mediator in mediators_of(mediation)]


def _all_parties(mediation: Mediation) -> list[str]:
    return [uid for uid, _ in parties_of(mediation)]


def _kinds(mediation: Mediation) -> list[tuple[str, str]]:
    """What a session can be: where one party was hurt by the other, and has not asked to meet, they are heard apart."""
    if why_not_joint(mediation.case, principals(mediation.case)) is None:
        return list(SessionKind.choices)
    return [(SessionKind.BACK_TO_BACK.value, SessionKind.BACK_TO_BACK.label)]


def _usual_roads(mediation: Mediation) -> list[str]:
    return [str(road) for road in roads_of(mediation.case.category)]


def _plan(mediation: Mediation, *, actor: User, starts_at: datetime, minutes: int, **given: Any) -> Session:
    others = [_name_and_capacity(row) for row in given.pop("others").splitlines() if row.strip()]
    room = None if given["place"] else given["room"]
    ends_at = starts_at + timedelta(minutes=minutes)
    plan = Plan(starts_at=starts_at, ends_at=ends_at, others=others, **given | {"room": room})
    return actions.plan_session(mediation, plan, actor=actor)


def _enter(mediation: Mediation, *, actor: User, starts_at: datetime, minutes: int, **given: Any) -> Session:
    others = [_name_and_capacity(row) for row in given.pop("others").splitlines() if row.strip()]
    written = Minutes(**{name: given.pop(name) for name in ("record", "result", "recorder")})
    given["room"] = None if given["place"] else given["room"]
    plan = Plan(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), others=others, **given)
    return actions.enter_session(mediation, plan, written, actor=actor)


def _enters(s: Situation[Mediation]) -> bool:
    return s.subject.status in (State.RUNNING, State.AGREED) and may_enter_session(s.user, s.subject)


def _lately(mediation: Mediation) -> datetime:
    """When a session that is entered afterwards may have been: two hours ago, or before the agreement took force that
    ended the mediation; never before it was taken up."""
    now, opened = (
        timezone.localtime(moment).replace(second=0, microsecond=0) for moment in (None, mediation.opened_at)
    )
    lately = max(opened, now - timedelta(minutes=120))
    if mediation.status != State.AGREED:
        return lately
    in_force = mediation.agreements.filter(in_force_on__isnull=False)
    day: date | None = in_force.order_by("-in_force_on").values_list("in_force_on", flat=True).first()
    if day is None or day >= lately.date():
        return lately
    return max(opened, datetime.combine(day, lately.timetz()))


def _name_and_capacity(row: str) -> tuple[str, str]:
    name, _, capacity = row.strip().partition(" ")
    return name, capacity.strip()


CONSENT = Shape(
    "ConsentIn",
    told_on=Day(
        "告知权利义务日期",
        help_text="先告知，再征询；告知书可在卷宗页打印",
        api_help="告知权利义务的日期",
        first=_told_on,
    ),
    on=Day("表态日期", first=today),
    how=Line("方式", required=False, longest=40, first="当面", help_text="当面、电话、书面等"),
    answers=Answers("各方意愿"),
)
PLAN = Shape(
    kind=Choice("类型", (), offered=_kinds, help_text=ONE_BY_ONE),
    starts_at=Moment("开始时间", first=_first_free),
    minutes=LENGTH,
    room=RowChoice("调解室", rooms_for, empty=NOTHING_CHOSEN, required=False, first=_first_room),
    place=Line("其他地点", required=False, longest=120, help_text="现场勘查、村委会等，不用调解室时填写"),
    mediators=RowChoices("调解员", mediators_of, reads=attrgetter("name"), first=_all_mediators),
    parties=Several(
        "通知当事人", (), offered=parties_of, required=False, help_text="登记了电话的，短信通知", first=_all_parties
    ),
    others=Text("其他参加人", required=False, rows=2, longest=500, help_text="一行一人：张三 村委会主任"),
)
ENTERED = Shape(
    kind=Choice("类型", (), offered=_kinds, help_text=ONE_BY_ONE),
    starts_at=Moment("开始时间", first=_lately, help_text="实际举行的时间；七日以内，已达成协议的在协议生效以前"),
    minutes=LENGTH,
    room=RowChoice("调解室", rooms_for, empty=NOTHING_CHOSEN, required=False),
    place=Line("其他地点", required=False, longest=120),
    mediators=RowChoices("调解员", mediators_of, reads=attrgetter("name"), first=_all_mediators),
    parties=Several("到场的当事人", (), offered=parties_of, first=_all_parties),
    others=Text("其他到场人", required=False, rows=2, longest=500, help_text="一行一人：张三 村委会主任"),
    record=Text("笔录", longest=20000, rows=8),
    result=Choice("结果", SessionResult, radio=True),
    recorder=Line("记录人", required=False, longest=40),
)
EXTENSION = Shape(on=Day("各方同意延长的日期", first=today), note=Text("说明", required=False, rows=2, longest=500))
FAILURE = Shape(
    "FailIn",
    reason=Choice("未达成协议的原因", EndReason, empty="请选择"),
    note=Text("情况说明", longest=2000),
    told=Several(
        "已告知当事人可以走的途径",
        Road,
        help_text="调解不成的，应告知可依法走的途径（人民调解法第二十六条）",
        first=_usual_roads,
    ),
    road=Choice("当事人采取的途径", Road, required=False, empty="尚未决定，案件继续办理", may_be_blank=True),
)
SHORT_REASON = Shape(reason=Text("理由", longest=500, rows=2))

MEDIATION_ACTS: ActTable[Situation[Mediation]] = ActTable(
    Act(
        "consent",
        "记录各方意愿",
        "users",
        _consents,
        actions.record_consent,
        CONSENT,
        description="What the parties say.",
    ),
    Act("plan", "安排调解", "calendar-plus", _goes_on, _plan, PLAN, in_api=False, asked=_free_times),
    Act(
        "enter",
        "补录调解",
        "calendar-time",
        _enters,
        _enter,
        ENTERED,
        in_api=False,
        done="已补录，笔录已存入卷宗。",
    ),
    Act("extend", "延长期限", "hourglass", _has_time_left, actions.extend_mediation, EXTENSION, in_api=False),
    *EXCHANGE,
    *COURT,
    Act(
        "fail",
        "终结（未达成协议）",
        "route",
        _goes_on,
        actions.end_without_agreement,
        FAILURE,
        event=Event.FAIL,
        summary="终结调解（未达成协议）",
        description="No agreement.",
    ),
    Act(
        "cancel",
        "取消调解",
        "x",
        _goes_on,
        actions.cancel_mediation,
        SHORT_REASON,
        event=Event.CANCEL,
        danger=True,
        in_api=False,
    ),
    moves=_moves,
    versioned=False,
)
