"""Which letter follows from a step, and what it says: reminder, yellow or red supervision, recommendation.

A letter is a draft that waits for a signature, unless its kind issues automatically. Its `occasion` names the matter,
so that no matter gets the same letter twice, whichever step comes first.
"""

from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone

from grids.models import Organisation
from intake.models import Handling
from referrals.drafting import Draft, write_drafts
from referrals.drafting.facts import listed, matter_of
from referrals.escalation.batch import BatchContext
from referrals.escalation.quarters import quarter_of
from referrals.models import Document, EscalationStep, Level, Purpose, RuleAction, Trigger
from referrals.notifications import notify_signers

LATE_WITH = {Trigger.OVERDUE: "办理超期", Trigger.LATE_SIGNATURE: "逾期未签收", Trigger.LATE_TRIAGE: "逾期未受理"}
"""How a reminder names what was missed."""


def letter_of(step: EscalationStep, context: BatchContext) -> Draft | None:
    """The letter that follows from a step; None where it drafts none, or no kind in force serves the purpose."""
    return LETTERS[step.rule.does](step, context) if step.drafts_letter else None


def draft_letters(drafts: Sequence[Draft]) -> list[Document | None]:
    """Draft letters and notify who signs them; in the order given, None for an occasion that had its letter already.

    Written in the order of their occasions, so that two batches wait for each other in one direction only.
    """
    order = sorted(range(len(drafts)), key=lambda at: drafts[at].occasion or "")
    written = dict(zip(order, write_drafts([drafts[at] for at in order], None), strict=True))
    documents = [document for document in written.values() if document is not None]
    notify_signers(*(document for document in documents if not document.kind.by_itself))
    return [written[at] for at in range(len(drafts))]


def supervision_at_risk(handling: Handling, trigger: Trigger, context: BatchContext) -> Draft | None:
    """A yellow supervision of a handling for its risk or its history; the same occasion as one for being late."""
    kind = context.kind(Purpose.SUPERVISE)
    centre = context.supervising_centre(handling.case, handling.organisation)
    if kind is None or centre is None:
        return None
    return Draft(
        kind=kind,
        centre=centre,
        addressee=handling.organisation,
        case=handling.case,
        handling=handling,
        level=Level.YELLOW,
        trigger=trigger,
        occasion=f"supervise:{Level.YELLOW}:handling:{handling.pk}",
        facts={"missed": f"属{trigger.label}事项"},
    )


def _reminder(step: EscalationStep, context: BatchContext) -> Draft | None:
    """A 提醒函 to who was late; where no kind of reminder is in force, a yellow supervision."""
    assert step.lapse is not None and step.case is not None
    if context.kind(Purpose.REMIND) is None:
        return _yellow_supervision(step, context)
    trigger = Trigger(step.rule.trigger)
    facts = {
        "matters": listed([matter_of(step.lapse)]),
        "subject_matter": f"“{step.case.title}”{LATE_WITH.get(trigger, trigger.label)}",
    }
    return _draft(step, context, Purpose.REMIND, f"remind:{step.lapse.clock_id}", facts)


def _yellow_supervision(step: EscalationStep, context: BatchContext) -> Draft | None:
    """A yellow 督办单: once for a handling, whichever rule asks for it first."""
    return _supervision(step, context, Level.YELLOW)


def _red_supervision(step: EscalationStep, context: BatchContext) -> Draft | None:
    """A red 督办单, after a yellow one that was not answered."""
    return _supervision(step, context, Level.RED)


def _supervision(step: EscalationStep, context: BatchContext, level: Level) -> Draft | None:
    facts = {"missed": _missed(step), "reference": context.slip_number(step)}
    return _draft(step, context, Purpose.SUPERVISE, f"supervise:{level}:{_matter(step)}", facts, level=level)


def _recommendation(step: EscalationStep, context: BatchContext) -> Draft | None:
    """A 建议函 to the leadership of an organisation that does not answer: once for it and quarter."""
    assert step.document is not None and step.document.addressee is not None
    slip = step.document
    about = slip.case.title if slip.case is not None else slip.subject
    facts = {
        "subject_matter": "督办事项逾期未答复",
        "matters": listed([f"督办单{slip.number}逾期未答复，涉及“{about}”"]),
    }
    occasion = f"recommend:unanswered:{slip.addressee_id}:{quarter_of(timezone.localdate())}"
    return _draft(step, context, Purpose.RECOMMEND, occasion, facts)


LETTERS: dict[str, Callable[[EscalationStep, BatchContext], Draft | None]] = {
    RuleAction.REMIND: _reminder,
    RuleAction.SUPERVISE: _yellow_supervision,
    RuleAction.SUPERVISE_RED: _red_supervision,
    RuleAction.RECOMMEND: _recommendation,
}


def _draft(
    step: EscalationStep,
    context: BatchContext,
    purpose: Purpose,
    occasion: str,
    facts: Mapping[str, object],
    *,
    level: str = "",
) -> Draft | None:
    """The draft of a step; None where no kind serves the purpose, or nobody stands above who was late."""
    kind, addressee = context.kind(purpose), _late_organisation(step)
    centre = context.issuing_centre(step, addressee)
    if kind is None or centre is None:
        return None
    return Draft(
        kind=kind,
        centre=centre,
        addressee=addressee,
        case=step.case,
        handling=_handling(step),
        follows=step.document,
        level=level,
        trigger=Trigger(step.rule.trigger),
        occasion=occasion,
        facts=facts,
    )


def _late_organisation(step: EscalationStep) -> Organisation:
    if step.lapse is not None:
        return step.lapse.organisation
    assert step.document is not None and step.document.addressee is not None
    return step.document.addressee


def _handling(step: EscalationStep) -> Handling | None:
    if step.lapse is not None:
        return step.lapse.handling
    return step.document.handling if step.document is not None else None


def _matter(step: EscalationStep) -> str:
    """What a supervision is about, as a key: the handling, or the time limit or document itself where there is none."""
    if step.lapse is not None:
        return f"handling:{step.lapse.handling_id}" if step.lapse.handling_id else f"clock:{step.lapse.clock_id}"
    assert step.document is not None
    if step.document.handling_id:
        return f"handling:{step.document.handling_id}"
    return f"document:{step.document.pk}"


def _missed(step: EscalationStep) -> str:
    """What was missed, as a supervision states it."""
    if step.lapse is not None:
        return matter_of(step.lapse).partition("”")[2] or "逾期未办"
    assert step.document is not None
    document = step.document
    if document.kind.purpose == Purpose.REMIND:
        return f"经{document.number}提醒，逾期仍未回复"
    return f"经{document.number}督办，逾期未报告整改情况"
