"""Notices about documents: who is notified of what, and how it reads."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from django.utils import timezone

from grids.queries import leaders_over, members_with
from grids.roles import Capability
from intake.deadlines.queries import work_calendar
from intake.models import Risk
from intake.sight import guarded_among, readers_among
from referrals.models import Document
from referrals.permissions import SIGNING
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import Announcement, post_all

Notice = tuple[frozenset[User], Document, str, str, datetime | None]
"""Whom it is for, what it is about, its kind, what it says, and before when it is not sent."""


def notify_addressee(document: Document, kind: str, what: str, *, not_before: datetime | None = None) -> None:
    """Notify those who work at the organisation it went to, its leaders among them."""
    if document.addressee_id is not None:
        _post([(_workers(document.addressee_id), document, kind, what, not_before)])


def notify_addressees(notices: Iterable[tuple[Document, str, str]]) -> None:
    """Notify the addressees of several documents, each with the kind of notice and what it says: the
    clock warns in office hours."""
    workers, opens = cache(_workers), work_calendar().next_office_moment(timezone.now())
    _post([(workers(d.addressee_id), d, kind, what, opens) for d, kind, what in notices if d.addressee_id])


def notify_signers(*documents: Document) -> None:
    """Notify those who may sign that drafts wait for them; in office hours, but for red risk."""
    signers = cache(lambda issuer_id, signatory: frozenset(members_with(issuer_id, SIGNING[signatory])))
    opens = work_calendar().next_office_moment(timezone.now()) if documents else None
    _post(
        [
            (
                signers(document.issuer_id, document.kind.signatory),
                document,
                "document_to_sign",
                "待签发",
                None if document.case is not None and document.case.risk == Risk.RED else opens,
            )
            for document in documents
        ]
    )


def notify_issuer(document: Document, kind: str, what: str) -> None:
    """Notify those who issue at the organisation it came from."""
    notify(members_with(document.issuer_id, Capability.ISSUE_DOCUMENTS), document, kind, what)


def notify_leaders(*documents: Document, what: str) -> None:
    """Notify the leaders over the places of the issuers, at once: red is not held back for office hours."""
    leaders = cache(lambda territory: frozenset(leaders_over(territory)))
    _post([(leaders(d.issuer.territory), d, "document_leader", what, None) for d in documents])


def notify(
    people: Iterable[User], document: Document, kind: str, what: str, *, not_before: datetime | None = None
) -> None:
    """Notify people of a document: one message per person and version of the document."""
    _post([(frozenset(people), document, kind, what, not_before)])


def _workers(organisation_id: int) -> frozenset[User]:
    return frozenset(members_with(organisation_id, Capability.NOTIFIED_OF_DOCUMENTS))


def _post(notices: Sequence[Notice]) -> None:
    """Send these to those of their people who may be told of the case; one query says of which cases that is asked."""
    guarded = guarded_among({document.case_id for _, document, *_ in notices if document.case_id is not None})
    post_all(_announcement(*notice, guarded=guarded) for notice in notices)


def _announcement(
    people: frozenset[User],
    document: Document,
    kind: str,
    what: str,
    not_before: datetime | None,
    *,
    guarded: set[int],
) -> Announcement:
    case = document.case
    return Announcement(
        users=readers_among(people, case) if case is not None and case.pk in guarded else people,
        kind=kind,
        title=f"{document.kind.name}{what}：{document.subject}",
        body=document.number or "",
        link=f"/documents/{document.uid}/",
        key=f"document:{document.pk}:{kind}:{document.version}",
        not_before=not_before,
    )
