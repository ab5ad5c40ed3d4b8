"""Letters and slips that a person drafts about a case: what was chosen in the dialog, as a draft for signature."""

from django.db import transaction

from grids.models import Organisation
from intake.lifecycle import OPEN_STATES, State
from intake.models import Case, HandlingPart, PartySide
from referrals.actions.drafts import check_level, draft_document
from referrals.drafting import Draft
from referrals.drafting.facts import facts_of_handling
from referrals.lifecycle import State as Paper
from referrals.models import AddresseeRule, Document, DocumentKind, IssuerRule, Purpose, Trigger
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation
from zhongzhi.core.paper_dates import paper_moment

SUPERVISED = (Trigger.NOT_ACCEPTED, Trigger.NOT_HANDLED, Trigger.UNLAWFUL, Trigger.RED_RISK,
              Trigger.DISSATISFIED_TWICE, Trigger.MANUAL)  # fmt: skip
WRITTEN_ABOUT = (*set(OPEN_STATES) - {State.REGISTERED}, State.CLOSED)
"""Of a case in one of these states people write slips and letters."""


@transaction.atomic
def draft_letter(
    case: Case,
    *,
    actor: User,
    kind: DocumentKind | None,
    addressee: Organisation | None = None,
    level: str = "",
    trigger: str = Trigger.MANUAL,
    instruction: str = "",
    version: int | None = None,
) -> Document:
    """Draft a document about a case: to who handles it (or another organisation), to its party, or to its centre.

    Raises RuleViolation at `kind`, `addressee` or `level` for what is missing.
    """
    if case.status not in WRITTEN_ABOUT:
        raise InvalidTransition(f"案件{State(case.status).label}，目前不能拟发函单。")
    if kind is None or kind.purpose in (Purpose.DISPATCH, Purpose.GUIDE):
        raise RuleViolation("请选择文种；交办用“交办”办理。", field="kind")
    assert case.centre is not None
    is_supervision = kind.purpose == Purpose.SUPERVISE
    cause = Trigger(trigger) if trigger in Trigger.values else Trigger.MANUAL
    lead = case.handlings.filter(closed_at=None, part=HandlingPart.LEAD).select_related("organisation").first()
    target = addressee or (lead.organisation if lead is not None else None)
    to_party = kind.addressee == AddresseeRule.PARTY
    handling = case.handlings.filter(closed_at=None, organisation=target).first() if target else None
    draft = Draft(
        kind=kind,
        centre=case.centre,
        addressee=None if to_party else case.centre if kind.addressee == AddresseeRule.CENTRE else target,
        party_name=party_names(case) if to_party else "",
        case=case,
        handling=lead if kind.issuer == IssuerRule.HANDLER else handling,
        level=check_level(kind.name, level) if is_supervision else "",
        trigger=cause,
        facts=facts_of_letter(case, cause, instruction),
    )
    return draft_document(draft, actor=actor)


def facts_of_letter(case: Case, cause: Trigger, instruction: str) -> dict[str, object]:
    """What the words of a letter or slip about a case state: what was missed, by what slip, what is asked for."""
    clock = case.clocks.filter(kind="handle", stopped_at=None).order_by("due_at").first()
    lead = case.handlings.filter(closed_at=None, part=HandlingPart.LEAD).first()
    slip = lead.documents.filter(number__isnull=False).exclude(status=Paper.VOID).first() if lead is not None else None
    matter = instruction or f"编号{case.code}“{case.title}”，请抓紧办理"
    shared = {} if lead is None else {"handle_due": facts_of_handling(case, lead)["handle_due"]}
    if lead is None and clock is not None:
        shared = {"handle_due": paper_moment(clock.due_at)}
    return {
        **shared,
        "missed": f"属{cause.label}事项" if cause != Trigger.MANUAL else "办理进展缓慢",
        "reference": slip.number if slip is not None else "",
        "instruction": instruction,
        "matters": tuple(line.strip() for line in matter.splitlines() if line.strip()),
        "subject_matter": f"“{case.title}”事项",
    }


def party_names(case: Case) -> str:
    """The applicants, by name, for the paper that goes to them."""
    rows = case.parties.filter(side=PartySide.APPLICANT, role="principal").order_by("ordinal", "pk")
    return "、".join(party.shown_name for party in rows)[:80] or "当事人"
