"""Suspension: a case waits for something, or is put on the open list (挂账); and it is resumed."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.actions.tiers import settle_tier
from intake.extension_points import Way
from intake.lifecycle import Event
from intake.models import Case, Suspension, SuspensionKind
from intake.notifications import announce
from intake.permissions import may_put_on_open_list, may_sort
from intake.transitions import come_to_rest, locked, move, reason_given, take_up_again, words
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require


@transaction.atomic
def suspend_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Suspend the case; its clocks stand still until it is resumed."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    _suspend(case, SuspensionKind.SUSPENDED, actor, reason_given(reason), None)
    record(actor, Verb.SUSPENDED, case)
    announce(case, "case_suspended", "已中止，时限暂停", actor=actor)
    return case


@transaction.atomic
def put_on_open_list(
    case: Case, *, actor: User, reason: str, review_on: date | None, version: int | None = None
) -> Case:
    """挂账: what cannot be solved now stands on an open list, its clocks still, until a day of review.

    Decided by the manager of the centre. Raises RuleViolation at `review_on` for no day, or one that is not ahead.
    """
    case = locked(case, version=version)
    require(may_put_on_open_list(actor, case), "挂账由综治中心负责人决定。")
    reason = reason_given(reason)
    if review_on is None or review_on <= timezone.localdate():
        raise RuleViolation("请填写今天以后的复核日期。", field="review_on")
    _suspend(case, SuspensionKind.HUNG_UP, actor, reason, review_on)
    record(actor, Verb.HUNG_UP, case, review_on=review_on)
    announce(case, "case_hung_up", f"已挂账，{review_on:%m月%d日} 复核", actor=actor)
    return case


@transaction.atomic
def resume_case(case: Case, *, actor: User, reason: str = "", version: int | None = None) -> Case:
    """Resume a suspended case in the state it was suspended in; its clocks run on. What became red meanwhile goes to
    the county."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    move(case, Event.RESUME, actor=actor, reason=words(reason, field="reason"))
    take_up_again(case, Way.SUSPEND, actor=actor)
    record(actor, Verb.RESUMED, case)
    announce(case, "case_resumed", "已恢复办理，时限继续", actor=actor)
    settle_tier(case, actor)
    return case


def _suspend(case: Case, kind: SuspensionKind, actor: User, reason: str, review_on: date | None) -> None:
    said = f"挂账（{review_on:%Y-%m-%d} 复核）：{reason}" if review_on else reason
    move(case, Event.SUSPEND, actor=actor, reason=said)
    now = timezone.now()
    Suspension.objects.create(case=case, kind=kind, reason=reason, review_on=review_on, rested_by=actor, since=now)
    come_to_rest(case, Way.SUSPEND, actor=actor, reason=reason)
