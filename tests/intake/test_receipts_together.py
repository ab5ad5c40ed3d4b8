"""The receipts of several cases in one go: for who has none, each on a page, what is not printed said beside."""

import pytest

from intake.public.models import QueryCode
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
ADDRESS = "/cases/receipts/"


def test_each_applicant_without_a_receipt_gets_one_and_who_has_one_keeps_the_code(ground: Ground) -> None:
    one, other, had = ways.accepted(ground), ways.accepted(ground), ways.accepted(ground)
    clerk = signed_in(ground.clerk)
    clerk.post(f"/cases/{had.code}/receipt/{had.parties.get(side='applicant').uid}/")
    kept = QueryCode.objects.get()
    form = {"case": [one.code, had.code, other.code]}
    dialog = clerk.get(ADDRESS, form).content.decode()
    assert all(str(case.code) in dialog for case in (one, other, had)) and QueryCode.objects.count() == 1
    answer = clerk.post(ADDRESS, form)
    page = answer.content.decode()
    assert page.count('<article class="paper">') == 2
    assert f"{had.code}：申请人都已有受理告知" in page
    assert QueryCode.objects.filter(voided_at=None).count() == 3
    kept.refresh_from_db()
    assert kept.voided_at is None
    typed = [receipt["typed"] for receipt in answer.context["receipts"]]
    assert len(set(typed)) == 2 and all(text in page for text in typed)


def test_who_may_hand_out_none_gets_none_and_learns_nothing_of_a_case_out_of_sight(ground: Ground) -> None:
    case = ways.accepted(ground, title="岳与付土地纠纷")
    for who in (ground.stranger, ground.handler, ground.leader):
        page = signed_in(who).post(ADDRESS, {"case": [case.code]}).content.decode()
        assert '<article class="paper">' not in page and str(case.code) in page and "岳与付" not in page
    assert "岳与付" not in signed_in(ground.stranger).get(ADDRESS, {"case": [case.code]}).content.decode()
    assert not QueryCode.objects.exists()


@pytest.mark.parametrize("codes", [[], [f"x{n}" for n in range(31)]])
def test_none_and_too_many_are_refused(codes: list[str], ground: Ground) -> None:
    assert signed_in(ground.clerk).get(ADDRESS, {"case": codes}).status_code == 400
    assert signed_in(ground.clerk).post(ADDRESS, {"case": codes}).status_code == 400


def test_lists_offer_it_to_who_hands_out_receipts(ground: Ground) -> None:
    ways.accepted(ground)
    assert ADDRESS in signed_in(ground.clerk).get("/cases/").content.decode()
    page = signed_in(ground.dispatcher).get("/cases/").content.decode()
    assert "/documents/print/" in page
