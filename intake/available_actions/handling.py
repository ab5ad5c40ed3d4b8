"""Acts of those who handle a case: sign, report, give back, ask for time; and what the centre decides about it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from intake import actions, permissions
from intake.actions import Report
from intake.actions.dispatch import why_no_recall, why_no_return, why_not_decide_return
from intake.actions.entrusting import colleagues_for, entrust_handling, own_handling, people_to_entrust
from intake.actions.extensions import why_no_more_time, why_not_decide_extension
from intake.available_actions.limits import sets_limits
from intake.available_actions.scopes import OF_HANDLERS
from intake.available_actions.situation import Situation
from intake.available_actions.triage import sorts
from intake.coordination import actions as coordination_actions
from intake.deadlines.models import ClockKind
from intake.fields import PersonKey
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Case, Outcome, Road
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, Asked
from zhongzhi.web.shapes import OPTIONAL_REASON, REASON, Choice, RowChoice, Shape, Text, Words, YesNo
from zhongzhi.web.written_days import short_moment


def _works(s: Situation) -> bool:
    return s.may_work


def _returns(s: Situation) -> bool:
    return s.may_work and s.lead is not None and why_no_return(s.case, s.lead) is None


def _recalls(s: Situation) -> bool:
    return s.may_sort and s.lead is not None and why_no_recall(s.case, s.lead) is None


def _reports(s: Situation) -> bool:
    return s.lead is not None and permissions.may_report(s.user, s.case, s.lead) and not s.bars


def _asks_for_time(s: Situation) -> bool:
    return s.handling_clock is not None and why_no_more_time(s.handling_clock) is None


def _decides_time(s: Situation) -> bool:
    asked = s.extension_request
    return s.may_sort and asked is not None and why_not_decide_extension(s.case, asked, s.user) is None


def _decides_return(s: Situation) -> bool:
    returns = LIFECYCLE.allows(State(s.case.status), Event.RETURN)
    if not returns or s.return_request is None or not permissions.may_decide_return(s.user, s.case):
        return False
    return why_not_decide_return(s.case, s.return_request, s.user) is None


def _signs_part(s: Situation) -> bool:
    return s.part is not None and s.part.signed_at is None and permissions.may_work_on(s.user, s.part)


def _reports_part(s: Situation) -> bool:
    signed = s.part is not None and s.part.signed_at is not None
    return signed and s.part is not None and permissions.may_work_on(s.user, s.part) and not s.part_bars


def _entrusts(s: Situation) -> bool:
    own = own_handling(s.case, s.user)
    return own is not None and colleagues_for(own).exists()


def _asks_to_whom(s: Situation) -> Shape:
    """The colleagues of the person's own organisation."""
    own = own_handling(s.case, s.user)
    return ENTRUSTING if own is None else _entrusting(lambda case: colleagues_for(own))


def _name(person: User) -> str:
    return person.name


def _entrusting(offered: Callable[[Case], QuerySet[User]]) -> Shape:
    person = RowChoice(
        "经办人", offered, reads=_name, empty="请选择", key=PersonKey, api_help="同单位经办人员的用户编号"
    )
    return Shape("EntrustIn", person=person)


def _return_asked(s: Situation) -> Asked | None:
    asked = s.return_request
    return None if asked is None else Asked(asked.handling.organisation.name, "申请退回", asked.reason)


def _time_asked(s: Situation) -> Asked | None:
    asked = s.extension_request
    if asked is None:
        return None
    due = short_moment(asked.clock.due_at)
    return Asked(asked.clock.organisation.name, f"申请延期（现到期 {due}）", asked.reason)


def _report(case: Case, *, outcome: str, note: str, road: str = "", **who: Any) -> Case:
    return actions.report_outcome(case, Report(outcome, note, road), **who)


OUTCOME = Shape(
    "OutcomeIn",
    outcome=Choice("办理结果", Outcome, empty="请选择"),
    road=Choice(
        "引导走哪条法律途径",
        Road,
        required=False,
        empty="请选择",
        may_be_blank=True,
        help_text="未化解的必填",
        shown_if="outcome=unresolved",
    ),
    note=Text("办理情况", rows=5),
)
PART_REPORT = Shape("RequiredNoteIn", note=Text("协办情况", rows=4))
DECISION = Shape(
    "DecisionIn",
    granted=YesNo("决定"),
    note=Words("意见", required=False, rows=2, help_text="不同意的须写明理由", api_help="不同意时必填"),
)

ENTRUSTING = _entrusting(people_to_entrust)

HANDLING: tuple[Act[Situation], ...] = (
    Act(
        "decide-return",
        "决定退回申请",
        "gavel",
        _decides_return,
        actions.decide_return,
        DECISION,
        asked=_return_asked,
        rank=0,
    ),
    Act(
        "decide-extension",
        "决定延期申请",
        "gavel",
        _decides_time,
        None,
        DECISION,
        asked=_time_asked,
        rank=10,
    ),
    Act(
        "entrust",
        "交给同事经办",
        "user",
        _entrusts,
        entrust_handling,
        ENTRUSTING,
        asks=_asks_to_whom,
        rank=152,
        scope=OF_HANDLERS,
        done="已交给同事经办，并已通知。",
    ),
    Act("sign", "签收", "signature", _works, actions.sign_for_case, event=Event.SIGN, rank=40, scope=OF_HANDLERS),
    Act(
        "sign-part",
        "签收协办",
        "signature",
        _signs_part,
        coordination_actions.sign_for_part,
        rank=50,
        scope=OF_HANDLERS,
    ),
    Act(
        "report-outcome",
        "反馈办理结果",
        "clipboard-check",
        _reports,
        _report,
        OUTCOME,
        event=Event.CONCLUDE,
        rank=60,
        scope=OF_HANDLERS,
        limits=sets_limits(ClockKind.REVIEW),
        done="已反馈办理结果",
    ),
    Act(
        "report-part",
        "反馈协办情况",
        "clipboard-check",
        _reports_part,
        coordination_actions.report_part,
        PART_REPORT,
        rank=70,
        scope=OF_HANDLERS,
    ),
    Act(
        "resume",
        "恢复办理",
        "player-play",
        sorts,
        actions.resume_case,
        OPTIONAL_REASON,
        event=Event.RESUME,
        rank=94,
    ),
    Act(
        "return",
        "退回",
        "arrow-back-up",
        _returns,
        actions.return_case,
        REASON,
        event=Event.RETURN,
        rank=160,
        scope=OF_HANDLERS,
    ),
    Act(
        "recall",
        "收回改派",
        "arrow-back-up",
        _recalls,
        actions.recall_case,
        REASON,
        event=Event.RETURN,
        rank=153,
        done="已收回，请改派。",
    ),
    Act(
        "return-part",
        "退回协办",
        "arrow-back-up",
        _signs_part,
        coordination_actions.return_part,
        REASON,
        rank=170,
        scope=OF_HANDLERS,
    ),
    Act(
        "ask-extension",
        "申请延期",
        "hourglass",
        _asks_for_time,
        actions.ask_extension,
        REASON,
        rank=180,
        scope=OF_HANDLERS,
        done="已申请延期，等待决定。",
    ),
    Act("suspend", "中止", "player-pause", sorts, actions.suspend_case, REASON, event=Event.SUSPEND, rank=280),
)
