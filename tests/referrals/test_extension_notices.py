"""延期告知书: who waits for the case hears in writing why it takes longer, until when, and what may be done."""

import pytest
from django.utils import timezone

from intake import actions as cases
from intake.coordination.actions import sign_for_part
from intake.deadlines.models import Clock
from intake.models import Case
from referrals import actions
from referrals.models import Document, DocumentKind
from tests.intake.api import address, as_person
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.core.errors import InvalidTransition, PermissionDenied
from zhongzhi.core.paper_dates import paper_moment

pytestmark = pytest.mark.django_db


def asked(ground: Ground) -> Case:
    case = ways.dispatched(ground, complexity="ordinary")
    cases.sign_for_case(case, actor=ground.handler)
    cases.ask_extension(case, actor=ground.handler, reason="等待土地鉴定结论。")
    return case


def notices(case: Case) -> list[Document]:
    return list(Document.objects.filter(case=case, kind__code="extension_notice"))


def test_the_applicant_is_told_reason_old_and_new_day_and_remedy(ground: Ground) -> None:
    case = asked(ground)
    clock = Clock.objects.get(case=case, kind="handle", stopped_at=None)
    former = clock.due_at
    answer = as_person(ground.dispatcher).post(address(case, "decide-extension"), {"granted": True}, format="json")
    assert answer.status_code == 200
    (notice,) = notices(case)
    clock.refresh_from_db()
    for words in (
        paper_moment(former),
        paper_moment(clock.due_at),
        "等待土地鉴定结论。",
        "司法局",
        "提起诉讼",
        str(case.code),
    ):
        assert words in notice.body
    assert notice.status == "issued" and notice.number and notice.file is not None
    assert (notice.party_name, notice.addressee, notice.trigger) == ("岳某某", None, "extended")


def test_a_refusal_and_the_time_of_a_co_handler_tell_the_applicant_nothing(ground: Ground) -> None:
    case = asked(ground)
    actions.decide_extension_with_notice(case, actor=ground.dispatcher, granted=False, note="材料已齐")
    assert notices(case) == []
    shared = ways.dispatched(ground, ground.labour_bureau, complexity="ordinary")
    sign_for_part(shared, actor=ground.other_handler)
    cases.ask_extension(shared, actor=ground.other_handler, reason="等待台账")
    actions.decide_extension_with_notice(shared, actor=ground.dispatcher, granted=True)
    assert notices(shared) == []


def test_nothing_is_told_where_the_decision_is_refused(ground: Ground) -> None:
    case = asked(ground)
    with pytest.raises(PermissionDenied):
        actions.decide_extension_with_notice(case, actor=ground.handler, granted=True)
    assert notices(case) == []
    actions.decide_extension_with_notice(case, actor=ground.dispatcher, granted=True)
    with pytest.raises(InvalidTransition):
        actions.decide_extension_with_notice(case, actor=ground.dispatcher, granted=True)
    assert len(notices(case)) == 1


def test_where_the_manager_signs_the_kind_the_notice_waits_for_the_manager(ground: Ground) -> None:
    DocumentKind.objects.filter(code="extension_notice").update(signatory="manager")
    case = asked(ground)
    actions.decide_extension_with_notice(case, actor=ground.dispatcher, granted=True)
    (notice,) = notices(case)
    assert notice.status == "draft"
    assert actions.sign_document(notice, actor=ground.manager).number


def test_a_county_that_does_not_use_the_kind_decides_as_before(ground: Ground) -> None:
    DocumentKind.objects.filter(code="extension_notice").update(ends_on=timezone.localdate())
    case = asked(ground)
    actions.decide_extension_with_notice(case, actor=ground.dispatcher, granted=True)
    assert notices(case) == []
