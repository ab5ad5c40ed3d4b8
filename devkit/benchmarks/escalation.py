"""What escalation costs: 1,000 due steps among so many open cases, against one statement that writes the same rows.

`--cases` gives the number of open cases; each of them has its running clock, and its steps are not due.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from devkit.benchmarks.ground import ground, pattern
from devkit.benchmarks.lines import Line, Lines, line
from intake.deadlines.models import Clock
from intake.models import Case
from referrals.escalation import take_due_steps, take_up_lapses
from referrals.models import EscalationRule, EscalationStep, Lapse
from referrals.tasks import BATCH, run_escalation

DUE = 1000
ROUNDS = 4


def escalation() -> Lines:
    """Reminders drafted for 1,000 lapses, and 1,000 new lapses taken up; medians of rounds, ours and bare in turn."""
    count = Clock.objects.filter(stopped_at=None).count()
    found: dict[Callable[[], None], list[float]] = {_take_up: [], _bare_taking_up: [], _draft: [], _bare_drafts: []}
    for number in range(ROUNDS):
        for ours, (take_up, draft) in enumerate(((_take_up, _draft), (_bare_taking_up, _bare_drafts))):
            keys = _fresh((2 * number + ours) * DUE)
            _prepare_news(keys)
            found[take_up].append(_ms(take_up))
            _prepare_steps(keys)
            found[draft].append(_ms(draft))
    ms = {work: statistics.median(times) for work, times in found.items()}
    yield line(f"1,000 lapses taken up, {count:,} open", ms[_take_up], ms[_bare_taking_up], "ms", "≤ 3")
    yield line(f"1,000 reminders drafted, {count:,} open", ms[_draft], ms[_bare_drafts], "ms", "≤ 3")
    run_escalation()
    yield Line(f"a sweep with nothing due, {count:,} open", _ms(run_escalation), None, "ms", "–")


def _fresh(start: int) -> list[int]:
    """The next 1,000 open cases after so many."""
    rows = Case.objects.exclude(pk=pattern().pk).filter(status="registered").order_by("pk")
    return list(rows.values_list("pk", flat=True)[start : start + DUE])


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
    """Steps of those lapses that are due now, none of them drafted."""
    past = timezone.now() - timedelta(minutes=5)
    rule = EscalationRule.objects.get(trigger="overdue", does="remind")
    clocks = list(Clock.objects.filter(case__in=keys, stopped_at=None).select_related("case"))
    lapses = {lapse.clock_id: lapse for lapse in Lapse.objects.filter(clock__in=clocks)}
    steps = [
        EscalationStep(rule=rule, lapse=lapses[clock.pk], case=clock.case, due_at=past)
        for clock in clocks
        if clock.pk in lapses
    ]
    EscalationStep.objects.filter(lapse__in=lapses.values(), taken_at=None).delete()
    EscalationStep.objects.bulk_create(steps, ignore_conflicts=True)


def _bare_taking_up() -> None:
    """The same in one statement: cases and clocks locked and marked, lapse, step, trail with the ends of its chains.

    The chain's arithmetic is left out, and so is the count of each organisation's lapses.
    """
    _run(f"""
        WITH busy AS MATERIALIZED (SELECT c.id FROM intake_case c JOIN intake_clock k ON k.case_id = c.id
          WHERE k.breached_at IS NOT NULL AND NOT k.lapse_noted FOR UPDATE OF c SKIP LOCKED),
        due AS (UPDATE intake_clock SET lapse_noted = true WHERE case_id IN (SELECT id FROM busy)
          AND breached_at IS NOT NULL AND NOT lapse_noted RETURNING id, case_id, organisation_id, kind, due_at),
        lapse AS (INSERT INTO referrals_lapse (clock_id, case_id, organisation_id, kind, due_at, taken_at, quarter)
          SELECT id, case_id, organisation_id, kind, due_at, now(), 20264 FROM due RETURNING id, case_id, due_at),
        act AS (SELECT 'case:' || case_id AS chain, 'lapse_taken_up' AS verb, jsonb_build_object('lapse', id) AS facts
          FROM lapse),
        {TRAIL}
        INSERT INTO referrals_ladderstep (rule_id, lapse_id, case_id, due_at, outcome)
        SELECT (SELECT id FROM referrals_ladderrule WHERE trigger = 'late_triage' LIMIT 1), id, case_id,
          due_at + interval '9 days', '' FROM lapse""")


def _bare_drafts() -> None:
    """The same in one statement: cases and steps locked and marked, document with its words and its first step, the
    trail of the document and of the case with the ends of their chains, one message; arithmetic and tables of who
    signs are left out."""
    _run(f"""
        WITH busy AS MATERIALIZED (SELECT c.id FROM intake_case c JOIN referrals_ladderstep s ON s.case_id = c.id
          WHERE s.taken_at IS NULL AND s.due_at < now() FOR UPDATE OF c SKIP LOCKED),
        due AS (UPDATE referrals_ladderstep SET taken_at = now(), outcome = 'done' WHERE taken_at IS NULL
          AND due_at < now() AND case_id IN (SELECT id FROM busy) RETURNING id, case_id, lapse_id),
        doc AS (INSERT INTO referrals_document (uid, kind_id, case_id, issuer_id, addressee_id, party_name, level,
          trigger, occasion, status, version, subject, body, by_system, drafted_at, series, sm3, extended,
          service_note) SELECT gen_random_uuid(), k.id, d.case_id, c.centre_id, l.organisation_id, '', '', 'overdue',
          'bare:' || d.id, 'draft', 1, format('关于“%%s”办理超期的提醒函', c.title), format('经核查，你单位有下列事项'
          '需要提请注意：1. 编号%%s“%%s”应于%%s前办结，至今未办结。请抓紧办理，并于收到本函后2个工作日内签收回复。',
          c.code, c.title, l.due_at), true, now(), '', '', 0, '' FROM due d JOIN intake_case c ON c.id = d.case_id
          JOIN referrals_lapse l ON l.id = d.lapse_id, (SELECT id FROM referrals_documentkind WHERE purpose = 'remind'
          LIMIT 1) k RETURNING id, uid, case_id, subject),
        step AS (INSERT INTO referrals_documentstep (document_id, event, from_status, to_status, reason, at)
          SELECT id, '', '', 'draft', '系统拟制', now() FROM doc),
        act AS (SELECT 'document:' || id AS chain, 'document_drafted' AS verb, jsonb_build_object('case', case_id,
          'kind', 'reminder', 'level', '', 'trigger', 'overdue') AS facts FROM doc UNION ALL
          SELECT 'case:' || case_id, 'ladder_step_taken', jsonb_build_object('step', id, 'does', 'remind',
          'trigger', 'overdue', 'outcome', 'done') FROM due),
        {TRAIL}
        INSERT INTO notices_outboxmessage (key, topic, payload, created_at, attempts, next_attempt_at, last_error)
        SELECT 'bare:doc:' || id, 'notice', jsonb_build_object('user', 1, 'kind', 'document_to_sign', 'title', subject,
          'body', '', 'link', '/documents/' || uid || '/'), now(), 0, now(), '' FROM doc""")


TRAIL = """
        head AS (INSERT INTO audit_chainhead AS h (chain, seq, mac, unsealed)
          SELECT chain, 1, sha256(chain::bytea), true FROM act ORDER BY chain
          ON CONFLICT (chain) DO UPDATE SET seq = h.seq + 1, mac = excluded.mac, unsealed = true RETURNING chain, seq),
        entry AS (INSERT INTO audit_trailentry (chain, seq, verb, facts, at, prev, mac)
          SELECT chain, seq, verb, facts, now(), sha256(chain::bytea), sha256(chain::bytea)
          FROM act JOIN head USING (chain))"""
"""The trail of `act`, as parts of a statement."""


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("%%", "%"))


MEASURES = {"escalation": escalation}
