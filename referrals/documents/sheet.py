"""What stands on the pages of one document, the same on the screen, in the DOCX and on the print."""

from dataclasses import dataclass

from intake.models import Party, PartyKind
from intake.queries import attachments_of
from intake.queries.violence import HIDDEN, contact_on_papers
from referrals.documents.words import WORDS, check_templates, written
from referrals.lifecycle import State
from referrals.models import AddresseeRule, Document, DocumentKind, Level, PaperForm, Purpose
from referrals.queries.veiling import masked_for
from zhongzhi.core.masking import mask_address, mask_name, mask_phone
from zhongzhi.core.numbering import document_number
from zhongzhi.core.paper_dates import paper_day


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
    is_void: bool = False
    copies: str = ""
    parties: tuple[tuple[str, ...], ...] = ()
    annexes: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        """What the paper is not yet, or not any more; empty for one in force."""
        return "作废" if self.is_void else "草稿" if self.is_draft else ""


PARTY_HEAD = ("当事人", "姓名或名称", "联系电话", "住址")
MOST_ANNEXES = 10


def sheet_of(document: Document, *, in_clear: bool = False) -> Sheet:
    """The page of a document as it stands; a draft is marked and has no number.

    A slip that hands a case out names its parties: in the clear on the paper that goes to who handles it and for those
    who may see it, masked for others.
    """
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
        date=paper_day(document.signed_at),
        is_draft=not document.is_signed,
        by_system=document.by_system,
        wants_receipt=_wants_receipt(document),
        is_void=document.status == State.VOID,
        copies=document.copied_to,
        parties=_parties(document, in_clear=in_clear),
        annexes=_annexes(document),
    )


def example_sheet(kind: DocumentKind, subject: str, body: str) -> Sheet:
    """How a kind would look with these templates, filled with the examples of `WORDS`. Raises RuleViolation at the
    template that cannot be read."""
    check_templates(subject, body)
    to_party = kind.addressee == AddresseeRule.PARTY
    return Sheet(
        form=kind.form,
        agency=str(WORDS["issuer"]),
        kind=kind.name,
        number="（未编号）",
        level="",
        subject=written(subject, WORDS),
        addressee=str(WORDS["party" if to_party else "addressee"]),
        paragraphs=tuple(written(body, WORDS).splitlines()),
        signer="",
        date="",
        is_draft=True,
        by_system=False,
        wants_receipt=False,
    )


def _wants_receipt(document: Document) -> bool:
    """Whether the receiver signs on the paper: of slips, and of letters that go along with guidance (回执)."""
    kind = document.kind
    signs = kind.form == PaperForm.SLIP or kind.purpose == Purpose.GUIDE
    return signs and kind.addressee != AddresseeRule.PARTY


def number_of(stem: str, word: str, year: int, serial: int) -> str:
    """机关代字〔年〕n号."""
    return document_number(f"{stem}{word}", year, serial)


def _addressee(document: Document) -> str:
    name = document.addressee_name
    return f"{name}主要负责人" if document.kind.addressee == AddresseeRule.LEADERSHIP else name


def _parties(document: Document, *, in_clear: bool) -> tuple[tuple[str, ...], ...]:
    """Who the case is between, for who is to handle it."""
    if document.kind.purpose != Purpose.DISPATCH or document.case is None:
        return ()
    rows = document.case.parties.select_related("represents").order_by("ordinal", "pk")
    return tuple(_party(row, in_clear) for row in rows)


def _party(party: Party, in_clear: bool) -> tuple[str, ...]:
    role = party.get_side_display() if party.represents is None else party.get_role_display()
    name, (phone, address) = party.shown_name, contact_on_papers(party)
    masked = ((phone, mask_phone), (address, mask_address))
    if not in_clear:
        name = name if party.kind == PartyKind.ORGANISATION or party.name_withheld else mask_name(name)
        phone, address = (value if value == HIDDEN else mask(value) for value, mask in masked)
    return role, name, phone or "未登记", address or "未登记"


def _annexes(document: Document) -> tuple[str, ...]:
    """The files of the case that go along with the slip."""
    if document.kind.purpose != Purpose.DISPATCH or document.case is None:
        return ()
    rows = attachments_of(document.case)[: MOST_ANNEXES + 1]
    names = [masked_for(document, row.note or row.file.name) for row in rows]
    return tuple(names) if len(names) <= MOST_ANNEXES else (*names[:MOST_ANNEXES], "其余材料见系统内案件附件")
