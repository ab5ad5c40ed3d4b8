"""Extensions with their paper: who waits for the case hears in writing why it takes longer (延期告知书)."""

from django.db import transaction
from django.utils import timezone

from intake import actions as cases
from intake.deadlines.models import ExtensionRequest
from intake.deadlines.queries import open_extension_request
from intake.models import Case, HandlingPart, PartySide
from intake.transitions import locked
from referrals.actions.case_letters import party_names
from referrals.actions.dispatch import issue_at_once
from referrals.actions.drafts import draft_document
from referrals.drafting import Draft
from referrals.models import DocumentKind, Purpose, Trigger
from referrals.permissions import may_sign_kind
from referrals.queries import issuer_of, kind_for
from zhongzhi.accounts.models import User
from zhongzhi.core.paper_dates import paper_moment

NOTICE = "extension_notice"


@transaction.atomic
def decide_extension_with_notice(
    case: Case, *, actor: User, granted: bool, note: str = "", version: int | None = None
) -> Case:
    """Grant or refuse the time asked for. Where the day that the applicants were told moves, the 延期告知书 goes out in
    the same transaction; where its kind is signed by somebody else or reviewed, it waits as a draft."""
    case = locked(case, version=version)
    asked = open_extension_request(case)
    former = asked.clock.due_at if asked else None
    case = cases.decide_extension(case, actor=actor, granted=granted, note=note)
    kind = kind_for(Purpose.INFORM, on=timezone.localdate(), code=NOTICE)
    if granted and asked is not None and former is not None and kind is not None and _is_awaited(case, asked):
        asked.clock.refresh_from_db()
        _give_out(_draft(case, asked, kind, paper_moment(former)), actor)
    return case


def _is_awaited(case: Case, asked: ExtensionRequest) -> bool:
    """Whether somebody was told the day that moves: the limit of the lead, of a case that has applicants."""
    handling = asked.clock.handling
    leads = handling is None or handling.part == HandlingPart.LEAD
    return leads and case.parties.filter(side=PartySide.APPLICANT, role="principal").exists()


def _draft(case: Case, asked: ExtensionRequest, kind: DocumentKind, former: str) -> Draft:
    assert case.centre is not None
    return Draft(
        kind=kind,
        centre=case.centre,
        party_name=party_names(case),
        case=case,
        trigger=Trigger.EXTENDED,
        facts={
            "lead": asked.clock.organisation.name,
            "former_due": former,
            "handle_due": paper_moment(asked.clock.due_at),
            "instruction": asked.reason,
        },
    )


def _give_out(draft: Draft, actor: User) -> None:
    """Issue it at once where the person signs its kind; a draft that waits for who does otherwise."""
    if may_sign_kind(actor, draft.kind, issuer_of(draft.kind, draft.centre).pk) and not draft.kind.reviewed:
        issue_at_once(draft, actor)
    else:
        draft_document(draft, actor=actor)
