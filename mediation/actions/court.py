"""Between the mediation and the court that entrusted it: the facts not in dispute, and the result handed back."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from mediation.actions._locking import done, locked_for, not_in_future, parties_named, sides, text_of
from mediation.lifecycle import State
from mediation.models import OF_COURTS, CourtReturn, Mediation, ReturnWay, UndisputedFacts
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, RuleViolation, refuse_for

ENDED = (State.AGREED, State.FAILED)


@transaction.atomic
def record_undisputed_facts(
    mediation: Mediation, *, actor: User, facts: str, agreed_on: date, parties: Sequence[str]
) -> UndisputedFacts:
    """Write down what nobody disputes, with the consent of all sides, who sign the paper; again to correct it, until
    the result is with the court.

    Raises RuleViolation at `parties` where a side did not agree, InvalidTransition where an agreement was reached.
    """
    mediation = locked_for(mediation, actor)
    refuse_for(why_no_facts(mediation))
    not_in_future(agreed_on, field="agreed_on")
    text = text_of(facts, field="facts", what="各方没有争议的事实")
    agreed = {party.pk for party in parties_named(mediation.case, parties, field="parties")}
    absent = [party.shown_name for party in sides(mediation.case) if party.pk not in agreed]
    if absent:
        raise RuleViolation(f"须征得各方同意才能记载，还缺：{'、'.join(absent)}。", field="parties")
    row, _ = UndisputedFacts.objects.update_or_create(
        mediation=mediation,
        defaults={"facts": text, "agreed_on": agreed_on, "recorded_by": actor, "recorded_at": timezone.now()},
    )
    done(mediation, actor, Verb.FACTS_RECORDED, agreed_on=agreed_on)
    return row


@transaction.atomic
def return_to_court(
    mediation: Mediation, *, actor: User, on: date, way: str, receiver: str, note: str = ""
) -> CourtReturn:
    """Hand the result of an entrusted mediation back to the court, with its papers; the file has the letter then."""
    mediation = locked_for(mediation, actor)
    refuse_for(why_not_return(mediation))
    not_in_future(on, field="on")
    assert mediation.ended_at is not None
    if on < timezone.localdate(mediation.ended_at):
        raise RuleViolation(f"调解于 {timezone.localdate(mediation.ended_at)} 结束，交回日期不能更早。", field="on")
    if way not in ReturnWay.values:
        raise BadInput("请选择交回方式。", field="way")
    row = CourtReturn.objects.create(
        mediation=mediation,
        on=on,
        way=way,
        receiver=text_of(receiver, field="receiver", what="法院接收人", longest=40, multiline=False),
        note=note.strip()[:500],
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    done(mediation, actor, Verb.RETURNED_TO_COURT, on=on, way=way)
    return row


def why_no_facts(mediation: Mediation) -> DomainError | None:
    """Why no facts are recorded now; None where they may be."""
    if mediation.status not in (State.RUNNING, State.FAILED):
        return InvalidTransition(f"调解{State(mediation.status).label}，不用记载无争议事实。")
    if hasattr(mediation, "court_return"):
        return InvalidTransition("调解结果已交回法院，不能再改。")
    return None


def why_not_return(mediation: Mediation) -> DomainError | None:
    """Why there is nothing to hand back to a court; None where there is."""
    if mediation.origin not in OF_COURTS:
        return InvalidTransition("本次调解不是法院委派、委托的，不用交回。")
    if mediation.status not in ENDED:
        return InvalidTransition(f"调解{State(mediation.status).label}，结束后再交回法院。")
    if hasattr(mediation, "court_return"):
        return InvalidTransition(f"调解结果已于 {mediation.court_return.on} 交回法院。")
    return None
