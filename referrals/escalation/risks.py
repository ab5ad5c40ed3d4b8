"""Supervise handlings for their risk or their history, whatever their time limits say: red risk, reopened twice."""

from functools import partial

from django.utils import timezone

from referrals.escalation.batch import BatchContext
from referrals.escalation.letters import draft_letters, supervision_at_risk
from referrals.escalation.queries import AT_RISK, rules_for, unsupervised_at_risk
from referrals.models import Trigger
from zhongzhi.set_aside import Share, Sweep


def supervise_at_risk(*, limit: int = 50) -> int:
    """Draft a yellow supervision, once, of up to `limit` such handlings of each trigger in force; how many. A handling
    at which this fails is set aside."""
    now = timezone.now()
    triggers = [trigger for trigger in AT_RISK if rules_for(trigger, on=timezone.localdate(now))]
    return sum(_sweep(trigger, limit).run(now) for trigger in triggers)


def _sweep(trigger: Trigger, limit: int) -> Sweep:
    due = partial(unsupervised_at_risk, trigger)

    def take(share: Share) -> int:
        context = BatchContext()
        drafts = [supervision_at_risk(handling, trigger, context) for handling in share.of(due())[:limit]]
        documents = draft_letters([draft for draft in drafts if draft is not None])
        return sum(document is not None for document in documents)

    return Sweep("at-risk", due, take, limit)
