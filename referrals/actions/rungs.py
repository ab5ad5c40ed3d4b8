"""What each rung of the ladder does, with its case locked: warn, draft, bring up, tell the leaders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from django.utils import timezone

from grids.models import Organisation
from grids.queries import centre_above
from intake.actions import escalate_by_clock
from intake.actions.tiers import may_go_up
from intake.lifecycle import INACTIVE_STATES, State
from intake.models import Case, Handling, MoveCause
from referrals.actions.drafting import Draft
from referrals.actions.facts import listed, matter_of, moment
from referrals.lifecycle import WAITING
from referrals.models import Document, Does, LadderStep, Level, Purpose, Trigger
from referrals.notifications import notify_addressees, notify_leaders, notify_signers
from referrals.queries import kind_for, quarter_of, slips_of

NAMES = {Trigger.OVERDUE: "办理超期", Trigger.LATE_SIGNATURE: "逾期未签收", Trigger.LATE_TRIAGE: "逾期未受理"}
SLIPS = (Does.REMIND, Does.SUPERVISE, Does.SUPERVISE_RED)


class Desk:
    """What one batch looks up once: kinds in force today, the centres above others, the slips of late handlings."""

    def __init__(self, steps: Sequence[LadderStep] = ()) -> None:
        """For these rungs; kinds and centres are not asked before they are needed."""
        today = timezone.localdate()
        late = {s.lapse.handling_id for s in steps if s.lapse is not None and s.rule.does in SLIPS}
        self.slips = slips_of(pk for pk in late if pk is not None) if late - {None} else {}
        self.kind = cache(lambda purpose: kind_for(purpose, on=today))
        self.above = cache(centre_above)

    def issuing_centre(self, step: LadderStep, target: Organisation) -> Organisation | None:
        """Who writes to who was late: the case's centre, for that one itself the centre above."""
        if step.case is None:
            assert step.document is not None
            return step.document.issuer
        return self.watcher(step.case, target)

    def watcher(self, case: Case, organisation: Organisation) -> Organisation | None:
        """Which centre watches over an organisation: the one that answers; for that one itself, the one above."""
        assert case.centre is not None
        return self.above(case.centre) if organisation.pk == case.centre_id else case.centre

    def reference(self, step: LadderStep) -> str:
        """The number of the slip by which the late handling was given out; empty where there was none."""
        return self.slips.get(step.lapse.handling_id or 0, "") if step.lapse is not None else ""


def is_moot(step: LadderStep) -> bool:
    """Whether what was owed has come, or the case is at rest."""
    case = step.case
    if case is not None and case.status in INACTIVE_STATES:
        return True
    if step.lapse is not None:
        return step.clock_stopped_at is not None
    assert step.document is not None
    return step.document.status not in WAITING


def stands_still(step: LadderStep) -> bool:
    """Whether the case is suspended: its rungs wait as its clocks do."""
    return step.case is not None and step.case.status == State.SUSPENDED


def letter(step: LadderStep, desk: Desk) -> Draft | None:
    """What a rung writes; None for one that writes nothing, or where the preset has no kind for it."""
    return WRITERS[step.rule.does](step, desk) if step.writes else None


def rises(step: LadderStep) -> bool:
    """Whether a rung brings its case one tier up: the tier's limit has passed, and there is a tier above."""
    return step.rule.does == Does.ESCALATE and step.case is not None and may_go_up(step.case)


def is_message(step: LadderStep) -> bool:
    """Whether a rung sends a message in the system and no letter."""
    return step.rule.does == Does.WARN or step.is_for_leaders


def remind(step: LadderStep, desk: Desk) -> Draft | None:
    """A 提醒函 to who was late; where the preset has none, a supervision."""
    assert step.lapse is not None and step.case is not None
    if desk.kind(Purpose.REMIND) is None:
        return supervise(step, desk)
    trigger = Trigger(step.rule.trigger)
    facts = {
        "matters": listed([matter_of(step.lapse)]),
        "subject_matter": f"“{step.case.title}”{NAMES.get(trigger, trigger.label)}",
    }
    return _letter(step, desk, Purpose.REMIND, f"remind:{step.lapse.clock_id}", facts)


def supervise(step: LadderStep, desk: Desk) -> Draft | None:
    """A 督办单, yellow: once for a handling, whichever rung comes first."""
    facts = {"missed": _missed(step), "reference": desk.reference(step)}
    return _letter(
        step, desk, Purpose.SUPERVISE, f"supervise:{Level.YELLOW}:{_matter(step)}", facts, level=Level.YELLOW
    )


