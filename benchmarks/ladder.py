"""What the ladder costs: 1,000 due rungs among so many open cases, against one statement that writes the same rows.

`--cases` gives the number of open cases; each of them has its running clock, and its rungs are not due.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from benchmarks.ground import ground, pattern
from benchmarks.lines import Line, Lines, line
from intake.models import Case, Clock
from referrals.actions import take_due_steps, take_up_lapses
from referrals.models import LadderRule, LadderStep, Lapse
from referrals.tasks import BATCH, climb_ladder

DUE = 1000


def ladder() -> Lines:
    """Reminders drafted for 1,000 lapses, and 1,000 new lapses taken up."""
    open_cases = Case.objects.exclude(pk=pattern().pk).filter(status="registered")
    keys = list(open_cases.order_by("pk").values_list("pk", flat=True)[: 3 * DUE])
    count = Clock.objects.filter(stopped_at=None).count()
    _prepare_news(keys[:DUE])
    ours = _ms(_take_up)
    _prepare_news(keys[DUE : 2 * DUE])
    bare = _ms(_bare_taking_up)
    yield line(f"1,000 lapses taken up, {count:,} open", ours, bare, "ms", "≤ 3")
    _prepare_steps(keys[:DUE])
    ours = _ms(_draft)
    climb_ladder()
    _prepare_steps(keys[DUE : 2 * DUE])
    bare = _ms(_bare_drafts)
    yield line(f"1,000 reminders drafted, {count:,} open", ours, bare, "ms", "≤ 3")
    yield Line(f"a sweep with nothing due, {count:,} open", _ms(climb_ladder), None, "ms", "–")


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _take_up() -> None:
    while take_up_lapses(limit=BATCH):
        pass


def _draft() -> None:
    now = timezone.now()
    while take_due_steps(now, limit=BATCH):
        pass


def _prepare_news(keys: list[int]) -> None:
    """Breached clocks that nobody took up yet."""
    past = timezone.now() - timedelta(hours=1)
    Clock.objects.filter(case__in=keys).update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None, lapse_noted=False,
        organisation=ground().justice_bureau,
    )  # fmt: skip


def _prepare_steps(keys: list[int]) -> None:
    """Rungs of those lapses that are due now, none of them drafted."""
    past = timezone.now() - timedelta(minutes=5)
    rule = LadderRule.objects.get(trigger="overdue", does="remind")
    clocks = list(Clock.objects.filter(case__in=keys, stopped_at=None).select_related("case"))
    lapses = {lapse.clock_id: lapse for lapse in Lapse.objects.filter(clock__in=clocks)}
    steps = [
        LadderStep(rule=rule, lapse=lapses[clock.pk], case=clock.case, due_at=past)
        for clock in clocks
        if clock.pk in lapses
    ]
    LadderStep.objects.filter(lapse__in=lapses.values(), taken_at=None).delete()
    LadderStep.objects.bulk_create(steps, ignore_conflicts=True)


def _bare_taking_up() -> None:
    """Lapse, rung, trail with its head, and the mark, in one statement; the chain's arithmetic is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (UPDATE intake_clock SET lapse_noted = true WHERE breached_at IS NOT NULL AND NOT lapse_noted"
            " RETURNING id, case_id, organisation_id, kind, due_at), lapse AS (INSERT INTO referrals_lapse (clock_id,"
            " case_id, organisation_id, kind, due_at, taken_at, quarter) SELECT id, case_id, organisation_id, kind,"
            " due_at, now(), 20264 FROM due RETURNING id, case_id, due_at), head AS (INSERT INTO audit_chainhead"
            " (chain, seq, mac, unsealed) SELECT 'bare:' || id, 1, sha256(id::text::bytea), true FROM lapse), entry AS"
            " (INSERT INTO audit_trailentry (chain, seq, verb, facts, at, prev, mac) SELECT 'bare:' || id, 1,"
            " 'lapse_taken_up', jsonb_build_object('lapse', id), now(), ''::bytea, sha256(id::text::bytea) FROM lapse)"
            " INSERT INTO referrals_ladderstep (rule_id, lapse_id, case_id, due_at, outcome) SELECT (SELECT id FROM"
            " referrals_ladderrule WHERE trigger = 'late_triage' LIMIT 1), id, case_id, due_at + interval '9 days', ''"
            " FROM lapse"
        )


def _bare_drafts() -> None:
    """Document, its step, the rung's mark, two trail entries with heads and two messages each, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (UPDATE referrals_ladderstep SET taken_at = now(), outcome = 'done' WHERE taken_at IS NULL AND"
            " due_at < now() RETURNING id, case_id, lapse_id), doc AS (INSERT INTO referrals_document (uid, kind_id,"
            " case_id, issuer_id, addressee_id, party_name, level, trigger, occasion, status, version, subject, body,"
            " by_system, drafted_at, series, sm3, extended, service_note) SELECT gen_random_uuid(), (SELECT id FROM"
            " referrals_documentkind WHERE purpose = 'remind' LIMIT 1), d.case_id, c.centre_id, c.centre_id, '', '',"
            " 'overdue', 'bare:' || d.id, 'draft', 1, c.title, c.narrative, true, now(), '', '', 0, '' FROM due d JOIN"
            " intake_case c ON c.id = d.case_id RETURNING id, case_id), step AS (INSERT INTO referrals_documentstep"
            " (document_id, event, to_status, note, at) SELECT id, '', 'draft', '', now() FROM doc), head AS (INSERT"
            " INTO audit_chainhead (chain, seq, mac, unsealed) SELECT 'bare:doc:' || n || ':' || id, 1,"
            " sha256(id::text::bytea), true FROM doc, generate_series(1, 2) n), entry AS (INSERT INTO audit_trailentry"
            " (chain, seq, verb, facts, at, prev, mac) SELECT 'bare:doc:' || n || ':' || id, 1, 'document_drafted',"
            " jsonb_build_object('document', id), now(), ''::bytea, sha256(id::text::bytea) FROM doc,"
            " generate_series(1, 2) n) INSERT INTO notices_outboxmessage (key, topic, payload, created_at, attempts,"
            " next_attempt_at, last_error) SELECT 'bare:doc:' || id || ':' || n, 'notice', jsonb_build_object('user',"
            " n, 'title', 'x'), now(), 0, now(), '' FROM doc, generate_series(1, 2) n"
        )


MEASURES = {"ladder": ladder}
