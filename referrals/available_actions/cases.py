"""Acts on a case that bring documents or joint work about."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from django.utils import timezone

from intake.actions.tiers import centres_below
from intake.available_actions import ACTS, Situation
from intake.available_actions.guidance import GUIDANCE
from intake.available_actions.limits import sets_limits
from intake.coordination.actions import release_part
from intake.coordination.models import TaskKind
from intake.coordination.queries import has_releasable_parts, releasable_parts
from intake.deadlines.models import ClockKind
from intake.fields import OrganisationInReach, OrganisationKey
from intake.lifecycle import State
from intake.models import Case, Handling
from intake.permissions import centre_to_pull_up_to
from intake.queries import suggested_lead
from referrals import actions, permissions
from referrals.actions import Resolved
from referrals.actions.case_letters import SUPERVISED, WRITTEN_ABOUT
from referrals.actions.supervising import why_not_supervise
from referrals.fields import CO_HANDLERS, open_handling
from referrals.models import CARE_REASONS, Danger, DocumentKind, Level, Purpose, Trigger
from referrals.queries import issuer_of, kinds_in_force, open_handlings, slips_in_force
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation
from zhongzhi.web.act_table import Act, ActTable, Asked
from zhongzhi.web.shapes import Ask, Choice, Day, Line, Moment, RowChoice, RowChoices, Rows, Shape, Text, Words

IN_HAND = (State.DISPATCHED, State.HANDLING)
SLIP_KINDS = "_slip_kinds"  # kept with a situation: several acts ask for them


def _of_intake(name: str) -> Callable[[Situation], bool]:
    """Open as intake's act of this name, which is done here."""
    known = next(act for act in ACTS if act.name == name)

    def allowed(situation: Situation) -> bool:
        return ACTS.is_open(known, situation) and bool(_slips_signed_by(situation))

    return allowed


DECIDES_TIME = next(act for act in ACTS if act.name == "decide-extension")


def _decides_time(s: Situation) -> bool:
    return ACTS.is_open(DECIDES_TIME, s)


def _in_hand(s: Situation) -> bool:
    return s.case.status in IN_HAND and s.may_sort and bool(_slips_signed_by(s))


def _gives_tasks(s: Situation) -> bool:
    return s.case.status in IN_HAND and (s.may_sort or s.may_work)


def _meets(s: Situation) -> bool:
    return s.case.status in (State.ACCEPTED, *IN_HAND) and (s.may_sort or s.may_work)


def _releases(s: Situation) -> bool:
    return s.may_sort and has_releasable_parts(s.case)


def _letters(s: Situation) -> bool:
    return s.case.status in WRITTEN_ABOUT and s.may_sort


def _supervises(s: Situation) -> bool:
    return centre_to_pull_up_to(s.user, s.case) is not None and why_not_supervise(s.case) is None


def _marks_care(s: Situation) -> bool:
    record = getattr(s.case, "care", None)
    return permissions.may_mark_care(s.user, s.case) and (record is None or record.ended_at is not None)


def _release_part(case: Case, *, handling: Handling | None, **values: Any) -> Case:
    if handling is None:
        raise RuleViolation("请选择要解除的协办单位。", field="handling")
    return release_part(case, handling, **values)


def _meet(case: Case, *, version: int | None = None, **values: Any) -> Any:
    return actions.record_meeting(case, **values)


def _give_task(case: Case, *, handling: Handling | None, version: int | None = None, **values: Any) -> Any:
    return actions.give_task(case, handling, **values)


def _slip_kinds(case: Case) -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in slips_in_force()]


def _slips_signed_by(s: Situation) -> list[DocumentKind]:
    """The kinds of slips that this person may sign, the first of all in force among them; else none."""
    if s.case.centre is None:
        return []
    kinds: list[DocumentKind] | None = s.__dict__.get(SLIP_KINDS)
    if kinds is None:
        kinds = s.__dict__[SLIP_KINDS] = slips_in_force()
    signed = [kind for kind in kinds if permissions.may_sign_kind(s.user, kind, issuer_of(kind, s.case.centre).pk)]
    return signed if kinds[:1] == signed[:1] else []


