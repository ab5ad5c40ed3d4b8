"""Handlings at red risk, and cases that came back twice, are supervised once, by themselves, while a rule says so."""

import pytest

from intake import actions as cases
from intake.models import Case
from referrals import actions as papers
from referrals.escalation import supervise_at_risk
from referrals.models import Document, EscalationRule, Purpose
from tests.people import Ground
from tests.referrals import ways

pytestmark = pytest.mark.django_db


def red(ground: Ground) -> Case:
    """A case at red risk that an organisation handles."""
    case = ways.dispatched(ground)
    cases.sign_for_case(case, actor=ground.handler)
    Case.objects.filter(pk=case.pk).update(risk="red")
    return case


def supervisions() -> int:
    return Document.objects.filter(kind__purpose=Purpose.SUPERVISE).count()


def test_what_is_at_red_risk_is_supervised_once(ground: Ground) -> None:
    red(ground)
    red(ground)
    assert (supervise_at_risk(), supervisions()) == (2, 2)
    assert (supervise_at_risk(), supervisions()) == (0, 2)


def test_so_many_at_a_time(ground: Ground) -> None:
    red(ground)
    red(ground)
    assert (supervise_at_risk(limit=1), supervisions()) == (1, 1)


def test_without_a_rule_nothing_is_drafted(ground: Ground) -> None:
    red(ground)
    EscalationRule.objects.all().delete()
    assert (supervise_at_risk(), supervisions()) == (0, 0)


def test_a_supervision_that_was_declared_void_counts_for_none(ground: Ground) -> None:
    """Another is drafted in its place; one that was discarded was decided against."""
    red(ground)
    supervise_at_risk()
    slip = papers.sign_document(Document.objects.get(kind__purpose=Purpose.SUPERVISE), actor=ground.manager)
    papers.void_document(slip, actor=ground.manager, reason="主送单位有误")
    assert (supervise_at_risk(), supervisions()) == (1, 2)
    papers.discard_draft(Document.objects.get(status="draft"), actor=ground.dispatcher, reason="已面谈")
    assert (supervise_at_risk(), supervisions()) == (0, 2)
