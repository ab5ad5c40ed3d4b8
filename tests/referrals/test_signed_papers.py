"""Slips and letters: the PDF of the moment of signature is what is printed ever after."""

import io

import pytest
from pypdf import PdfReader

from referrals import actions
from referrals.documents import postings_of
from referrals.models import Document, Purpose
from tests.browsing import signed_in
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.accounts.models import User

pytestmark = pytest.mark.django_db


def printed(person: User, document: Document) -> bytes:
    answer = signed_in(person).get(f"/documents/{document.uid}/paper/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return answer.content


def test_a_signed_slip_is_printed_in_the_same_bytes_whatever_its_case_says_later(ground: Ground) -> None:
    case = ways.dispatched(ground)
    slip = case.documents.get(kind__purpose=Purpose.DISPATCH)
    first = printed(ground.dispatcher, slip)
    assert str(slip.number) in words_of_pdf(first) and "草稿" not in words_of_pdf(first)
    case.parties.update(name="改名某")
    assert printed(ground.handler, slip) == first


def test_who_may_not_read_it_whole_does_not_get_the_kept_paper(ground: Ground) -> None:
    case = ways.dispatched(ground)
    slip = case.documents.get(kind__purpose=Purpose.DISPATCH)
    names = [party.name for party in case.parties.all()]
    masked = words_of_pdf(printed(ground.leader, slip))
    assert str(slip.number) in masked and not any(name in masked for name in names)


def test_a_void_letter_is_printed_with_its_mark(ground: Ground) -> None:
    letter = ways.signed(ground)
    before = printed(ground.manager, letter)
    actions.void_document(letter, actor=ground.manager, reason="写错了")
    after = words_of_pdf(printed(ground.manager, letter))
    assert "作废" in after and "作废" not in words_of_pdf(before) and str(letter.number) in after


def test_a_draft_is_marked(ground: Ground) -> None:
    assert "草稿" in words_of_pdf(printed(ground.manager, ways.draft(ground)))


def test_the_envelope_says_to_whom_where_from_whom_and_which_number_on_one_page_of_its_size(ground: Ground) -> None:
    slip = ways.dispatched(ground).documents.get(kind__purpose=Purpose.DISPATCH)
    for form, size in (("", (220, 110)), ("?form=label", (100, 70))):
        answer = signed_in(ground.dispatcher).get(f"/documents/{slip.uid}/envelope/{form}")
        words = words_of_pdf(answer.content)
        pages = PdfReader(io.BytesIO(answer.content)).pages
        assert len(pages) == 1 and "收" in words and str(slip.number) in words and slip.issuer.name in words
        assert tuple(round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]) == size


def test_the_envelope_to_a_party_bears_the_address_and_none_that_is_kept_secret(ground: Ground) -> None:
    case = ways.dispatched(ground)
    party = case.parties.order_by("ordinal")[0]
    party.seal_address("巨日合镇五家子村3组12号")
    party.save()
    letter = ways.signed(ground, Purpose.REMIND, case=case, level="")
    letter.kind.addressee, letter.party_name = "party", party.name
    assert [row.address for row in postings_of(letter)] == ["巨日合镇五家子村3组12号"]
    party.seal_address("")
    party.save()
    assert "请填写" in postings_of(letter)[0].address


def test_a_draft_has_no_envelope(ground: Ground) -> None:
    assert signed_in(ground.manager).get(f"/documents/{ways.draft(ground).uid}/envelope/").status_code == 409