def _asks_to_dispatch(s: Situation) -> Shape:
    """Which slip is asked where there is a choice of those that this person signs."""
    return _dispatch_with([(kind.code, kind.name) for kind in _slips_signed_by(s)])


def _centres_below(case: Case) -> Iterable[Any]:
    return centres_below(case)


def _letter_kinds(case: Case) -> Iterable[DocumentKind]:
    return kinds_in_force(timezone.localdate()).exclude(purpose__in=[Purpose.DISPATCH, Purpose.GUIDE])


def _handling_organisations(case: Case) -> list[Any]:
    return [row.organisation for row in open_handlings(case)]


class Present(RowChoices):
    """Who was at a meeting: on the page everybody who handles the case, unasked."""

    def form_fields(self, name: str, subject: Any = None) -> dict[str, Any]:
        """Not asked."""
        return {}

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """All of them."""
        return {name: list(self.rows(subject))}


def _proposed(case: Case) -> str | None:
    found = suggested_lead(case)
    return None if found is None else str(found.organisation.pk)


def _proposes(s: Situation) -> Asked | None:
    """To whom the case would usually go, and why; it stands in the field already."""
    found = suggested_lead(s.case)
    return None if found is None else Asked("建议", f"交{found.organisation.name}主办", found.why)


def _which_slip(offered: Callable[[Case], list[tuple[str, str]]]) -> Choice:
    return Choice(
        "用哪种单",
        (),
        offered=offered,
        when=lambda case: len(offered(case)) > 1,
        required=False,
        any_code=True,
        api_help="文种代码，如 dispatch、transfer；不填用启用中的第一种",
    )


DISPATCH = Shape(
    "DispatchIn",
    organisation=OrganisationInReach("承办单位（主办）", first=_proposed),
    instruction=Words("交办要求", required=False),
    kind=_which_slip(_slip_kinds),
    co_handlers=CO_HANDLERS,
)


def _dispatch_with(kinds: list[tuple[str, str]]) -> Shape:
    return Shape(**{**DISPATCH, "kind": _which_slip(lambda case: kinds)})


FURTHER = Shape("WithCoHandlersIn", co_handlers=CO_HANDLERS)
HAND_DOWN = Shape(
    "HandDownIn",
    centre=RowChoice(
        "交由哪个中心",
        _centres_below,
        reads=attrgetter("name"),
        key=OrganisationKey,
        help_text="案件发生地所属的下一级综治中心",
    ),
    reason=Words("办理要求"),
)
TASK = Shape(
    "TaskIn",
    handling=open_handling("由哪个单位完成", api_help="正在承办本案的单位"),
    what=Line("任务", longest=300),
    kind=Choice("类别", TaskKind, api=Ask.OPTIONAL, help_text="特殊关爱对象的转送，须先登记监护人同意"),
    due_on=Day("完成期限", required=False, nullable=True, api_help="完成期限，不早于今天"),
)
MEETING = Shape(
    "JointMeetingIn",
    held_at=Moment("会议时间"),
    place=Line("地点"),
    people=Line("参加人员", longest=500, required=False, help_text="单位和姓名"),
    decided=Text("议定事项", rows=4),
    present=Present("到会单位", _handling_organisations, required=False, key=OrganisationKey),
    tasks=Rows(
        "议定的任务",
        TASK,
        Resolved,
        cells={"handling": ("handling", "承担单位"), "what": ("task", "任务")},
        is_open=True,
        api_help="议定由各单位完成的任务",
    ),
)
RELEASE = Shape(handling=open_handling("协办单位", releasable_parts), reason=Words("理由"))
LETTER = Shape(
    kind=RowChoice("文种", _letter_kinds, reads=attrgetter("name"), empty="请选择", page=Ask.OPTIONAL),
    addressee=OrganisationInReach("主送单位", required=False, help_text="不填则送主办单位"),
    trigger=Choice("起因", [(cause.value, cause.label) for cause in SUPERVISED], required=False),
    level=Choice("督办级别", Level, required=False, empty="（非督办单不填）"),
    instruction=Text("要说明的事项", required=False, help_text="每行一项；不填按案件情况生成，签发前都可以修改"),
)
SUPERVISION = Shape(
    level=Choice(
        "督办级别", Level, first=Level.YELLOW, help_text="黄色三个工作日内报告，红色二十四小时内报告并抄报领导"
    ),
    trigger=Choice("起因", [(cause.value, cause.label) for cause in SUPERVISED], first=Trigger.NOT_HANDLED),
    instruction=Words("督办要求", help_text="要对方查明什么、办到什么程度；签发前可以修改"),
)
CARE = Shape(
    "MarkIn",
    reason=Choice("关爱事由", CARE_REASONS),
    danger=Choice("危险性评估", Danger, api=Ask.OPTIONAL, first=Danger.NONE),
    shared_with=RowChoices(
        "知悉单位",
        _handling_organisations,
        reads=attrgetter("name"),
        required=False,
        help_text="只有所选单位和本中心负责人能看到这份记录",
        key=OrganisationKey,
    ),
    notes=Text("情况说明", required=False, longest=2000),
)