def supervise_red(step: LadderStep, desk: Desk) -> Draft | None:
    """A yellow one unanswered: a red one; with it the leaders are told, and the tier goes up."""
    facts = {"missed": _missed(step), "reference": desk.reference(step)}
    return _letter(step, desk, Purpose.SUPERVISE, f"supervise:{Level.RED}:{_matter(step)}", facts, level=Level.RED)


def recommend(step: LadderStep, desk: Desk) -> Draft | None:
    """A 建议函 to the leadership of an organisation that does not answer: once for it and quarter."""
    assert step.document is not None and step.document.addressee is not None
    slip = step.document
    about = slip.case.title if slip.case is not None else slip.subject
    facts = {
        "subject_matter": "督办事项逾期未答复",
        "matters": listed([f"督办单{slip.number}逾期未答复，涉及“{about}”"]),
    }
    occasion = f"recommend:unanswered:{slip.addressee_id}:{quarter_of(timezone.localdate())}"
    return _letter(step, desk, Purpose.RECOMMEND, occasion, facts)


WRITERS: dict[str, Callable[[LadderStep, Desk], Draft | None]] = {
    Does.REMIND: remind,
    Does.SUPERVISE: supervise,
    Does.SUPERVISE_RED: supervise_red,
    Does.RECOMMEND: recommend,
}


def escalate(step: LadderStep) -> None:
    """The tier's limit has passed: one tier up."""
    assert step.case is not None and step.lapse is not None
    escalate_by_clock(step.case, reason=f"层级办理时限于{moment(step.lapse.due_at)}届满")


def bring_up(step: LadderStep) -> None:
    """With a red supervision the tier goes up."""
    if step.case is not None and step.document is not None:
        escalate_by_clock(step.case, reason=f"督办单{step.document.number}逾期未答复", cause=MoveCause.SUPERVISION)


def tell_leaders_of(steps: Iterable[LadderStep]) -> None:
    """What is owed stands on the leaders' list; they are told at once."""
    notify_leaders(*(step.document for step in steps if step.document is not None), what="逾期未答复")


def warn(steps: Iterable[LadderStep]) -> None:
    """A message in the system, no letter: the answer is due soon."""
    notify_addressees(
        (step.document, f"document_near_{step.pk}", f"将于{moment(step.document.answer_due_at)}到期")
        for step in steps
        if step.document is not None and step.document.answer_due_at is not None
    )


def supervisions(handlings: Iterable[Handling], trigger: Trigger) -> list[Draft]:
    """Yellow supervisions of handlings that are watched for their risk or their history, one for each."""
    desk = Desk()
    kind, found = desk.kind(Purpose.SUPERVISE), []
    for handling in handlings:
        centre = desk.watcher(handling.case, handling.organisation)
        if kind is not None and centre is not None:
            found.append(
                Draft(
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
            )
    return found


def lay_before(*documents: Document) -> None:
    """Drafts of the clock wait for a signature; where their kind issues by itself, the sweep signs them next."""
    notify_signers(*(document for document in documents if not document.kind.by_itself))


def _letter(
    step: LadderStep, desk: Desk, purpose: Purpose, occasion: str, facts: Mapping[str, object], *, level: str = ""
) -> Draft | None:
    """The draft of a rung; None where no kind serves the purpose, or nobody stands above who was late."""
    kind, target = desk.kind(purpose), _late(step)
    centre = desk.issuing_centre(step, target)
    if kind is None or centre is None:
        return None
    return Draft(
        kind=kind,
        centre=centre,
        addressee=target,
        case=step.case,
        handling=_handling(step),
        follows=step.document,
        level=level,
        trigger=Trigger(step.rule.trigger),
        occasion=occasion,
        facts=facts,
    )


def _late(step: LadderStep) -> Organisation:
    if step.lapse is not None:
        return step.lapse.organisation
    assert step.document is not None and step.document.addressee is not None
    return step.document.addressee


def _handling(step: LadderStep) -> Handling | None:
    if step.lapse is not None:
        return step.lapse.handling
    return step.document.handling if step.document is not None else None


def _matter(step: LadderStep) -> str:
    """What a supervision is about: the handling, or the limit itself where there is none."""
    if step.lapse is not None:
        return f"handling:{step.lapse.handling_id}" if step.lapse.handling_id else f"clock:{step.lapse.clock_id}"
    assert step.document is not None
    if step.document.handling_id:
        return f"handling:{step.document.handling_id}"
    return f"document:{step.document.pk}"


def _missed(step: LadderStep) -> str:
    if step.lapse is not None:
        return matter_of(step.lapse).partition("”")[2] or "逾期未办"
    assert step.document is not None
    document = step.document
    if document.kind.purpose == Purpose.REMIND:
        return f"经{document.number}提醒，逾期仍未回复"
    return f"经{document.number}督办，逾期未报告整改情况"
