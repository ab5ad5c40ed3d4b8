"""Acts of sorting: accept, hand out, grade, move between the tiers."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from grids.queries import members_of
from intake import actions, permissions
from intake.actions.complaints import responders_for, why_may_not_handle
from intake.actions.tiers import may_go_up, why_not_down
from intake.available_actions.limits import sets_limits
from intake.available_actions.scopes import OF_REGISTRARS
from intake.available_actions.situation import Situation
from intake.deadlines.models import ClockKind
from intake.fields import CategoryLeaf, PersonKey
from intake.lifecycle import INACTIVE_STATES, Event, State
from intake.models import Case, Complexity, Responder, Risk
from intake.queries.doubles import doubles_of
from intake.queries.violence import violence_of
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, Asked
from zhongzhi.web.shapes import REASON, Ask, Choice, Day, Line, RowChoice, RowChoices, Shape, Text, Tick, Words

UNCHANGED = "（不变）"


def sorts(s: Situation) -> bool:
    """Sorts the cases of the centre that answers."""
    return s.may_sort


def _accepts(s: Situation) -> bool:
    return permissions.may_accept(s.user, s.case)


def _hands_out(s: Situation) -> bool:
    return s.may_sort and why_may_not_handle(s.case, lead=True) is None


def _takes_up(s: Situation) -> bool:
    centre = s.case.centre
    return _accepts(s) and centre is not None and why_may_not_handle(s.case, centre, lead=True) is None


def _told_before_accepting(s: Situation) -> Asked | None:
    """What else is open of the same person or matter."""
    found = doubles_of(s.user, s.case)
    if found.is_empty:
        return None
    return Asked("同一当事人或同一事项", "已有在办案件，受理前请核对是否并案、关联", found.in_words)


def _asks_to_accept(s: Situation) -> Shape:
    """Who may not grade is not asked to."""
    return ACCEPTANCE if s.may_sort else PLAIN_ACCEPTANCE


def _responders(case: Case) -> list[tuple[str, str]]:
    return [(responder.value, str(responder.label)) for responder in responders_for(case)]


def _regrades(s: Situation) -> bool:
    return s.case.status not in INACTIVE_STATES and s.may_sort


def _escalates(s: Situation) -> bool:
    return s.may_sort and may_go_up(s.case)


def _pulls_up(s: Situation) -> bool:
    return not s.may_sort and permissions.centre_to_pull_up_to(s.user, s.case) is not None


def _hands_down(s: Situation) -> bool:
    return s.may_sort and why_not_down(s.case) is None


def _decides_responder(s: Situation) -> bool:
    return s.may_sort and s.case.status in actions.OPEN_FOR_DECISION and actions.is_complaint(s.case)


def _restricts(s: Situation) -> bool:
    return s.case.status not in INACTIVE_STATES and permissions.may_restrict(s.user, s.case)


def _may_be_named(case: Case) -> QuerySet[User]:
    return members_of(case.centre) if case.centre is not None else User.objects.none()


def _marks_violence(s: Situation) -> bool:
    live = s.case.status not in INACTIVE_STATES and s.case.status != State.DRAFT
    return live and permissions.may_amend(s.user, s.case) and bool(actions.people_hurt(s.case))


def _of_mark(column: str) -> Any:
    """What is known already."""

    def first(case: Case) -> Any:
        mark = violence_of(case)
        return getattr(mark, column) if mark is not None else None

    return first


VIOLENCE = Shape(
    hurt=RowChoice("受害人", actions.people_hurt, reads=attrgetter("shown_name"), first=_of_mark("hurt_id")),
    police=Line(
        "接警单位、警情编号",
        required=False,
        longest=100,
        first=_of_mark("police"),
        help_text="受害人未成年或不能完全辨认自己行为的，须立即报警（反家庭暴力法第十四条）",
    ),
    police_told_on=Day("报警日期", required=False, nullable=True, first=_of_mark("police_told_on")),
    wants_joint=Tick("受害人本人要求与对方当面调解", first=_of_mark("joint_wanted_on")),
)
ACCEPTANCE = Shape(
    "AcceptIn",
    category=CategoryLeaf(
        required=False, api_help="二级纠纷类别代码；案件尚无类别时必填", first=attrgetter("category_id")
    ),
    complexity=Choice(
        "难易程度", Complexity, help_text="决定办理时限", api=Ask.OPTIONAL, first=attrgetter("complexity")
    ),
    risk=Choice("风险等级", Risk, help_text="决定关注程度", api=Ask.OPTIONAL, first=attrgetter("risk")),
    note=Words("研判意见", required=False, rows=2),
)
PLAIN_ACCEPTANCE = Shape(category=ACCEPTANCE["category"], note=ACCEPTANCE["note"])
GRADES = Shape(
    "RegradeIn",
    complexity=Choice("难易程度", Complexity, required=False, empty=UNCHANGED),
    risk=Choice("风险等级", Risk, required=False, empty=UNCHANGED),
    reason=Words("理由"),
)

RESPONDER = Shape(
    "ResponderIn",
    responder=Choice("由谁办理", Responder, offered=_responders),
    reason=Text("理由", longest=1000),
)
RESTRICTION = Shape(
    "RestrictIn",
    people=RowChoices(
        "知悉人员",
        _may_be_named,
        required=False,
        key=PersonKey,
        help_text="登记人、负责中心负责人和承办人员已在内；未指定的人将看不到本案",
    ),
    reason=Text("理由", longest=1000),
)

TRIAGE: tuple[Act[Situation], ...] = (
    Act(
        "accept",
        "受理",
        "check",
        _accepts,
        actions.accept_case,
        ACCEPTANCE,
        event=Event.ACCEPT,
        asks=_asks_to_accept,
        asked=_told_before_accepting,
        limits=sets_limits(ClockKind.DISPATCH, ClockKind.TIER),
        rank=20,
    ),
    Act("dispatch", "交办", "send", _hands_out, None, event=Event.DISPATCH, rank=30),
    Act(
        "take-up",
        "中心自办",
        "building-community",
        _takes_up,
        actions.take_up_case,
        event=Event.TAKE_UP,
        limits=sets_limits(ClockKind.HANDLE),
        rank=130,
        done="已由本中心自办。",
    ),
    Act("escalate", "上提一级", "arrow-up", _escalates, actions.escalate_case, REASON, event=Event.ESCALATE, rank=190),
    Act(
        "pull-up",
        "提级办理",
        "arrow-up",
        _pulls_up,
        actions.pull_up_case,
        REASON,
        event=Event.ESCALATE,
        in_api=False,
        rank=186,
        done="已提级，由本中心办理",
    ),
    Act("hand-down", "交由下级办理", "arrow-down", _hands_down, None, event=Event.HAND_DOWN, rank=200),
    Act("decide-responder", "决定由谁办理", "scale", _decides_responder, actions.decide_responder, RESPONDER, rank=25),
    Act(
        "restrict",
        "限制知悉",
        "eye",
        _restricts,
        actions.restrict_case,
        RESTRICTION,
        rank=215,
        done="本案已限制知悉。",
        scope=OF_REGISTRARS,
    ),
    Act(
        "violence",
        "涉家庭暴力",
        "alert-triangle",
        _marks_violence,
        actions.mark_violence,
        VIOLENCE,
        in_api=False,
        names_parties=True,
        rank=216,
        done="已标记，本案限制知悉。",
    ),
    Act("regrade", "调整等级", "flag", _regrades, actions.regrade_case, GRADES, rank=210),
)
