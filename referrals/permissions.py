"""Who may do what with a document. Whether it is in a state for it is the lifecycle's question."""

from grids.models import Organisation
from grids.permissions import may_word_documents
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import Case
from intake.permissions import (
    centre_to_pull_up_to,
    is_system,
    may_see_personal,
    may_sort,
    may_work_on,
    needs_another,
)
from intake.queries import cases_visible_to
from referrals.models import CareRecord, Document, DocumentKind, Purpose, Signatory
from zhongzhi.accounts.models import User

SIGNING: dict[str, Capability] = {
    Signatory.WINDOW: Capability.SIGN_AT_WINDOW,
    Signatory.SORTER: Capability.SIGN_AS_SORTER,
    Signatory.MANAGER: Capability.SIGN_AS_MANAGER,
    Signatory.LEADER: Capability.SIGN_AS_LEADER,
    Signatory.HANDLER: Capability.SIGN_AS_HANDLER,
}
"""What one must be entitled to, by whom a kind of document wants as its signatory."""


def may_sign_kind(actor: User, kind: DocumentKind, issuer_id: int) -> bool:
    """Entitled by post to sign (签发) documents of this kind for this organisation."""
    return scope_of(actor).may_at(issuer_id, SIGNING[kind.signatory])


def may_sign(actor: User, document: Document) -> bool:
    return may_sign_kind(actor, document.kind, document.issuer_id)


def may_draft_for(actor: User, case: Case, centre: Organisation | None) -> bool:
    """Draft a letter or slip about a case in the name of a centre: the dispatcher or manager of the one that answers,
    or of the nearest one over it at which they serve."""
    return may_sort(actor, case) if centre == case.centre else may_supervise(actor, case, centre)


def may_supervise(actor: User, case: Case, centre: Organisation | None) -> bool:
    """Supervise (督办) what a centre below holds: the dispatcher or manager of a centre over it."""
    return centre is not None and centre_to_pull_up_to(actor, case) == centre


def may_edit(actor: User, document: Document) -> bool:
    """Change, submit or drop a draft: who drafted it, and those who issue at its organisation."""
    return document.drafted_by_id == actor.pk or _issues(actor, document)


def may_review(actor: User, document: Document) -> bool:
    """Review: somebody who issues there, but not the one who drafted it, unless nobody else could."""
    drafter, issuer = document.drafted_by_id, document.issuer_id
    return _issues(actor, document) and not needs_another(actor, drafter, issuer, Capability.ISSUE_DOCUMENTS)


def may_decide(actor: User, document: Document) -> bool:
    """Issue, decide on answers and extensions, declare void: the side that issued it."""
    return _issues(actor, document) or may_sign(actor, document)


def may_answer(actor: User, document: Document) -> bool:
    """Sign for, return, ask for time, answer: those who work at the organisation it went to."""
    return scope_of(actor).may_at(document.addressee_id, Capability.ANSWER_DOCUMENTS)


def is_own_letter(actor: User, document: Document) -> bool:
    """Whether the person signed this letter; slips hand work out, they hold nothing against anybody."""
    return document.signed_by_id == actor.pk and document.kind.purpose != Purpose.DISPATCH


def needs_another_receiver(actor: User, document: Document) -> bool:
    """Nobody signs for, returns or answers the letter they signed themselves, unless the addressee has nobody else."""
    author = document.signed_by_id if is_own_letter(actor, document) else None
    return needs_another(actor, author, document.addressee_id, Capability.ANSWER_DOCUMENTS, case=document.case_id)


def needs_another_to_decide(actor: User, document: Document, author: int) -> bool:
    """Nobody decides, for the side that issued, on what they asked or answered themselves, but one alone there."""
    deciding = (Capability.ISSUE_DOCUMENTS, SIGNING[document.kind.signatory])
    return needs_another(actor, author, document.issuer_id, *deciding, case=document.case_id)


def may_note_service(actor: User, document: Document) -> bool:
    """Record that a party was served: the window of the organisation that issued it."""
    return scope_of(actor).may_at(document.issuer_id, Capability.NOTE_SERVICE)


def may_change_kinds(actor: User) -> bool:
    """Kinds and escalation rules are the system administrator's and the county centre manager's."""
    return may_word_documents(actor)


def may_read_whole(actor: User, document: Document) -> bool:
    """Read a document with the names in it: the side that issued it, the side that it went to, who drafted or signs it,
    and who sees its case in full. Whoever else finds it in their territory reads it with names masked."""
    if is_system(actor):
        return False
    if document.case is None or document.drafted_by_id == actor.pk or may_sign(actor, document):
        return True
    sides = (document.issuer_id, document.addressee_id)
    if any(scope_of(actor).may_at(side, Capability.READ_DOCUMENTS) for side in sides):
        return True
    return cases_visible_to(actor).filter(pk=document.case.pk).exists() and may_see_personal(actor, document.case)


def has_papers(user: User) -> bool:
    """Somebody whose post has to do with slips and letters: issues, receives or signs them."""
    return scope_of(user).may(Capability.SIGN_AT_WINDOW, Capability.ISSUE_DOCUMENTS, Capability.ANSWER_DOCUMENTS)


def may_mark_care(actor: User, case: Case) -> bool:
    """Set the special-care mark: the manager of the centre that answers, or who handles the case; never a program."""
    if is_system(actor):
        return False
    return scope_of(actor).may_at(case.centre_id, Capability.KEEP_CARE) or any(
        may_work_on(actor, handling) for handling in case.handlings.all() if handling.closed_at is None
    )


def may_see_care(actor: User, record: CareRecord) -> bool:
    """Few: the manager of the centre that answers, workers of the organisations it was shared with, and whoever made
    the record, as long as they handle the case. No outside system is among them."""
    if is_system(actor):
        return False
    scope = scope_of(actor)
    if scope.may_at(record.case.centre_id, Capability.KEEP_CARE):
        return True
    if record.marked_by_id == actor.pk and may_mark_care(actor, record.case):
        return True
    return any(scope.may_at(organisation.pk, Capability.HANDLE) for organisation in record.shared_with.all())


def _issues(actor: User, document: Document) -> bool:
    return scope_of(actor).may_at(document.issuer_id, Capability.ISSUE_DOCUMENTS)
