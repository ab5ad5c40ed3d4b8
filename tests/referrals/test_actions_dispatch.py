"""Handing out with slips: the case, the handlings and the numbered papers are one transaction."""

import io

import pytest
from docx import Document as read_docx

from intake.actions import report_outcome, sign_for_case
from intake.deadlines.models import Clock
from intake.models import Handling
from referrals import actions
from referrals.models import Document, DocumentKind
from tests.intake import ways as cases
from tests.intake.api import address, as_person
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.files import disk

pytestmark = pytest.mark.django_db


def test_a_dispatch_issues_a_numbered_slip_to_the_lead_and_to_each_co_handler(ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau, ground.juri_police)
    slips = Document.objects.filter(case=case).order_by("serial")
    assert [slip.number for slip in slips] == [f"扎鲁特综交〔{slip.year}〕{n}号" for n, slip in enumerate(slips, 1)]
    assert [slip.addressee for slip in slips] == [ground.justice_bureau, ground.labour_bureau, ground.juri_police]
    assert {slip.status for slip in slips} == {"issued"}
    assert "主办" in slips[0].body and "人社局、巨日合镇派出所" in slips[0].body
    assert "协办" in slips[1].body and "由司法局主办" in slips[1].body
    handlings = Handling.objects.filter(case=case)
    assert {h.pk for h in handlings} == {slip.handling_id for slip in slips}
    assert Clock.objects.filter(case=case, kind="sign", stopped_at=None).count() == 3
    assert Clock.objects.filter(case=case, kind="handle", stopped_at=None).count() == 3


def test_the_kept_file_is_the_paper_that_was_signed_and_its_digest_is_in_the_trail(ground: Ground) -> None:
    slip = Document.objects.get(case=ways.dispatched(ground))
    assert slip.file is not None
    content = disk.full_path(slip.file.path).read_bytes()
    assert sm3(content) == slip.sm3 == slip.file.sm3
    facts = next(entry.facts for entry in trail_of(slip) if entry.verb == "document_signed")
    assert (facts["number"], facts["sm3"]) == (slip.number, slip.sm3)
    lines = [paragraph.text for paragraph in read_docx(io.BytesIO(content)).paragraphs]
    assert any(slip.number in line for line in lines[: lines.index(slip.subject)])
    assert set(slip.body.splitlines()) <= set(lines)


def test_whoever_may_not_sign_the_slip_hands_nothing_out(ground: Ground) -> None:
    DocumentKind.objects.filter(code="dispatch").update(signatory="manager")
    case = cases.accepted(ground)
    with pytest.raises(PermissionDenied, match="综治中心负责人签发"):
        actions.dispatch_with_slip(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    case.refresh_from_db()
    assert case.status == "accepted"
    assert not Document.objects.exists()
    assert (
        actions.dispatch_with_slip(case, actor=ground.manager, organisation=ground.justice_bureau).status
        == "dispatched"
    )


def test_the_same_organisation_is_not_called_in_twice(ground: Ground) -> None:
    with pytest.raises(RuleViolation) as refused:
        ways.dispatched(ground, ground.labour_bureau, ground.labour_bureau)
    assert refused.value.field == "co_handlers"
    with pytest.raises(RuleViolation):
        ways.dispatched(ground, ground.justice_bureau)
    assert not Document.objects.exists()


def test_the_case_is_not_concluded_while_a_co_handler_owes_its_report(ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau)
    sign_for_case(case, actor=ground.handler)
    with pytest.raises(InvalidTransition, match="人社局"):
        report_outcome(case, cases.REPORT, actor=ground.handler)
    slip = Document.objects.get(case=case, addressee=ground.labour_bureau)
    actions.receive_document(slip, actor=ground.other_handler)
    from intake.coordination.actions import report_part

    report_part(case, actor=ground.other_handler, note="已核实工资台账")
    assert report_outcome(case, cases.REPORT, actor=ground.handler).status == "concluded"


def test_a_slip_is_signed_for_and_returned_as_the_case_is(ground: Ground) -> None:
    case = ways.dispatched(ground)
    slip = Document.objects.get(case=case)
    with pytest.raises(PermissionDenied):
        actions.receive_document(slip, actor=ground.other_handler)
    actions.receive_document(slip, actor=ground.handler)
    case.refresh_from_db()
    assert case.status == "handling"
    actions.return_document(slip, actor=ground.handler, reason="不属本局职责")
    case.refresh_from_db()
    assert case.status == "accepted"
    with pytest.raises(InvalidTransition):
        actions.return_document(slip, actor=ground.handler, reason="再退一次")


def test_page_and_api_hand_out_with_slips(ground: Ground) -> None:
    case = cases.accepted(ground)
    body = {
        "organisation": ground.justice_bureau.pk,
        "instruction": "丈量",
        "co_handlers": [{"organisation": ground.labour_bureau.pk, "instruction": "核实"}],
    }
    answer = as_person(ground.dispatcher).post(address(case, "dispatch"), body)
    assert answer.status_code == 200, answer.content
    assert Document.objects.filter(case=case).count() == 2
    other = cases.accepted(ground)
    client = as_person(ground.dispatcher)
    path = f"/cases/{other.code}/acts/dispatch/"
    sent = client.post(path, {"organisation": str(ground.justice_bureau.pk), "co_1": str(ground.juri_police.pk),
                              "co_task_1": "走访", "version": other.version}, format="multipart")  # fmt: skip
    assert sent.status_code == 200, sent.content.decode()
    slip = Document.objects.get(case=other, addressee=ground.juri_police)
    assert slip.handling is not None
    assert slip.handling.instruction == "走访"


def test_a_handed_down_case_goes_with_a_slip_and_the_former_centre_stays(ground: Ground) -> None:
    case = cases.accepted(ground)
    actions.hand_down_with_slip(case, actor=ground.dispatcher, centre=ground.juri_centre, reason="请就地化解")
    case.refresh_from_db()
    assert (case.centre, case.tier, case.status) == (ground.juri_centre, "town", "accepted")
    slip = Document.objects.get(case=case)
    assert (slip.issuer, slip.addressee) == (ground.county_centre, ground.juri_centre)
    support = case.handlings.get(kind="support", closed_at=None)
    assert support.organisation == ground.county_centre
