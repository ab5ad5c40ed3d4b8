"""Whom a step of a document is told to, and how it reads."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from grids.models import Organisation, Role
from grids.queries import leaders_over, members_of
from intake.models import Risk
from intake.queries import work_calendar
from referrals.models import Document
from referrals.permissions import SIGNERS
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import post


def tell_addressee(document: Document, kind: str, what: str, *, not_before: datetime | None = None) -> None:
    """Tell those who work at the organisation it went to; a letter to its leadership also to its leaders."""
    if document.addressee is not None:
        roles = (Role.HANDLER, Role.DISPATCHER, Role.MANAGER, Role.LEADER)
        tell(members_of(document.addressee, *roles), document, kind, what, not_before=not_before)


def tell_signers(document: Document) -> None:
    """Tell those who may sign that a draft waits for them."""
    people = members_of(document.issuer_id, *SIGNERS[document.kind.signatory])
    tell(people, document, "document_to_sign", "待签发", not_before=office_moment(document))


def tell_issuer(document: Document, kind: str, what: str) -> None:
    """Tell those who issue at the organisation it came from."""
    tell(members_of(document.issuer_id, Role.DISPATCHER, Role.MANAGER, Role.LEADER), document, kind, what)


def tell_leaders(document: Document, place: Organisation, what: str) -> None:
    """Tell the leaders over a place at once: red is not held back for office hours."""
    tell(leaders_over(place.territory), document, "document_leader", what)


def tell(
    people: Iterable[User], document: Document, kind: str, what: str, *, not_before: datetime | None = None
) -> None:
    """One message per person and version of the document."""
    post(
        list({person.pk: person for person in people}.values()),
        kind,
        title=f"{document.kind.name}{what}：{document.subject}",
        body=document.number or "",
        link=f"/documents/{document.uid}/",
        key=f"document:{document.pk}:{kind}:{document.version}",
        not_before=not_before,
    )


def office_moment(document: Document) -> datetime | None:
    """When a message of the clock may go out: in office hours, at once for red risk."""
    if document.case is not None and document.case.risk == Risk.RED:
        return None
    return work_calendar().next_office_moment(timezone.now())
