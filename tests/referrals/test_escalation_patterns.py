"""Letters without a step: for patterns over many cases, and for the risk or the history of one."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from intake import actions as cases
from intake.deadlines.models import Clock
from referrals import actions
from referrals.escalation import look_for_patterns
from referrals.escalation.patterns import ORGANISATION_LOCK, recommend_for_repeated_lapses
from referrals.escalation.quarters import quarter_of
from referrals.escalation.queries import supervisions_in_quarter
from referrals.models import DailyMark, Document, DocumentKind, EscalationRule, Lapse
from referrals.tasks import run_escalation
from tests.intake import ways as intake_ways
from tests.people import Ground, an_entry
from tests.referrals import ways
from tests.referrals.ways import on, sweep
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def test_three_lapses_of_an_organisation_in_a_quarter_draft_one_recommendation(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        for _ in range(4):
            ways.dispatched(ground, complexity="hard")
    sweep("2025-11-05T10:00")
    letters = Document.objects.filter(kind__purpose="recommend")
    assert [(d.addressee, d.status, d.trigger) for d in letters] == [
        (ground.justice_bureau, "draft", "lapses_of_organisation")
    ]
    assert letters[0].issuer == ground.politics_and_law
    assert letters[0].subject == "关于2025年第四季度办件多次超期的建议函"


def lapsed(ground: Ground, number: int) -> list[Lapse]:
    """So many lapses of the justice bureau this quarter, all of one case."""
    case, now = ways.dispatched(ground, complexity="hard"), timezone.now()
    clock = Clock.objects.get(case=case, kind="sign")
    ended = [Clock(case=case, kind="sign", organisation=ground.justice_bureau, rule=clock.rule, amount=clock.amount,
                   unit=clock.unit, started_at=now, due_at=now, breached_at=now, stopped_at=now, lapse_noted=True)
             for _ in range(number)]  # fmt: skip
    return Lapse.objects.bulk_create(
        Lapse(clock=one, case=case, organisation=ground.justice_bureau, kind="sign", due_at=now, taken_at=now,
              quarter=quarter_of(timezone.localdate()))
        for one in Clock.objects.bulk_create(ended)
    )  # fmt: skip


def locks_held() -> list[int]:
    """The organisations whose lapses are being counted by this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                       " AND classid = %s", [ORGANISATION_LOCK])  # fmt: skip
        return [pk for (pk,) in cursor.fetchall()]


def test_a_recommendation_names_twenty_lapses_and_counts_the_rest_rightly(ground: Ground) -> None:
    recommend_for_repeated_lapses(lapsed(ground, 27))
    letter = Document.objects.get(kind__purpose="recommend")
    assert letter.body.count(str(Lapse.objects.latest("pk").case.code)) == 20
    assert "另有7件" in letter.body


def test_lapses_of_an_organisation_are_counted_one_worker_after_the_other(ground: Ground) -> None:
    recommend_for_repeated_lapses(lapsed(ground, 1))
    assert locks_held() == [ground.justice_bureau.pk]


def test_where_no_rule_counts_lapses_nobody_waits_for_anybody(ground: Ground) -> None:
    EscalationRule.objects.filter(trigger="lapses_of_organisation").delete()
    recommend_for_repeated_lapses(lapsed(ground, 5))
    assert locks_held() == []
    assert not Document.objects.filter(kind__purpose="recommend").exists()


def test_a_category_that_doubles_drafts_one_recommendation_a_quarter(ground: Ground) -> None:
    for moment, number in (("2025-08-05T10:00", 5), ("2025-10-15T10:00", 11)):
        with on(moment):
            for _ in range(number):
                cases.register_case(an_entry(), actor=ground.clerk)
    with on("2025-10-16T10:00"):
        assert look_for_patterns(date(2025, 10, 16))
        assert DailyMark.objects.get().name == "patterns"
        assert not look_for_patterns(date(2025, 10, 16))
        assert look_for_patterns(date(2025, 10, 17))
    letter = Document.objects.get(trigger="category_doubled")
    assert "11件，上季度5件" in letter.body


def test_red_risk_calls_for_a_supervision_once(ground: Ground) -> None:
    case = ways.dispatched(ground, risk="red")
    run_escalation()
    run_escalation()
    assert ways.letters(case) == [("supervise", "yellow", "draft")]
    assert Document.objects.get(case=case, level="yellow").trigger == "red_risk"


def test_a_second_reopening_calls_for_a_supervision_once(ground: Ground) -> None:
    case = intake_ways.closed(ground)
    for reason in ("协议未履行", "群众不满意"):
        case = cases.reopen_case(case, actor=ground.dispatcher, reason=reason)
        run_escalation()
        supervised = ways.letters(case)
        case = cases.report_outcome(case, intake_ways.REPORT, actor=ground.handler)
        case = cases.close_case(case, actor=ground.dispatcher)
    assert supervised == [("supervise", "yellow", "draft")]
    assert Document.objects.get(case=case, level="yellow").trigger == "dissatisfied_twice"


def test_who_signs_is_notified_at_once_of_a_supervision_for_red_risk(ground: Ground) -> None:
    case = ways.dispatched(ground, risk="red")
    run_escalation()
    draft = Document.objects.get(case=case, level="yellow")
    notices = OutboxMessage.objects.filter(key__contains=f"document:{draft.pk}:document_to_sign:")
    assert [(notice.payload["user"], notice.not_before) for notice in notices] == [(ground.manager.pk, None)]


def test_nobody_signs_and_nobody_is_notified_where_supervisions_issue_automatically(ground: Ground) -> None:
    DocumentKind.objects.filter(code="supervision").update(by_itself=True)
    case = ways.dispatched(ground, risk="red")
    run_escalation()
    assert ways.letters(case) == [("supervise", "yellow", "issued")]
    assert not OutboxMessage.objects.filter(key__contains="document_to_sign").exists()


def test_what_was_declared_void_counts_nowhere(ground: Ground) -> None:
    """Two void supervisions and one that stands are no “多次被督办”."""
    case = ways.dispatched(ground)
    for _ in range(2):
        actions.void_document(ways.signed(ground, case=case), actor=ground.manager, reason="主送单位有误")
    standing = ways.signed(ground, case=case)
    assert not Document.objects.filter(kind__purpose="recommend").exists()
    assert list(supervisions_in_quarter(ground.justice_bureau, quarter_of(timezone.localdate()))) == [standing]
