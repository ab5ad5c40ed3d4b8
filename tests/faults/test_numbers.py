"""Fifty documents signed at the same moment: consecutive numbers, none twice, none left out."""

import pytest

from referrals import actions
from referrals.models import Document
from tests.faults.test_registrations import at_once
from tests.people import make_ground
from tests.referrals import ways
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.files import store

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MANY = 50


def test_fifty_signed_at_once_have_consecutive_numbers() -> None:
    ground = make_ground()
    case = ways.dispatched(ground)
    drafts = [ways.draft(ground, case=case) for _ in range(MANY)]
    at_once(MANY, lambda at: actions.sign_document(drafts[at], actor=ground.manager))
    signed = Document.objects.filter(kind__purpose="supervise").order_by("serial")
    assert [document.serial for document in signed] == list(range(1, MANY + 1))
    assert len({document.number for document in signed}) == MANY
    for document in signed:
        assert document.file is not None
        assert store.measure(document.file.path)[1] == document.sm3
    assert list(verify(Counts())) == []


def test_one_draft_signed_by_many_at_once_gets_one_number() -> None:
    ground = make_ground()
    draft = ways.draft(ground)
    refused: list[str] = []

    def sign(at: int) -> None:
        try:
            actions.sign_document(draft, actor=ground.manager)
        except Exception as error:
            refused.append(type(error).__name__)

    at_once(8, sign)
    assert refused == ["InvalidTransition"] * 7
    assert Document.objects.get(pk=draft.pk).serial == 1


def test_signatures_that_fail_late_leave_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = make_ground()
    case = ways.dispatched(ground)
    drafts = [ways.draft(ground, case=case) for _ in range(20)]
    from django.db import transaction

    def sign(at: int) -> None:
        try:
            with transaction.atomic():
                actions.sign_document(drafts[at], actor=ground.manager)
                if at % 4 == 0:
                    raise RuntimeError
        except RuntimeError:
            pass

    at_once(20, sign)
    serials = Document.objects.filter(kind__purpose="supervise", serial__isnull=False).values_list("serial", flat=True)
    assert sorted(serials) == list(range(1, 16))
