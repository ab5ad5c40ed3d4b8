"""Four eyes on letters: nobody signs for the letter they signed, nor decides on what they answered or asked."""

from typing import Any

import pytest

from grids.actions import post_person
from grids.models import Organisation, Role
from referrals import actions
from referrals.available_actions import DocumentSituation, available_document_acts
from referrals.lifecycle import State
from referrals.models import Document, Purpose
from referrals.permissions import may_review
from tests.people import STARTS, Ground
from tests.referrals import ways
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import PermissionDenied

pytestmark = pytest.mark.django_db


def also(user: User, organisation: Organisation, role: Role) -> User:
    post_person(user, organisation, role, starts_on=STARTS)
    return User.objects.get(pk=user.pk)


def offered(user: User, document: Document) -> set[str]:
    found = DocumentSituation(User.objects.get(pk=user.pk), Document.objects.get(pk=document.pk))
    return {act.name for act in available_document_acts(found.user, found.document)}


def facts_of_last(document: Document) -> dict[str, Any]:
    return dict(list(trail_of(document))[-1].facts)


def own_supervision(ground: Ground) -> tuple[Document, User]:
    """A supervision of the justice bureau, signed by the centre's manager who works at the bureau too."""
    both = also(ground.manager, ground.justice_bureau, Role.HANDLER)
    return actions.sign_document(ways.draft(ground), actor=both), both


def test_nobody_signs_for_answers_or_returns_the_own_supervision(ground: Ground) -> None:
    document, both = own_supervision(ground)
    assert not {"receive", "return", "answer"} & offered(both, document)
    assert {"receive", "return", "answer"} <= offered(ground.handler, document)
    for act, given in (
        (actions.receive_document, {}),
        (actions.return_document, {"reason": "不属本局"}),
        (actions.answer_document, {"text": "已整改"}),
    ):
        with pytest.raises(PermissionDenied, match="由您签发，请由司法局的其他人员"):
            act(document, actor=both, **given)
    document.refresh_from_db()
    assert document.status == State.ISSUED
    actions.receive_document(document, actor=ground.handler)
    assert "own_letter" not in facts_of_last(document)


def test_who_is_alone_at_the_addressee_answers_and_the_trail_says_so(ground: Ground) -> None:
    document, both = own_supervision(ground)
    ground.handler.is_active = False
    ground.handler.save()
    assert "receive" in offered(both, document)
    actions.answer_document(document, actor=both, text="已整改")
    assert facts_of_last(document)["own_letter"] is True


def test_nobody_accepts_the_own_answer(ground: Ground) -> None:
    document, both = ways.signed(ground), also(ground.handler, ground.county_centre, Role.DISPATCHER)
    actions.answer_document(document, actor=both, text="已整改")
    assert "decide-answer" not in offered(both, document)
    assert "decide-answer" in offered(ground.dispatcher, document)
    with pytest.raises(PermissionDenied, match="请由旗综治中心的其他人员决定"):
        actions.decide_answer(document, actor=both, accepted=True)
    assert actions.decide_answer(document, actor=ground.dispatcher, accepted=True).status == State.DONE


def test_nobody_grants_more_time_for_the_own_answer(ground: Ground) -> None:
    document, both = ways.signed(ground), also(ground.handler, ground.county_centre, Role.DISPATCHER)
    actions.ask_document_extension(document, actor=both, reason="正在核查")
    assert "decide-extension" not in offered(both, document)
    with pytest.raises(PermissionDenied):
        actions.decide_document_extension(document, actor=both, granted=True)
    actions.decide_document_extension(document, actor=ground.dispatcher, granted=True)
    assert "own_request" not in facts_of_last(document)


def test_a_slip_may_be_signed_for_by_who_signed_it(ground: Ground) -> None:
    both = also(ground.dispatcher, ground.justice_bureau, Role.HANDLER)
    slip = Document.objects.get(case=ways.dispatched(ground), kind__purpose=Purpose.DISPATCH)
    assert slip.signed_by_id == both.pk
    document = actions.receive_document(slip, actor=both)
    assert document.case is not None
    document.case.refresh_from_db()
    assert document.case.status == "handling"


def test_a_draft_is_reviewed_by_its_drafter_only_where_nobody_else_issues(ground: Ground) -> None:
    document = ways.draft(ground)
    assert not may_review(ground.dispatcher, document)
    ground.manager.is_active = False
    ground.manager.save()
    assert may_review(User.objects.get(pk=ground.dispatcher.pk), document)
