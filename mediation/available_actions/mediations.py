"""Acts that open a mediation, lead it and end it; acts on its sessions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.utils import timezone

from grids.models import Organisation, OrganisationKind
from intake.actions.mediations import running_mediation_clock
from intake.deadlines.actions.clocks import may_be_extended
from intake.deadlines.models import ClockKind
from intake.fields import OrganisationKey
from intake.lifecycle import State as CaseState
from intake.models import Case, Road
from intake.permissions import may_settle_at_window
from intake.queries.groups import why_group_cannot_act
from mediation import actions
from mediation.actions import Minutes, Opening, Plan
from mediation.actions.at_window import why_not_at_window
from mediation.actions.choices_to_open import bodies_to_open, mediators_to_open
from mediation.actions.opening import ENTRUSTING, MODES_OF_BODY, may_open_now
from mediation.available_actions.court import COURT
from mediation.available_actions.mediators import EXCHANGE, mediators_of, parties_of
from mediation.available_actions.situation import Situation, goes_on
from mediation.fields import Answers, Mediators
from mediation.lifecycle import LIFECYCLE, OPEN_STATES, Event, State
from mediation.models import (
    EndReason,
    Mediation,
    Mediator,
    Mode,
    Origin,
    Session,
    SessionKind,
    SessionResult,
    Team,
)
from mediation.permissions import may_enter_session
from mediation.queries.free_slots import free_slots
from mediation.queries.roads import roads_of
from mediation.queries.visibility import courts_in_reach, rooms_for, teams
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable, Asked
from zhongzhi.web.forms import NOTHING_CHOSEN
from zhongzhi.web.shapes import (
    Ask,
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
LENGTH = Choice("时长", LENGTHS, first=120)


def _opens(s: Situation[Case]) -> bool:
    return may_open_now(s.user, s.subject) and bool(bodies_to_open(s.subject))


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


def _entrusting(case: Case) -> Iterable[Organisation]:
    return courts_in_reach(case.centre, OrganisationKind.COURT, OrganisationKind.POLICE_STATION)


def _origins(case: Case) -> list[tuple[str, str]]:
    """Where a matter may come from: from a court or the police only where there is one in reach that hands it over."""
    kinds = {kind for kind, _ in ENTRUSTING.values()}
    near = set(courts_in_reach(case.centre, *kinds).values_list("kind", flat=True))
    return [(o.value, o.label) for o in Origin if o not in ENTRUSTING or ENTRUSTING[o][0] in near]


def _teams(case: Case) -> Iterable[Team]:
    return teams()


def _modes(case: Case) -> list[tuple[str, str]]:
    """Each mode that is open to the case, with the bodies that mediate so where not all do."""
    bodies, found = bodies_to_open(case), []
    for mode in Mode:
        able = [body.organisation.short_name for body, modes in bodies.items() if mode in modes]
        if able:
            names = "" if len(able) == len(bodies) else f"（{'、'.join(able[:3])}{'等' if len(able) > 3 else ''}）"
            found.append((mode.value, f"{mode.label}{names}"))
    return found


def _open(case: Case, *, actor: User, mediators: list[Mediator], mode: str, **given: Any) -> Mediation:
    """The body is that of the first mediator, and says how it mediates unless something else is chosen."""
    body = mediators[0].body
    usual = next(iter(bodies_to_open(case).get(body, MODES_OF_BODY[body.kind])))
    opening = Opening(body=body, mode=mode or str(usual), mediators=mediators, **given)
    return actions.open_mediation(case, opening, actor=actor)


def _at_window(s: Situation[Case]) -> bool:
    """A simple case that nobody but the centre has in hand, at its window."""
    case = s.subject
    waits = case.status in (CaseState.REGISTERED, CaseState.ACCEPTED)
    ours = case.status == CaseState.HANDLING and case.holder_id == case.centre_id
    free = not case.mediations.filter(status__in=OPEN_STATES).exists()
    together = why_not_at_window(case) is None
    return (waits or ours) and free and together and may_settle_at_window(s.user, case) and bool(bodies_to_open(case))


def _mediate_at_window(
    case: Case, *, actor: User, mediators: list[Mediator], mode: str, record: str, place: str
) -> Mediation:
    body = mediators[0].body
    usual = next(iter(bodies_to_open(case).get(body, MODES_OF_BODY[body.kind])))
    given = {"mode": mode or str(usual), "record": record, "place": place}
    return actions.mediate_at_window(case, actor=actor, mediators=mediators, **given)


OPENING = Shape(
    "OpeningIn",
    "The body is that of the first mediator.",
    mediators=Mediators("调解员", mediators_to_open, told_here=("body",)),
    mode=Choice("调解方式", Mode, offered=_modes, page=Ask.OPTIONAL, empty="按调解组织的类型"),
    origin=Choice("来源", Origin, offered=_origins),
    entrusted_by=RowChoice(
        "委派（移交）单位",
        _entrusting,
        reads=attrgetter("name"),
        empty="（无）",
        required=False,
        nullable=True,
        key=OrganisationKey,
        help_text="法院委派委托、公安移交的必填",
        api_help="法院委派委托、公安移交时必填",
    ),
    team=RowChoice("联动模式", _teams, empty=NOTHING_CHOSEN, required=False),
)

AT_WINDOW = Shape(
    mediators=OPENING["mediators"],
    mode=OPENING["mode"],
    record=Text("调解记录", longest=20000, rows=5, help_text="各方已到场并同意调解；谁说了什么、怎样商定"),
    place=Line("地点", required=False, longest=120, help_text="不填的为本中心窗口"),
)

CASE_ACTS: ActTable[Situation[Case]] = ActTable(
    Act(
        "mediate",
        "转入调解",
        "users",
        _opens,
        _open,
        OPENING,
        rank=62,
        done="调解已开启，请记录各方意愿。",
        summary="开启调解",
        description="Let a body mediate a case.",
    ),
    Act(
        "mediate-now",
        "当场调解",
        "bolt",
        _at_window,
        _mediate_at_window,
        AT_WINDOW,
        rank=63,
        done="各方意愿和调解记录已登记，请起草协议。",
        in_api=False,
    ),
    versioned=False,
)


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
    """When a session that is entered afterwards may have been: two hours ago, or before the agreement took force."""
    lately = timezone.localtime().replace(second=0, microsecond=0) - timedelta(minutes=120)
    in_force = mediation.agreements.filter(in_force_on__isnull=False)
    day: date | None = in_force.order_by("-in_force_on").values_list("in_force_on", flat=True).first()
    if day is None or day >= lately.date():
        return lately
    opened = timezone.localtime(mediation.opened_at).replace(second=0, microsecond=0)
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
    kind=Choice("类型", SessionKind),
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
    kind=Choice("类型", SessionKind),
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
