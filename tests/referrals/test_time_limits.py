"""Time limits of documents: suspensions of their case do not count, on pages, in messages and for the escalation."""

from datetime import datetime

import pytest
from django.test import Client

from intake import actions as cases
from referrals import actions
from referrals.models import Document, EscalationStep, Purpose
from referrals.queries import documents_for_list, documents_owed_to, overdue_documents
from tests.people import Ground
from tests.referrals import ways
from tests.referrals.ways import SHANGHAI, at, on, suspend, sweep
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def day_of(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


def supervised(ground: Ground, moment: str = "2025-11-10T10:00") -> Document:
    """A yellow supervision, to be answered in three working days: by Thursday the 13th, 17:30."""
    with on(moment):
        return ways.signed(ground)


def suspended(ground: Ground, document: Document, since: str, until: str) -> Document:
    assert document.case is not None
    suspend(ground, document.case, since, until)
    document.refresh_from_db()
    return document


def is_overdue(ground: Ground, document: Document, moment: str) -> bool:
    return overdue_documents(documents_for_list(ground.manager), at(moment)).filter(pk=document.pk).exists()


def red_ones(document: Document) -> list[str]:
    rows = Document.objects.filter(case=document.case, level="red").order_by("pk")
    return [day_of(row.drafted_at) for row in rows]


def refused(ground: Ground, document: Document, moment: str) -> Document:
    with on(moment):
        actions.answer_document(document, actor=ground.handler, text="已整改")
        return actions.decide_answer(document, actor=ground.manager, accepted=False, note="没有写明时间")


def test_the_limit_of_an_answer_moves_when_the_case_goes_on(ground: Ground) -> None:
    document = supervised(ground)
    assert (day_of(document.receipt_due_at), day_of(document.answer_due_at)) == ("11-11 17:30", "11-13 17:30")
    document = suspended(ground, document, "2025-11-11T09:00", "2025-11-24T11:00")  # nine closings of working days
    assert (day_of(document.receipt_due_at), day_of(document.answer_due_at)) == ("11-24 17:30", "11-26 17:30")
    assert trail_of(document).filter(verb="document_limits_moved").count() == 1
    assert not is_overdue(ground, document, "2025-11-24T17:29")
    sweep("2025-11-26T17:29")
    told = OutboxMessage.objects.filter(key__contains="document_near")
    assert told.exists()
    assert all("将于2025年11月26日17时30分到期" in str(message.payload) for message in told)
    assert red_ones(document) == []
    sweep("2025-11-26T17:31")
    assert red_ones(document) == ["11-26 17:31"]
    assert is_overdue(ground, document, "2025-11-26T17:31")


def test_who_answers_or_asks_for_time_after_a_suspension_is_in_time(ground: Ground) -> None:
    document = suspended(ground, supervised(ground), "2025-11-11T09:00", "2025-11-24T11:00")
    with on("2025-11-26T10:00"):
        actions.ask_document_extension(document, actor=ground.handler, reason="需要鉴定")
        assert not actions.answer_document(document, actor=ground.handler, text="已整改").late
    other = supervised(ground, "2025-12-01T10:00")
    with on("2025-12-05T10:00"), pytest.raises(RuleViolation, match="期限已过"):
        actions.ask_document_extension(other, actor=ground.handler, reason="晚了")
    with on("2025-12-05T10:00"):
        assert actions.answer_document(other, actor=ground.handler, text="已整改").late


def test_nothing_is_due_while_the_case_is_suspended(ground: Ground) -> None:
    document = supervised(ground)
    assert document.case is not None
    with on("2025-11-11T09:00"):
        cases.suspend_case(document.case, actor=ground.dispatcher, reason="等待鉴定")
    assert documents_owed_to(ground.manager).get(pk=document.pk).next_due is None
    assert not is_overdue(ground, document, "2025-11-20T10:00")
    client = Client()
    client.force_login(ground.manager)
    assert "期限停止计算" in client.get(f"/documents/{document.uid}/").content.decode()
    with on("2025-11-20T10:00"):
        actions.ask_document_extension(document, actor=ground.handler, reason="需要鉴定")
        assert not actions.answer_document(document, actor=ground.handler, text="已整改").late


def test_what_was_late_before_a_suspension_stays_late(ground: Ground) -> None:
    document = supervised(ground)
    with on("2025-11-10T11:00"):
        actions.receive_document(document, actor=ground.handler)
    assert document.case is not None
    with on("2025-11-14T09:00"):
        cases.suspend_case(document.case, actor=ground.dispatcher, reason="等待鉴定")
    assert is_overdue(ground, document, "2025-11-20T10:00")
    with on("2025-11-20T10:00"):
        cases.resume_case(document.case, actor=ground.dispatcher)
    document.refresh_from_db()
    assert day_of(document.answer_due_at) == "11-13 17:30"
    with on("2025-11-20T11:00"):
        assert actions.answer_document(document, actor=ground.handler, text="已整改").late


def test_a_suspension_before_an_answer_was_refused_is_not_counted_again(ground: Ground) -> None:
    document = suspended(ground, supervised(ground), "2025-11-11T09:00", "2025-11-24T11:00")
    document = refused(ground, document, "2025-11-25T10:00")
    assert day_of(document.answer_due_at) == "11-28 17:30"
    sweep("2025-11-28T17:29")
    assert red_ones(document) == []
    sweep("2025-11-28T17:31")
    assert red_ones(document) == ["11-28 17:31"]


def test_a_suspension_after_an_answer_was_refused_moves_the_limit_that_began_then(ground: Ground) -> None:
    document = refused(ground, supervised(ground), "2025-11-12T10:00")
    assert day_of(document.answer_due_at) == "11-17 17:30"
    document = suspended(ground, document, "2025-11-14T09:00", "2025-11-19T11:00")  # three closings: 14, 17, 18
    assert day_of(document.answer_due_at) == "11-20 17:30"
    sweep("2025-11-20T17:29")
    assert red_ones(document) == []
    sweep("2025-11-20T17:31")
    assert red_ones(document) == ["11-20 17:31"]


def test_an_extension_is_counted_from_the_limit_that_runs_and_keeps_the_suspension(ground: Ground) -> None:
    document = refused(ground, supervised(ground), "2025-11-12T10:00")
    document = suspended(ground, document, "2025-11-14T09:00", "2025-11-19T11:00")
    with on("2025-11-19T12:00"):
        actions.ask_document_extension(document, actor=ground.handler, reason="需要鉴定")
        document = actions.decide_document_extension(document, actor=ground.manager, granted=True)
    assert document.kind.extension_amount == 1
    assert day_of(document.answer_due_at) == "11-21 17:30"
    step = EscalationStep.objects.get(document=document, taken_at=None, rule__does="supervise_red")
    assert step.due_at == document.answer_due_at
    sweep("2025-11-21T17:29")
    assert red_ones(document) == []
    sweep("2025-11-21T17:31")
    assert red_ones(document) == ["11-21 17:31"]


def test_slips_and_what_is_answered_keep_their_limits(ground: Ground) -> None:
    document = supervised(ground)
    with on("2025-11-10T11:00"):
        actions.answer_document(document, actor=ground.handler, text="已整改")
    slip = Document.objects.get(case=document.case, kind__purpose=Purpose.DISPATCH)
    before = slip.answer_due_at
    document = suspended(ground, document, "2025-11-11T09:00", "2025-11-24T11:00")
    slip.refresh_from_db()
    assert (day_of(document.answer_due_at), slip.answer_due_at) == ("11-13 17:30", before)
