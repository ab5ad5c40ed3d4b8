"""Acts on an agreement, on what is owed under it, and before the court that confirms it."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django import forms
from django.utils import timezone

from grids.models import Organisation, OrganisationKind
from intake.models import Road
from intake.queries.groups import figures_of_group, side_of_group
from intake.queries.guardians import principals_of
from mediation import actions
from mediation.actions.agreement_bars import why_no_force, why_not_revise
from mediation.actions.confirming import why_not_apply
from mediation.actions.listed_obligations import why_not_list
from mediation.actions.performance import left_of
from mediation.available_actions.mediations import SHORT_REASON
from mediation.available_actions.signatures import Signatures
from mediation.available_actions.situation import Situation, goes_on, leads
from mediation.lifecycle import AGREEMENTS, CONFIRMATIONS, AgreementEvent, AgreementState, ConfirmationEvent, State
from mediation.lifecycle import ConfirmationState as C
from mediation.models import Agreement, AgreementForm, Confirmation, Instalment, ObligationKind, Performance
from mediation.permissions import may_record_performance
from mediation.queries.confirmations import bound_parties
from mediation.queries.signatures import missing_signatures
from mediation.queries.visibility import courts_in_reach
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable
from zhongzhi.web.shapes import (
    Amount,
    Ask,
    Choice,
    Day,
    Line,
    RowChoice,
    Several,
    Shape,
    Text,
    Tick,
    Upload,
    YesNo,
    today,
)

STANDING = (AgreementState.IN_FORCE, AgreementState.BREACHED)
PICTURES = "image/*,.heic,.heif,application/pdf,.ofd"


def _is_draft(agreement: Agreement, form: str) -> bool:
    return agreement.status == AgreementState.DRAFT and agreement.form == form


def _signs(s: Situation[Agreement]) -> bool:
    written = _is_draft(s.subject, AgreementForm.WRITTEN) and bool(missing_signatures(s.subject))
    return written and goes_on(s.user, s.subject.mediation) and why_no_force(s.subject) is None


def _takes_force(s: Situation[Agreement]) -> bool:
    oral = _is_draft(s.subject, AgreementForm.ORAL)
    return oral and goes_on(s.user, s.subject.mediation) and why_no_force(s.subject) is None


def _unsigns(s: Situation[Agreement]) -> bool:
    signed = _is_draft(s.subject, AgreementForm.WRITTEN) and s.subject.signings.exists()
    return signed and leads(s.user, s.subject)


def _applies(s: Situation[Agreement]) -> bool:
    return leads(s.user, s.subject) and why_not_apply(s.subject) is None


def _leads_on(s: Situation[Agreement]) -> bool:
    return s.subject.status == AgreementState.BREACHED and not s.subject.road and leads(s.user, s.subject)


def _revises(s: Situation[Agreement]) -> bool:
    in_force = s.subject.in_force_on is not None and s.subject.mediation.status == State.AGREED
    return in_force and leads(s.user, s.subject) and why_not_revise(s.subject) is None


def _agreement_moves(s: Situation[Agreement], event: AgreementEvent) -> bool:
    return AGREEMENTS.allows(AgreementState(s.subject.status), event)


def _courts(agreement: Agreement) -> Iterable[Organisation]:
    return courts_in_reach(agreement.mediation.case.centre, OrganisationKind.COURT)


def _bound(agreement: Agreement) -> list[tuple[str, str]]:
    return [(str(party.uid), party.shown_name) for party in bound_parties(agreement)]


def _all_bound(agreement: Agreement) -> list[str]:
    return [uid for uid, _ in _bound(agreement)]


def _lists(s: Situation[Agreement]) -> bool:
    return goes_on(s.user, s.subject.mediation) and why_not_list(s.subject) is None


def _debtors(agreement: Agreement) -> list[tuple[str, str]]:
    case = agreement.mediation.case
    group = side_of_group(case)
    return [(str(party.uid), party.shown_name) for party in principals_of(case) if party.side != group]


def _sum_of_list(agreement: Agreement) -> Any:
    return figures_of_group(agreement.mediation.case).amount or None


LISTED = Shape(
    "ListedObligationsIn",
    debtor=Choice("义务人", (), offered=_debtors, any_code=True, api_help="对方当事人的编号"),
    what=Line("款项", longest=300, first="劳动报酬"),
    total=Amount("协议总额（元）", help_text="须与名册合计一致", first=_sum_of_list),
    schedule=Text(
        "各期日期和比例", longest=2000, rows=3, help_text="一行一期，如“2026-12-31 50%”；最后一期付余款，可只写日期"
    ),
)


@dataclass(frozen=True, eq=False)
class DayOfApplication(Day):
    """A day within the time to apply. When that is over, only an application made within it is still recorded."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """With the last day as its bound and its hint."""
        last = subject.confirm_by
        hint = f"须在 {last} 前（含当日）提出"
        if timezone.localdate() > last:
            hint = f"期限已于 {last} 届满，只补记期限内已提出的申请"
        field = super().make_form_field(subject, **options | {"help_text": hint})
        field.widget.attrs |= {"min": subject.in_force_on.isoformat(), "max": last.isoformat()}
        return field


def _day_to_apply(agreement: Agreement) -> Any:
    """Today while there is time; afterwards nobody but who records it knows the day."""
    day = timezone.localdate()
    return day if agreement.confirm_by and day <= agreement.confirm_by else None


APPLICATION = Shape(
    court=RowChoice("法院（法庭）", _courts, reads=attrgetter("name")),
    applicants=Several("共同申请人", (), offered=_bound, help_text="须各方当事人共同申请", first=_all_bound),
    on=DayOfApplication("申请日期", first=_day_to_apply),
)
OTHER_ROAD = Shape(road=Choice("转入的途径", Road, empty="请选择"), note=Text("说明", longest=500, rows=2))

AGREEMENT_ACTS: ActTable[Situation[Agreement]] = ActTable(
    Act(
        "sign",
        "记录签署",
        "signature",
        _signs,
        actions.sign_agreement,
        Shape("SigningIn", signatures=Signatures("这一天签署的")),
        summary="记录签署、盖章",
        description="Signatures; with the last one it is in force.",
    ),
    Act(
        "take-force",
        "登记生效",
        "check",
        _takes_force,
        actions.take_oral_force,
        summary="口头协议登记生效",
        description="An oral agreement is in force on the day it was reached.",
    ),
    Act(
        "list-obligations",
        "按名册列明义务",
        "users",
        _lists,
        actions.list_obligations,
        LISTED,
        summary="按群体名册列明每人的义务",
        description="One obligation for each on the list of the group, in the same instalments.",
        done="已按名册逐人列明。",
    ),
    Act("confirm", "申请司法确认", "gavel", _applies, actions.apply_for_confirmation, APPLICATION, in_api=False),
    Act("lead-on", "转入其他途径", "route", _leads_on, actions.lead_on, OTHER_ROAD, in_api=False),
    Act(
        "revise",
        "变更协议",
        "edit",
        _revises,
        actions.revise_agreement,
        SHORT_REASON,
        event=AgreementEvent.REPLACE,
        in_api=False,
    ),
    Act(
        "unsign",
        "撤回签署",
        "arrow-back-up",
        _unsigns,
        actions.withdraw_signatures,
        SHORT_REASON,
        danger=True,
        in_api=False,
    ),
    moves=_agreement_moves,
    versioned=False,
)


def _performs(s: Situation[Instalment]) -> bool:
    agreement = s.subject.obligation.agreement
    fits = agreement.status in STANDING and s.subject.performed_on is None and s.subject.released_at is None
    return fits and may_record_performance(s.user, agreement.mediation)


def _is_money(instalment: Instalment) -> bool:
    return instalment.obligation.kind == ObligationKind.MONEY


def _is_no_money(instalment: Instalment) -> bool:
    return not _is_money(instalment)


@dataclass(frozen=True, eq=False)
class AmountLeft(Amount):
    """What was paid of an instalment; the page says how much of it is left."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """With the rest as its hint."""
        return super().make_form_field(subject, **options | {"help_text": f"这一期还应给付 {left_of(subject)} 元"})


def _perform(instalment: Instalment, *, actor: User, proofs: Any = None, **given: Any) -> Performance:
    return actions.perform(instalment, actor=actor, proofs=[proofs] if proofs else [], **given)


PERFORMANCE = Shape(
    "PerformIn",
    amount=AmountLeft(
        "金额（元）", when=_is_money, api=Ask.OPTIONAL, nullable=True, api_help="给付金钱的必填", first=left_of
    ),
    on=Day("履行日期", first=today),
    note=Text("履行情况", longest=500, rows=2, first="已履行完毕"),
    proofs=Upload("履行凭证", required=False, help_text="照片、收条、转账截图；归档时须有凭证", accept=PICTURES),
    is_whole=Tick(
        "这一项已全部履行",
        when=_is_no_money,
        help_text="只履行了一部分的，请取消勾选",
        api_help="非金钱的：是否已全部履行",
        api_default=True,
        first=True,
    ),
)

INSTALMENT_ACTS: ActTable[Situation[Instalment]] = ActTable(
    Act(
        "perform",
        "记录履行",
        "cash",
        _performs,
        _perform,
        PERFORMANCE,
        description="What was paid or done; proofs are uploaded as attachments on the page of the file.",
    ),
    versioned=False,
)


def _leads_it(s: Situation[Confirmation]) -> bool:
    return leads(s.user, s.subject)


def _extends_ruling(s: Situation[Confirmation]) -> bool:
    return _court_moves(s, ConfirmationEvent.CONFIRM) and not s.subject.is_extended and leads(s.user, s.subject)


def _court_moves(s: Situation[Confirmation], event: ConfirmationEvent) -> bool:
    return CONFIRMATIONS.allows(C(s.subject.status), event)


COURT_ANSWER = Shape(
    accepted=YesNo("法院答复", yes="受理", no="不予受理", first=True),
    on=Day("答复日期", first=today),
    case_number=Line("案号", required=False, longest=60, help_text="如（2026）内0526调确字第12号"),
    refusal=Text("不予受理的理由", required=False, longest=500, rows=2),
)
RULING = Shape(
    confirmed=YesNo("裁定", yes="确认协议有效", no="驳回申请", first=True),
    on=Day("裁定日期", first=today),
    refusal=Text("驳回的理由", required=False, longest=500, rows=2, help_text="驳回后可变更协议或向法院起诉"),
)

CONFIRMATION_ACTS: ActTable[Situation[Confirmation]] = ActTable(
    Act(
        "acceptance",
        "法院答复",
        "gavel",
        _leads_it,
        actions.record_acceptance,
        COURT_ANSWER,
        event=ConfirmationEvent.ACCEPT,
        in_api=False,
    ),
    Act(
        "ruling",
        "记录裁定",
        "gavel",
        _leads_it,
        actions.record_ruling,
        RULING,
        event=ConfirmationEvent.CONFIRM,
        in_api=False,
    ),
    Act("extend", "延长十日", "hourglass", _extends_ruling, actions.extend_ruling, in_api=False),
    moves=_court_moves,
    versioned=False,
)
