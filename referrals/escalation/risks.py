"""Supervise handlings for their risk or their history, whatever their time limits say: red risk, reopened twice."""

from django.db import transaction
from django.utils import timezone

from referrals.escalation.batch import BatchContext
from referrals.escalation.letters import draft_letters, supervision_at_risk
from referrals.escalation.queries import rules_for, unsupervised_at_risk


@transaction.atomic
def supervise_at_risk(*, limit: int = 50) -> int:
    """Draft a yellow supervision, once, of up to `limit` such handlings of each trigger in force; how many."""
    drafted = 0
    for trigger, handlings in unsupervised_at_risk().items():
        if not rules_for(trigger, on=timezone.localdate()):
            continue
        context = BatchContext()
        drafts = [supervision_at_risk(handling, trigger, context) for handling in handlings[:limit]]
        documents = draft_letters([draft for draft in drafts if draft is not None])
        drafted += sum(document is not None for document in documents)
    return drafted
