"""The DOCX of a document: slips in the general form, letters in the letter's form of GB/T 9704-2012."""

from typing import Any

from referrals.documents.sheet import PARTY_HEAD, Sheet
from referrals.models import PaperForm
from zhongzhi import office
from zhongzhi.office import measures

RECEIPT = "签收单位（章）：　　　　　　签收人：　　　　　　年　月　日"


def docx_of(sheet: Sheet, *, head: str = "") -> bytes:
    """The file of a document as it stands; a draft says so at its head. `head` says on each page who took it out."""
    document = office.official_document()
    _head(document, sheet)
    if head:
        office.header_line(document, head)
    office.title(document, sheet.subject)
    office.spacer(document, measures.LINE)
    office.addressee(document, sheet.addressee)
    for text in sheet.paragraphs:
        office.indented(document, text)
    _parties(document, sheet)
    _annexes(document, sheet)
    office.agency_and_date(document, sheet.agency, sheet.date)
    if sheet.wants_receipt:
        _receipt(document)
    _foot(document, sheet)
    return office.as_bytes(document)


def _head(document: Any, sheet: Sheet) -> None:
    level = f"　　{sheet.level}" if sheet.level else ""
    if sheet.form == PaperForm.LETTER:
        office.letter_head(document, agency=sheet.agency, number=f"{sheet.number}{level}", stage=sheet.stage)
    else:
        signer = f"签发人：{sheet.signer}" if sheet.signer else ""
        mark = f"{sheet.agency}{sheet.kind}"
        office.slip_head(document, agency=mark, number=f"{sheet.number}{level}", right=signer, stage=sheet.stage)


def _receipt(document: Any) -> None:
    """What the receiver fills in; it stays with the date."""
    office.keep_with_text(document)
    office.spacer(document, measures.LINE).paragraph_format.keep_with_next = True
    office.line(document, RECEIPT, size=measures.NUMBER_4)


def _parties(document: Any, sheet: Sheet) -> None:
    if sheet.parties:
        office.indented(document, "当事人及联系方式：").paragraph_format.keep_with_next = True
        office.data_table(document, PARTY_HEAD, sheet.parties)


def _annexes(document: Any, sheet: Sheet) -> None:
    """附件说明: a line below the text, two characters in, names one under the other (7.3.4)."""
    if not sheet.annexes:
        return
    office.spacer(document, measures.LINE)
    only = len(sheet.annexes) == 1
    for n, name in enumerate(sheet.annexes, 1):
        number = "" if only else f"{n}. "
        office.hanging(document, "附件：" if n == 1 else "　　　", f"{number}{name}")


def _foot(document: Any, sheet: Sheet) -> None:
    if sheet.form == PaperForm.LETTER:
        office.add_copies(document, sheet.copies)
    elif sheet.date:
        office.add_imprint(document, copies=sheet.copies, printer=sheet.agency, printed_on=sheet.date)
