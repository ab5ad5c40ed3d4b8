"""Acts on a task of joint work, and on the protected record of special care."""

from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from rest_framework import serializers

from intake.available_actions import Situation
from intake.coordination.actions import complete_task, release_task
from intake.coordination.models import Task
from intake.fields import OrganisationKey
from intake.models import Case
from intake.permissions import may_sort, may_work_on
from referrals import actions, queries
from referrals.models import CONSENT_MEANS, Danger, GuardianConsent
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable
from zhongzhi.web.shapes import REASON, Ask, Choice, Day, Line, RowChoice, RowChoices, Shape, Text, Words, today


@dataclass(frozen=True)
class TaskSituation:
    """A task as its acts look at it."""

    user: User
    task: Task


def _does_task(s: TaskSituation) -> bool:
    waits = s.task.needs_consent and s.task.consented_at is None
    return s.task.is_open and not waits and may_work_on(s.user, s.task.handling)


def _releases_task(s: TaskSituation) -> bool:
    return s.task.is_open and may_sort(s.user, s.task.case)


TASK_ACTS: ActTable[TaskSituation] = ActTable(
    Act(
        "done",
        "完成任务",
        "check",
        _does_task,
        complete_task,
        Shape("TaskResultIn", result=Text("完成情况", longest=2000)),
        summary="完成联动任务",
        description="By the organisation that was given it.",
        scope="cases:handle",
    ),
    Act(
        "release",
        "解除任务",
        "x",
        _releases_task,
        release_task,
        Shape(reason=Words("解除理由")),
        api=REASON,
        summary="解除联动任务",
        description="By the centre that answers, with a reason.",
    ),
    versioned=False,
)


def _sees_care(s: Situation) -> bool:
    return queries.care_of(s.user, s.case) is not None


def _consent_line(consent: GuardianConsent) -> str:
    return f"{consent.guardian} {consent.given_on}"


def _withdraw(case: Case, *, actor: User, consent: int, reason: str) -> GuardianConsent:
    return actions.withdraw_consent(queries.consent_of(actor, case, consent), actor=actor, reason=reason)


LOOK = Shape(reason=Line("查看理由", longest=200, help_text="查看人、时间和理由将留痕"))
ASSESSMENT = Shape(
    "AssessIn",
    danger=Choice("危险性评估", Danger, first=attrgetter("care.danger")),
    diagnosis=Text(
        "诊断",
        longest=1000,
        required=False,
        rows=2,
        help_text="只能由精神科执业医师作出（精神卫生法第二十九条）；没有新的诊断不填",
        api_help="只能由精神科执业医师作出（精神卫生法第二十九条）；没有新的诊断不填",
    ),
    diagnosed_by=Line("诊断医师及医疗机构", required=False),
    diagnosed_on=Day("诊断日期", required=False, nullable=True),
    shared_with=RowChoices("知悉单位", queries.open_handlings, required=False, page=Ask.NEVER, key=OrganisationKey),
)
CONSENT = Shape(
    "GuardianConsentIn",
    guardian=Line("监护人姓名", longest=80),
    relation=Line("与本人关系", longest=40),
    means=Choice("同意方式", CONSENT_MEANS),
    given_on=Day("同意日期", first=today),
)
WITHDRAWAL = Shape(
    "WithdrawIn",
    consent=RowChoice(
        "撤回哪份同意",
        queries.consents_in_force,
        reads=_consent_line,
        gives=attrgetter("pk"),
        key=partial(serializers.IntegerField, min_value=1),
        api_help="同意的编号",
    ),
    reason=Line("撤回理由", longest=200),
)
VISIT = Shape("CareVisitIn", visited_on=Day("随访日期", first=today), note=Text("随访情况", longest=2000))

OPEN_CARE: Act[Situation] = Act("open", "查看", "eye", _sees_care, actions.open_care, LOOK, api=REASON)
"""A look at the record, which is kept; it shows what was seen, so it stands apart from the others."""

CARE_ACTS: ActTable[Situation] = ActTable(
    Act("assess", "评估、诊断和知悉单位", "check", _sees_care, actions.change_care, ASSESSMENT),
    Act("consent", "登记监护人同意", "check", _sees_care, actions.give_consent, CONSENT),
    Act("withdraw-consent", "撤回监护人同意", "x", _sees_care, _withdraw, WITHDRAWAL),
    Act("visit", "登记随访", "check", _sees_care, actions.record_visit, VISIT),
    Act(
        "end",
        "解除特殊关爱",
        "x",
        _sees_care,
        actions.end_care,
        Shape(reason=Line("解除理由", longest=200)),
        api=REASON,
    ),
    versioned=False,
)
