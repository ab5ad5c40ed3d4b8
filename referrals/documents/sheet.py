"""What stands on the pages of one document, the same for the printed page and for the DOCX file."""

from dataclasses import dataclass

from django.utils import timezone

from referrals.models import AddresseeRule, Document, Level, PaperForm
from zhongzhi.core.numbering import document_number


@dataclass(frozen=True)
class Sheet:
    """The parts of a page by GB/T 9704-2012: 版头, 主体, 版记."""

    form: str
    agency: str
    kind: str
    number: str
    level: str
    subject: str
    addressee: str
    paragraphs: tuple[str, ...]
    signer: str
    date: str
    is_draft: bool
    by_system: bool
    wants_receipt: bool


def sheet_of(document: Document) -> Sheet:
    """The page of a document as it stands; a draft is marked and has no number."""
    signed_on = timezone.localdate(document.signed_at) if document.signed_at else None
    return Sheet(
        form=document.kind.form,
        agency=document.issuer.name,
        kind=document.kind.name,
        number=document.number or "（未编号）",
        level=f"{Level(document.level).label}色" if document.level else "",
        subject=document.subject,
        addressee=_addressee(document),
        paragraphs=tuple(document.body.splitlines()),
        signer=document.signed_by.name if document.signed_by else "",
        date=f"{signed_on.year}年{signed_on.month}月{signed_on.day}日" if signed_on else "",
        is_draft=not document.is_signed,
        by_system=document.by_system,
        wants_receipt=document.kind.form == PaperForm.SLIP,
    )


def number_of(stem: str, word: str, year: int, serial: int) -> str:
    """机关代字〔年〕n号."""
    return document_number(f"{stem}{word}", year, serial)


def _addressee(document: Document) -> str:
    name = document.addressee_name
    return f"{name}主要负责人" if document.kind.addressee == AddresseeRule.LEADERSHIP else name
