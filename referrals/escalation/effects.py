"""What steps do besides letters: warn the addressee, notify the leaders, move a case one tier up."""

from collections.abc import Iterable

from intake.actions import escalate_by_clock
from intake.actions.tiers import may_go_up
from intake.models import MoveCause
from referrals.models import EscalationStep, RuleAction
from referrals.notifications import notify_addressees, notify_leaders
from zhongzhi.core.paper_dates import paper_moment


def escalates(step: EscalationStep) -> bool:
    """Whether a step moves its case one tier up: its rule says so, and there is a tier above."""
    return step.rule.does == RuleAction.ESCALATE and step.case is not None and may_go_up(step.case)


def only_notifies(step: EscalationStep) -> bool:
    """Whether a step sends a notice in the system and drafts no letter."""
    return step.rule.does == RuleAction.WARN or step.only_notifies_leaders


def warn_addressees(steps: Iterable[EscalationStep]) -> None:
    """Notify those who owe an answer that it is due soon."""
    notify_addressees(
        (step.document, f"document_near_{step.pk}", f"将于{paper_moment(step.document.answer_due_at)}到期")
        for step in steps
        if step.document is not None and step.document.answer_due_at is not None
    )


def notify_leaders_of_unanswered(steps: Iterable[EscalationStep]) -> None:
    """Notify the leaders at once of documents that were not answered; these stand on the leaders' list."""
    notify_leaders(*(step.document for step in steps if step.document is not None), what="逾期未答复")


def escalate_cases(after_lapse: Iterable[EscalationStep], with_red: Iterable[EscalationStep]) -> None:
    """Move cases one tier up: the time limit of their tier passed, or a supervision was not answered and a red one
    follows. A case that both bring up at the same moment climbs one tier, not two."""
    climbed = set()
    for step in after_lapse:
        assert step.case is not None and step.lapse is not None
        escalate_by_clock(step.case, reason=f"层级办理时限于{paper_moment(step.lapse.due_at)}届满")
        climbed.add(step.case_id)
    for step in with_red:
        if step.case is not None and step.document is not None and step.case_id not in climbed:
            reason = f"督办单{step.document.number}逾期未答复"
            escalate_by_clock(step.case, reason=reason, cause=MoveCause.SUPERVISION)
            climbed.add(step.case_id)
