"""Performance of obligations: recorded with proof, in part or whole; reminded of, broken, led on elsewhere."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from intake.actions.roads import open_road
from intake.models import Road
from mediation.actions._locking import done, locked, not_in_future, text_of
from mediation.actions.agreements import locked_agreement
from mediation.actions.closing_down import move_agreement
from mediation.actions.file import keep_material
from mediation.lifecycle import AgreementEvent, AgreementState
from mediation.models import (
    Agreement,
    Instalment,
    MaterialKind,
    Mediation,
    ObligationKind,
    Performance,
)
from mediation.permissions import may_mediate, may_record_performance
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.files.preparing import PreparedFile, prepared

NOT_THEIRS = "履行情况由调解组织或负责中心的窗口记录。"
STANDING = (AgreementState.IN_FORCE, AgreementState.BREACHED)


def perform(
    instalment: Instalment,
    *,
    actor: User,
    on: date,
    note: str,
    amount: Decimal | None = None,
    is_whole: bool = True,
    proofs: "Sequence[UploadedFile[bytes]]" = (),
) -> Performance:
    """Record what was paid, given back or done, with its proof. Money may come in parts; the last part completes it.

    Once nothing is open any more the agreement is performed. Proofs are checked and written before anything is locked.
    Raises RuleViolation for more than is owed, InvalidTransition for what has been performed already.
    """
    agreement = instalment.obligation.agreement
    require(may_record_performance(actor, agreement.mediation), NOT_THEIRS)
    _check(agreement, instalment, on)
    with prepared(*proofs) as files, transaction.atomic():
        return _perform(instalment, files, actor=actor, on=on, note=note, amount=amount, is_whole=is_whole)


def _perform(
    instalment: Instalment,
    proofs: Sequence[PreparedFile],
    *,
    actor: User,
    on: date,
    note: str,
    amount: Decimal | None,
    is_whole: bool,
) -> Performance:
    agreement = instalment.obligation.agreement
    mediation = locked(agreement.mediation)
    require(may_record_performance(actor, mediation), NOT_THEIRS)
    agreement = locked_agreement(agreement, mediation)
    instalment = _locked(instalment)
    _check(agreement, instalment, on)
    is_money = instalment.obligation.kind == ObligationKind.MONEY
    amount = _sum(instalment, amount) if is_money else None
    performance = Performance.objects.create(
        instalment=instalment,
        on=on,
        amount=amount,
        note=text_of(note, field="note", what="履行情况", longest=500),
        recorded_by=actor,
    )
    for proof in proofs:
        keep_material(mediation, proof, actor=actor, kind=MaterialKind.PERFORMANCE, performance=performance)
    if is_whole if not is_money else left_of(instalment) == 0:
        instalment.performed_on, instalment.next_at = on, None
        instalment.save(update_fields=["performed_on", "next_at"])
    _finish(agreement)
    done(mediation, actor, Verb.PERFORMED, instalment=instalment.pk, whole=instalment.performed_on is not None)
    return performance


def perform_together(
    agreement: Agreement,
    uids: Collection[str],
    *,
    actor: User,
    on: date,
    note: str,
    due_on: date | None = None,
    proofs: "Sequence[UploadedFile[bytes]]" = (),
) -> int:
    """Record in one act that what is left of these parts of a list was paid, or of all that fall due on a day; how
    many.

    One proof (a bank's list of transfers) stands for all of them. Raises RuleViolation at `parts` where none is open.
    """
    require(may_record_performance(actor, agreement.mediation), NOT_THEIRS)
    with prepared(*proofs) as files, transaction.atomic():
        mediation = locked(agreement.mediation)
        require(may_record_performance(actor, mediation), NOT_THEIRS)
        agreement = locked_agreement(agreement, mediation)
        rows = Instalment.objects.select_for_update(of=("self",)).filter(
            obligation__agreement=agreement, obligation__by_list=True, performed_on=None, released_at=None
        )
        chosen = list(rows.filter(due_on=due_on) if due_on else rows.filter(uid__in=[uid for uid in uids if uid]))
        _check_standing(agreement)
        if not chosen:
            raise RuleViolation("请勾选还没有履行的人，或者选择一期。", field="parts")
        _check(agreement, chosen[0], on)
        words = text_of(note, field="note", what="履行情况", longest=500)
        _write_together(mediation, chosen, files, actor, on, words)
        _finish(agreement)
        done(mediation, actor, Verb.PERFORMED_TOGETHER, agreement=agreement.pk, count=len(chosen), on=on)
    return len(chosen)


def _write_together(
    mediation: Mediation, rows: Sequence[Instalment], files: Sequence[PreparedFile], actor: User, on: date, note: str
) -> None:
    paid = dict(Performance.objects.filter(instalment__in=rows).values_list("instalment").annotate(paid=Sum("amount")))
    first = None
    for row in rows:
        left = (row.amount or Decimal()) - (paid.get(row.pk) or Decimal())
        values = {"on": on, "amount": left, "note": note, "recorded_by": actor, "shares_proof": first}
        made = Performance.objects.create(instalment=row, **values)
        first = first or made
    Instalment.objects.filter(pk__in=[row.pk for row in rows]).update(performed_on=on, next_at=None)
    for file in files:
        keep_material(mediation, file, actor=actor, kind=MaterialKind.PERFORMANCE, performance=first)


@transaction.atomic
def lead_on(agreement: Agreement, *, actor: User, road: str, note: str) -> Agreement:
    """A broken agreement goes another road (court, enforcement, arbitration): what is open is watched no more."""
    mediation = locked(agreement.mediation)
    require(may_mediate(actor, mediation))
    agreement = locked_agreement(agreement, mediation)
    if agreement.status != AgreementState.BREACHED:
        raise InvalidTransition("只有逾期未履行的协议可以转入其他途径。")
    if road not in Road.values:
        raise RuleViolation("请选择转入的途径。", field="road")
    agreement.road, agreement.road_note = road, text_of(note, field="note", what="说明", longest=500)
    agreement.save(update_fields=["road", "road_note"])
    rows = Instalment.objects.filter(obligation__agreement=agreement, performed_on=None)
    rows.update(released_at=timezone.now(), next_at=None)
    open_road(mediation.case, road, organisation=mediation.body.organisation, at=timezone.now())
    done(mediation, actor, Verb.AGREEMENT_LED_ON, agreement=agreement.pk, road=road)
    return agreement


def left_of(instalment: Instalment) -> Decimal:
    """What of a sum is still owed, in yuan."""
    paid = instalment.performances.aggregate(paid=Sum("amount"))["paid"] or Decimal()
    return (instalment.amount or Decimal()) - paid


def _locked(instalment: Instalment) -> Instalment:
    rows = Instalment.objects.select_for_update(of=("self",)).select_related("obligation")
    return rows.get(pk=instalment.pk)


def _check(agreement: Agreement, instalment: Instalment, on: date) -> None:
    _check_standing(agreement)
    if instalment.performed_on is not None:
        raise InvalidTransition("这一项已经履行完毕。")
    not_in_future(on, field="on")
    if on < agreement.reached_on:
        raise RuleViolation("履行日期不能早于协议达成日期。", field="on")


def _check_standing(agreement: Agreement) -> None:
    if agreement.status not in STANDING:
        raise InvalidTransition(f"协议{AgreementState(agreement.status).label}，不能记录履行。")


def _sum(instalment: Instalment, amount: Decimal | None) -> Decimal:
    if amount is None or amount <= 0:
        raise RuleViolation("请填写实际履行的金额。", field="amount")
    left = left_of(instalment)
    if amount > left:
        raise RuleViolation(f"这一期还应给付 {left} 元，填写的 {amount} 元超出了。", field="amount")
    return amount


def _finish(agreement: Agreement) -> None:
    """Nothing open any more: the agreement is performed."""
    rows = Instalment.objects.filter(obligation__agreement=agreement)
    if not rows.filter(performed_on=None, released_at=None).exists():
        move_agreement(agreement, AgreementEvent.PERFORM)
