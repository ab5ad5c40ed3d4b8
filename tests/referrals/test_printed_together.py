"""Several documents as one PDF: each by its reader's sight, with a result for each on the first page."""

import io

import pytest
from pypdf import PdfReader

from intake.models import Case
from referrals.models import Document
from tests.browsing import signed_in
from tests.office.sheets import bare, words_of_pdf
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.models import TrailEntry
from zhongzhi.printing.binding import MOST, Bound, bound

pytestmark = pytest.mark.django_db
ADDRESS = "/documents/print/"


def slip_of(case: Case) -> Document:
    return Document.objects.get(case=case, kind__purpose="dispatch")


def printed() -> int:
    return TrailEntry.objects.filter(verb="document_printed").count()


def test_the_slips_of_chosen_cases_are_one_pdf_behind_a_list_of_what_became_of_each(ground: Ground) -> None:
    one, other = ways.dispatched(ground, title="岳与付土地纠纷"), ways.dispatched(ground, title="某与某欠款纠纷")
    form = {"case": [one.code, other.code]}
    dialog = signed_in(ground.dispatcher).get(ADDRESS, form).content.decode()
    assert str(slip_of(one).uid) in dialog and str(slip_of(other).uid) in dialog
    before = printed()
    answer = signed_in(ground.dispatcher).post(ADDRESS, form)
    assert answer["Content-Type"] == "application/pdf"
    first, *rest = [bare(page.extract_text()) for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert "打印清单" in first and "共2份" in first
    for case in (one, other):
        number = bare(slip_of(case).number)
        assert number in first and any(number in page for page in rest)
    assert first.count("已打印") == 2 and printed() == before + 2


def test_what_is_out_of_sight_is_a_line_without_a_word_of_it_and_stops_nothing(ground: Ground) -> None:
    mine, hidden = (
        slip_of(ways.dispatched(ground)),
        ways.draft(ground, case=ways.dispatched(ground, title="别处的纠纷")),
    )
    handler = signed_in(ground.handler)
    assert handler.get(f"/documents/{hidden.uid}/paper/").status_code == 404, "a draft is its office's own"
    answer = handler.post(ADDRESS, {"document": [hidden.uid, mine.uid]})
    words = words_of_pdf(answer.content)
    assert bare(mine.number) in words and "未打印1份" in words and "不在您的查看范围内" in words
    assert bare(hidden.subject) not in words
    dialog = handler.get(ADDRESS, {"document": [hidden.uid, mine.uid]}).content.decode()
    assert str(hidden.uid) not in dialog and str(mine.uid) in dialog


def test_a_case_out_of_sight_brings_no_document(ground: Ground) -> None:
    case = ways.dispatched(ground)
    assert signed_in(ground.stranger).post(ADDRESS, {"case": [case.code]}).status_code == 400
    assert printed() == 0


@pytest.mark.parametrize(
    "form", [{}, {"document": ["1"]}, {"document": ["0" * 8 + f"-0000-0000-0000-{n:012}" for n in range(MOST + 1)]}]
)
def test_none_too_many_and_what_is_no_number_are_refused(form: dict[str, list[str]], ground: Ground) -> None:
    assert signed_in(ground.dispatcher).get(ADDRESS, form).status_code == 400
    assert signed_in(ground.dispatcher).post(ADDRESS, form).status_code == 400


def pages(number: int) -> bytes:
    from pypdf import PdfWriter

    writer, kept = PdfWriter(), io.BytesIO()
    for _ in range(number):
        writer.add_blank_page(595, 842)
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(("both_sides", "number"), [(False, 1 + 1 + 2 + 3), (True, 2 + 2 + 2 + 4)])
def test_on_both_sides_each_paper_begins_on_a_sheet_of_its_own(both_sides: bool, number: int) -> None:
    papers = [
        Bound("1", "甲", pages(1)),
        Bound("2", "乙", pages(2)),
        Bound("3", "丙", refusal="太长"),
        Bound("4", "丁", pages(3)),
    ]
    content = bound(papers, lambda _: pages(1), both_sides=both_sides)
    assert len(PdfReader(io.BytesIO(content)).pages) == number
