"""Suspension: a case waits for something, or is put on the open list (挂账); and it is resumed."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.actions.tiers import settle_tier
from intake.deadlines.actions.clocks import pause_clocks, resume_clocks
from intake.extension_points import after_suspension
from intake.lifecycle import Event
from intake.models import Case, Suspension, SuspensionKind
from intake.permissions import may_put_on_open_list, may_sort
from intake.transitions import locked, move, reason_given, words
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
    return case


@transaction.atomic
def resume_case(case: Case, *, actor: User, reason: str = "", version: int | None = None) -> Case:
    """Resume a suspended case in the state it was suspended in; its clocks run on. What became red meanwhile goes to
    the county."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    move(case, Event.RESUME, actor=actor, reason=words(reason, field="reason"))
    resume_clocks(case)
    end_suspension(case)
    record(actor, Verb.RESUMED, case)
    settle_tier(case, actor)
    return case


def end_suspension(case: Case) -> None:
    """End the suspension of a locked case, whatever comes next; the apps above follow in the same transaction."""
    if case.suspensions.filter(until__isnull=True).update(until=timezone.now()):
        for follow in after_suspension:
            follow(case)


def _suspend(case: Case, kind: SuspensionKind, actor: User, reason: str, review_on: date | None) -> None:
    said = f"挂账（{review_on:%Y-%m-%d} 复核）：{reason}" if review_on else reason
    move(case, Event.SUSPEND, actor=actor, reason=said)
    pause_clocks(case, reason=reason)
    now = timezone.now()
    Suspension.objects.create(case=case, kind=kind, reason=reason, review_on=review_on, rested_by=actor, since=now)
