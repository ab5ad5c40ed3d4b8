"""To whom a document is posted: each party it is for, at the address of that party, or the organisation."""

from intake.queries.violence import HIDDEN, contact_on_papers
from referrals.models import AddresseeRule, Document
from zhongzhi.office.envelopes import Posting

UNKNOWN = "（未登记地址，请填写）"


def postings_of(document: Document) -> list[Posting]:
    """A cover for each receiver. Where violence in a family hides an address it is left to be written by hand."""
    if document.kind.addressee != AddresseeRule.PARTY or document.case is None:
        at = document.addressee.address if document.addressee else ""
        return [_to(document, document.addressee_name, at)]
    parties = [p for p in document.case.parties.order_by("ordinal", "pk") if p.shown_name in document.party_name]
    found = [_to(document, party.shown_name, contact_on_papers(party)[1]) for party in parties]
    return found or [_to(document, document.party_name, "")]


def _to(document: Document, name: str, address: str) -> Posting:
    issuer = document.issuer
    where = "　".join(text for text in (issuer.address, issuer.phone) if text)
    known = address if address and address != HIDDEN else UNKNOWN
    return Posting(to=name, address=known, sender=issuer.name, sender_address=where, number=document.number or "")
