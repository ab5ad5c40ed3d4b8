"""Documents a reader may see, and the lists of the day: to sign, to answer, overdue."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Case as When_
from django.db.models import Count, DateTimeField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When

from grids.models import Territory
from grids.roles import Capability
from grids.scope import once_a_scope, scope_of
from intake.deadlines.models import Clock, ClockKind
from intake.models import Case, Suspension
from intake.queries import cases_visible_to, note_look
from intake.sight import in_full, keys_in_words, not_closed_to
from referrals.lifecycle import TO_SIGN, WAITING, State
from referrals.models import Document, DocumentAnswer, DocumentStep, Purpose
from referrals.permissions import SIGNING
from referrals.queries.veiling import answers_as_seen, as_seen, steps_as_seen
from zhongzhi.accounts.models import ClientSight, User, UserKind
from zhongzhi.core.errors import BadInput, NotFound
from zhongzhi.rows.arrays import THESE_KEYS, among, rows_of_keys
from zhongzhi.rows.statements import PreparedRows

RELATED = ("kind", "case", "issuer__territory", "addressee", "handling", "signed_by", "drafted_by", "follows")
OF_HANDLING = Q(kind__purpose=Purpose.DISPATCH, handling__isnull=False)
OF_SLIPS = (ClockKind.SIGN, ClockKind.HANDLE)
OPEN_SLIP = Q(kind__purpose=Purpose.DISPATCH, handling__closed_at__isnull=True)
TO_SIGN_FOR = Q(received_at__isnull=True, receipt_due_at__isnull=False)
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OUTSTANDING = ~Q(kind__purpose=Purpose.DISPATCH) & Q(status__in=WAITING) | OPEN_SLIP & Q(status=State.ISSUED)


@once_a_scope
def documents_visible_to(user: User) -> QuerySet[Document]:
    """Documents that one's organisations issued or received, and those issued below one's centre or leader posts."""
    scope = scope_of(user)
    ids = sorted({p.organisation_id for p in scope.posts_with(Capability.READ_DOCUMENTS)})
    sight = Q(issuer_id__in=ids) | Q(addressee_id__in=ids, signed_at__isnull=False) | Q(drafted_by=user)
    if scope.client_sight == ClientSight.OWN:
        return Document.objects.none()
    if scope.case_subtrees:
        places = Territory.objects.filter(scope.case_filter(prefix=""))
        sight |= Q(issuer__territory__in=places, signed_at__isnull=False)
    return Document.objects.filter(sight, Q(case=None) | Q(case__in=_cases_not_closed_to(user)))


def whole_documents_of(user: User) -> Q:
    """Those whose subjects are not masked to a reader, so that a search for words finds no name that is hidden."""
    if user.kind == UserKind.SERVICE:
        return Q(case=None)
    ids = sorted({p.organisation_id for p in scope_of(user).posts_with(Capability.READ_DOCUMENTS)})
    sides = Q(issuer_id__in=ids) | Q(addressee_id__in=ids) | Q(drafted_by=user) | Q(case=None)
    return sides | Q(case__in=cases_visible_to(user).filter(in_full(user)))


def _cases_not_closed_to(user: User) -> QuerySet[Case]:
    """A document is seen by post and not by the case; but none about a case that is closed to the person."""
    return Case.objects.filter(not_closed_to(user))


def document_visible_to(user: User, uid: UUID) -> Document:
    """One document in sight, or signed and about a case in sight, as its reader may see it; NotFound else. A look at
    one about a restricted case is recorded."""
    document = documents_for_list(user).filter(uid=uid).first()
    if document is None:
        rows = Document.objects.filter(uid=uid, signed_at__isnull=False, case__in=keys_in_words(user))
        document = with_next_due(rows).first()
    if document is None:
        raise NotFound("没有找到这份公文，或者它不在您的查看范围内。")
    if document.case is not None:
        note_look(user, document.case)
    return as_seen(user, document)


def signed_documents_visible_to(user: User) -> QuerySet[Document]:
    """Signed documents in sight, and those about a case in sight."""
    sight = Q(pk__in=documents_visible_to(user)) | Q(case__in=keys_in_words(user))
    return Document.objects.filter(sight, signed_at__isnull=False).select_related(*RELATED)


@once_a_scope
def documents_for_list(user: User) -> QuerySet[Document]:
    """Documents in sight with what a line of a list shows, and `next_due`: when its receipt or answer is due."""
    return with_next_due(documents_visible_to(user))


def with_next_due(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Annotate `next_due`: the receipt limit until it is signed for, the answer limit after; of a slip, what its
    handling owes next, with every extension. Nothing is due while the case is suspended, unless it was late before."""
    running = Clock.objects.filter(handling=OuterRef("handling"), stopped_at=None, paused_at=None, kind__in=OF_SLIPS)
    due = When_(
        When(OF_HANDLING, then=Subquery(running.order_by("due_at").values("due_at")[:1])),
        When(TO_SIGN_FOR & _suspended_before("receipt_due_at"), then=Value(None)),
        When(TO_SIGN_FOR, then=F("receipt_due_at")),
        When(_suspended_before("answer_due_at"), then=Value(None)),
        default=F("answer_due_at"),
        output_field=DateTimeField(null=True),
    )
    return rows.select_related(*RELATED).annotate(next_due=due)


