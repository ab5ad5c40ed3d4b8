"""Who may do what with a document. Whether it is in a state for it is the lifecycle's question."""

from grids.models import Role
from grids.scope import scope_of
from intake.models import Case, Handling
from intake.permissions import SORTERS, WINDOW, WORKERS, may_sort
from referrals.models import CareRecord, Document, DocumentKind, Signatory
from zhongzhi.accounts.models import User

SIGNERS: dict[str, tuple[Role, ...]] = {
    Signatory.WINDOW: WINDOW,
    Signatory.SORTER: SORTERS,
    Signatory.MANAGER: (Role.MANAGER,),
    Signatory.LEADER: (Role.LEADER,),
    Signatory.HANDLER: WORKERS,
}
ISSUING = (*SORTERS, Role.LEADER)


def may_sign_kind(actor: User, kind: DocumentKind, issuer_id: int) -> bool:
    """Entitled by post to sign (签发) documents of this kind for this organisation."""
    return scope_of(actor).holds_at(issuer_id, *SIGNERS[kind.signatory])


def may_sign(actor: User, document: Document) -> bool:
    return may_sign_kind(actor, document.kind, document.issuer_id)


def may_draft_for(actor: User, case: Case) -> bool:
    """Draft a letter or slip about a case: the dispatcher or manager of the centre that answers."""
    return may_sort(actor, case)


def may_edit(actor: User, document: Document) -> bool:
    """Change, submit or drop a draft: who drafted it, and those who issue at its organisation."""
    return document.drafted_by_id == actor.pk or _issues(actor, document)


def may_review(actor: User, document: Document) -> bool:
    """Review: somebody who issues there, but not the one who drafted it."""
    return document.drafted_by_id != actor.pk and _issues(actor, document)


def may_decide(actor: User, document: Document) -> bool:
    """Issue, decide on answers and extensions, declare void: the side that issued it."""
    return _issues(actor, document) or may_sign(actor, document)


def may_answer(actor: User, document: Document) -> bool:
    """Sign for, return, ask for time, answer: those who work at the organisation it went to."""
    return document.addressee_id is not None and scope_of(actor).holds_at(document.addressee_id, *WORKERS, Role.LEADER)


def may_note_service(actor: User, document: Document) -> bool:
    """Record that a party was served: the window of the organisation that issued it."""
    return scope_of(actor).holds_at(document.issuer_id, *WINDOW)


def may_change_kinds(actor: User) -> bool:
    """Kinds and ladder are the system administrator's and the county centre manager's."""
    scope = scope_of(actor)
    return scope.holds(Role.SYSTEM_ADMIN) or any(
        p.role == Role.MANAGER and len(p.organisation.territory.code) <= 6 for p in scope.postings
    )


def has_papers(user: User) -> bool:
    """Somebody whose post has to do with slips and letters: issues, receives or signs them."""
    return scope_of(user).holds(*WINDOW, *WORKERS, Role.LEADER)


def may_mark_care(actor: User, case: Case) -> bool:
    """Set the special-care mark: the manager of the centre that answers, or who handles the case."""
    return scope_of(actor).holds_at(case.centre_id, Role.MANAGER) or any(
        _handles(actor, handling) for handling in case.handlings.all() if handling.closed_at is None
    )


def may_see_care(actor: User, record: CareRecord) -> bool:
    """Few: the manager of the centre that answers, and workers of the organisations it was shared with."""
    scope = scope_of(actor)
    if scope.holds_at(record.case.centre_id, Role.MANAGER):
        return True
    return any(scope.holds_at(organisation.pk, *WORKERS) for organisation in record.shared_with.all())


def _issues(actor: User, document: Document) -> bool:
    return scope_of(actor).holds_at(document.issuer_id, *ISSUING)


def _handles(actor: User, handling: Handling) -> bool:
    return scope_of(actor).holds_at(handling.organisation_id, *WORKERS)