CASE_ACTS: ActTable[Situation] = ActTable(
    Act(
        "dispatch",
        "交办",
        "send",
        _of_intake("dispatch"),
        actions.dispatch_with_slip,
        DISPATCH,
        asks=_asks_to_dispatch,
        asked=_proposes,
        limits=sets_limits(ClockKind.SIGN, ClockKind.HANDLE),
        rank=30,
    ),
    Act(
        "decide-extension",
        DECIDES_TIME.label,
        DECIDES_TIME.icon,
        _decides_time,
        actions.decide_extension_with_notice,
        DECIDES_TIME.takes,
        asked=DECIDES_TIME.asked,
        rank=DECIDES_TIME.rank,
    ),
    Act(
        "hand-down",
        "交由下级办理",
        "arrow-down",
        _of_intake("hand-down"),
        actions.hand_down_with_slip,
        HAND_DOWN,
        rank=200,
    ),
    Act("guide", "导引", "route", _of_intake("guide"), actions.guide_with_papers, GUIDANCE, rank=140),
    Act("add-co-handlers", "增加协办", "users-plus", _in_hand, actions.add_co_handlers_with_slips, FURTHER, rank=141),
    Act("add-task", "下达联动任务", "list-check", _gives_tasks, _give_task, TASK, rank=142, in_api=False),
    Act("meeting", "记录联席会议", "users-group", _meets, _meet, MEETING, rank=143, in_api=False),
    Act("release-part", "解除协办", "user-minus", _releases, _release_part, RELEASE, rank=144, in_api=False),
    Act("draft", "拟发函单", "file-text", _letters, actions.draft_letter, LETTER, rank=145, in_api=False),
    Act(
        "supervise",
        "督办",
        "list-check",
        _supervises,
        actions.supervise_from_above,
        SUPERVISION,
        rank=185,
        in_api=False,
        done="已拟督办单，签发后送达承办单位。",
    ),
    Act("mark-care", "登记特殊关爱", "heart-handshake", _marks_care, actions.mark_care, CARE, rank=146, in_api=False),
    confirm="确认办理？",
)


def available_case_acts(user: User, case: Case) -> list[Act[Situation]]:
    """What this person may do with the case now that is done here; of what stands in intake's table too, intake says
    who may and when."""
    return CASE_ACTS.available(Situation(user, case))


def names_of_case_acts(user: User, case: Case) -> list[str]:
    """Their names."""
    return [act.name for act in available_case_acts(user, case)]