def _suspended_before(limit: str) -> Q:
    """The case is suspended, and has been since before a limit came: that limit does not run."""
    return Q(Exists(Suspension.objects.filter(case=OuterRef("case"), until__isnull=True, since__lt=OuterRef(limit))))


def documents_owed_by(user: User) -> QuerySet[Document]:
    """What one's organisations have to sign for or to answer, the nearest limit first."""
    ids = sorted({p.organisation_id for p in scope_of(user).posts_with(Capability.ANSWER_DOCUMENTS)})
    of_case = Q(case=None) | Q(case__in=_cases_not_closed_to(user))
    rows = with_next_due(Document.objects.filter(OUTSTANDING, of_case, addressee_id__in=ids))
    return rows.order_by(F("next_due").asc(nulls_last=True), "id")


def documents_of_heads(keys: Sequence[int]) -> list[Document]:
    """The documents that the head of a list in sight named, in its order; nothing is asked for none."""
    return rows_of_keys(_by_key(), keys)


@cache
def _by_key() -> PreparedRows[Document]:
    return PreparedRows(with_next_due(Document.objects.filter(among("pk", THESE_KEYS))))


def documents_owed_to(user: User) -> QuerySet[Document]:
    """What others have to sign for or to answer to the organisations in one's view: the longest overdue first."""
    rows = documents_for_list(user).filter(OUTSTANDING)
    return rows.order_by(F("next_due").asc(nulls_last=True), "id")


def documents_to_sign(user: User) -> QuerySet[Document]:
    """Drafts that wait for one's signature, the oldest first."""
    scope = scope_of(user)
    mine = Q(pk__in=[])
    for signatory, capability in SIGNING.items():
        ids = [p.organisation_id for p in scope.posts_with(capability)]
        mine |= Q(kind__signatory=signatory, issuer_id__in=ids)
    ready = Q(status=State.READY) | Q(status=State.DRAFT, kind__reviewed=False)
    of_case = Q(case=None) | Q(case__in=_cases_not_closed_to(user))
    return Document.objects.filter(mine, ready, of_case, status__in=TO_SIGN).select_related(*RELATED).order_by("id")


def documents_of(case: Case, *, drafts: bool) -> QuerySet[Document]:
    """The documents of a case, as they came; drafts only for those who issue."""
    rows = case.documents.exclude(status=State.DISCARDED)
    if not drafts:
        rows = rows.filter(signed_at__isnull=False)
    return rows.select_related(*RELATED).order_by("id")


def documents_shown_on(case: Case, user: User) -> QuerySet[Document]:
    """The documents of a case in sight that this reader may open: all that are signed, and drafts in sight."""
    rows = documents_of(case, drafts=True)
    return rows.filter(Q(signed_at__isnull=False) | Q(pk__in=documents_visible_to(user).filter(case=case).values("pk")))


def chosen_documents(user: User, uids: Sequence[str], codes: Sequence[str], *, most: int) -> list[UUID]:
    """What was chosen in lists, in that order: documents by their numbers, and of each chosen case in sight those that
    the reader may open. Raises BadInput for none, for more than `most`, and for what is no number of a document."""
    try:
        found = [UUID(uid) for uid in uids]
    except ValueError:
        raise BadInput("公文编号不对。", field="document") from None
    cases = {str(case.code): case for case in cases_visible_to(user).filter(code__in=codes[: most + 1])}
    for code in codes:
        if code in cases and len(found) <= most:
            found += documents_shown_on(cases[code], user).values_list("uid", flat=True)
    chosen = list(dict.fromkeys(found))
    if not chosen:
        raise BadInput("所选的没有可以打印的公文。", field="document")
    if len(chosen) > most:
        raise BadInput(f"一次最多打印 {most} 份公文，请分几次。", field="document")
    return chosen


def lock_waiting_documents(case: Case) -> list[Document]:
    """Lock what a locked case has issued and unanswered; slips, whose limits are those of their handling, left out."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("kind", "case")
    return list(rows.filter(case=case, status__in=WAITING).exclude(OF_HANDLING).order_by("pk"))


def last_refusal_at(document: Document) -> datetime | None:
    """When an answer was last refused; None where none was."""
    rows = document.answers.filter(accepted=False).order_by("-decided_at")
    return rows.values_list("decided_at", flat=True).first()


def selected_to_sign(user: User, uids: Iterable[str]) -> list[Document]:
    """Those of the chosen documents that wait for one's signature, in the order they were drafted."""
    known = [uid for uid in uids if UUID_SHAPE.fullmatch(uid)]
    return list(documents_to_sign(user).filter(uid__in=known))


def steps_of(document: Document) -> list[DocumentStep]:
    """What happened to a document, the latest first, as the reader may see it for whom it was read."""
    return steps_as_seen(document, document.steps.select_related("actor").order_by("-at", "-pk"))


def correction_of(document: Document) -> Document | None:
    """The slip that was issued in place of a void one; None where there is none."""
    return (
        document.followed_by.filter(kind__purpose=Purpose.DISPATCH).first() if document.status == State.VOID else None
    )


def answers_of(document: Document) -> list[DocumentAnswer]:
    """The answers to a document, the latest first, as the reader may see them for whom it was read."""
    return answers_as_seen(document, document.answers.select_related("answered_by", "decided_by").order_by("-pk"))


def has_visible_case(user: User, document: Document) -> bool:
    """Whether the reader may open the case that a document is about."""
    return document.case_id is not None and cases_visible_to(user).filter(pk=document.case_id).exists()


def overdue_documents(rows: QuerySet[Document], now: datetime) -> QuerySet[Document]:
    """Those of `documents_for_list` that are outstanding and late."""
    return rows.filter(OUTSTANDING).filter(next_due__lt=now)  # type: ignore[misc]


@dataclass(frozen=True)
class AnswersOwed:
    """How many answers one organisation owes, how many of them late, the oldest limit."""

    pk: int
    name: str
    owed: int
    late: int
    oldest: datetime | None


def answers_owed_by_organisation(rows: QuerySet[Document], now: datetime) -> list[AnswersOwed]:
    """Which organisation owes how many answers, those with most late first; one query."""
    by = rows.order_by().values("addressee_id", "addressee__short_name")
    counted = by.annotate(owed=Count("pk"), late=Count("pk", filter=Q(next_due__lt=now)), oldest=Min("next_due"))
    return [
        AnswersOwed(row["addressee_id"], row["addressee__short_name"], row["owed"], row["late"], row["oldest"])
        for row in counted.order_by("-late", "-owed", "addressee_id")[:24]
        if row["addressee_id"] is not None
    ]


def drafts_to_issue_automatically() -> QuerySet[Document]:
    """Drafts of the clock whose kind waits for no signature, the oldest first."""
    return Document.objects.filter(status=State.DRAFT, by_system=True, kind__by_itself=True).order_by("pk")
