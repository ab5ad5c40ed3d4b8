"""What must be true when the simulation has ended, nearly all told by SQL statements that count the exceptions."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from intake.queries.at_rest import broken_rests
from referrals.escalation.queries import with_drafted_letter
from referrals.models import EscalationStep
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.worktime import SHANGHAI

STATEMENTS = {
    "a limit that has passed is breached": """
        SELECT count(*) FROM intake_clock WHERE next_at < %(now)s""",
    "a breach stands in the trail exactly once": """
        SELECT count(*) FROM (SELECT id FROM intake_clock WHERE breached_at IS NOT NULL) c FULL JOIN
        (SELECT (facts->>'clock')::bigint AS id, count(*) AS n FROM audit_trailentry WHERE verb = 'clock_breached'
         GROUP BY 1) t USING (id) WHERE t.n IS DISTINCT FROM 1 OR c.id IS NULL""",
    "a breach was taken up exactly once": """
        SELECT count(*) FROM intake_clock c LEFT JOIN referrals_lapse l ON l.clock_id = c.id
        WHERE c.breached_at IS NOT NULL AND c.kind IN ('triage', 'fallback', 'dispatch', 'sign', 'handle', 'tier')
          AND (NOT c.lapse_noted OR l.id IS NULL)""",
    "a lapse has a step for each of its rules": """
        SELECT count(*) FROM referrals_lapse l JOIN intake_clock c ON c.id = l.clock_id
        JOIN referrals_ladderrule r ON r.trigger = CASE l.kind WHEN 'triage' THEN 'late_triage' WHEN 'fallback' THEN
          'late_triage' WHEN 'dispatch' THEN 'late_dispatch' WHEN 'sign' THEN 'late_signature'
          WHEN 'handle' THEN 'overdue' ELSE 'tier_passed' END
        LEFT JOIN referrals_ladderstep s ON s.lapse_id = l.id AND s.rule_id = r.id
        WHERE s.id IS NULL AND (c.stopped_at IS NULL OR c.stopped_at > l.taken_at)""",
    "no step that is due is left": """
        SELECT count(*) FROM referrals_ladderstep WHERE taken_at IS NULL AND due_at < %(now)s""",
    "no step was taken before it was due": """
        SELECT count(*) FROM referrals_ladderstep WHERE taken_at < due_at AND outcome <> 'moot'""",
    "no step of a case was taken while it was suspended": """
        SELECT count(*) FROM referrals_ladderstep s JOIN intake_rest r ON r.case_id = s.case_id
        WHERE s.outcome IN ('done', 'covered') AND s.taken_at > r.since
          AND s.taken_at < coalesce(r.until, 'infinity')""",
    "a step that was taken stands in the trail exactly once": """
        SELECT count(*) FROM (SELECT id FROM referrals_ladderstep WHERE outcome IN ('done', 'covered')) s FULL JOIN
        (SELECT (facts->>'step')::bigint AS id, count(*) AS n FROM audit_trailentry
         WHERE verb = 'ladder_step_taken' AND facts->>'outcome' <> 'moot' GROUP BY 1) t USING (id)
        WHERE t.n IS DISTINCT FROM 1 OR s.id IS NULL""",
    "a step that drafts has one document for its occasion": """
        SELECT count(*) FROM (SELECT occasion FROM referrals_document WHERE occasion IS NOT NULL
        GROUP BY occasion HAVING count(*) > 1) d""",
    "numbers have no gap and none is given twice": """
        SELECT count(*) FROM (SELECT series, count(*) AS n, max(serial) AS top, min(serial) AS low,
        count(DISTINCT serial) AS kinds FROM referrals_document WHERE series <> '' GROUP BY series) s
        LEFT JOIN intake_counter k USING (series) WHERE n <> top OR low <> 1 OR kinds <> n OR k.last <> top""",
    "a signed document stands in the trail once, with its digest": """
        SELECT count(*) FROM (SELECT id, sm3 FROM referrals_document WHERE signed_at IS NOT NULL) d FULL JOIN
        (SELECT split_part(chain, ':', 2)::bigint AS id, min(facts->>'sm3') AS sm3, count(*) AS n FROM audit_trailentry
         WHERE verb = 'document_signed' GROUP BY 1) t USING (id)
        WHERE t.n IS DISTINCT FROM 1 OR d.sm3 IS DISTINCT FROM t.sm3""",
    "no draft that issues by itself is left": """
        SELECT count(*) FROM referrals_document d JOIN referrals_documentkind k ON k.id = d.kind_id
        WHERE d.status = 'draft' AND d.by_system AND k.by_itself""",
    "a case goes up by the clock once from each tier": """
        SELECT count(*) FROM (SELECT case_id, from_tier FROM intake_tiermove WHERE cause = 'clock'
        GROUP BY 1, 2 HAVING count(*) > 1) m""",
    "every move by the clock is a step that was taken, and the other way round": """
        SELECT abs((SELECT count(*) FROM intake_tiermove WHERE cause = 'clock') - (SELECT count(*) FROM
        referrals_ladderstep s JOIN referrals_ladderrule r ON r.id = s.rule_id
        WHERE r.does = 'escalate' AND s.outcome = 'done'))""",
    "a case stands where its last move left it": """
        SELECT count(*) FROM intake_case c JOIN LATERAL (SELECT to_tier, to_centre_id FROM intake_tiermove m
        WHERE m.case_id = c.id ORDER BY id DESC LIMIT 1) m ON true
        WHERE m.to_tier <> c.tier OR m.to_centre_id <> c.centre_id""",
    "cases move one tier at a time, up, or down where they are handed down": """
        SELECT count(*) FROM intake_tiermove WHERE cause <> 'risk' AND
        (CASE cause WHEN 'hand_down' THEN to_tier || '<' || from_tier ELSE from_tier || '<' || to_tier END)
        NOT IN ('village<town', 'town<county')""",
    "a supervision that is unanswered past its limit has its red one": """
        SELECT count(*) FROM referrals_document d JOIN referrals_documentkind k ON k.id = d.kind_id
        WHERE k.purpose = 'supervise' AND d.level = 'yellow' AND d.status IN ('issued', 'received')
          AND d.answer_due_at < %(now)s AND NOT EXISTS (SELECT 1 FROM referrals_document r WHERE r.level = 'red' AND
          (r.follows_id = d.id OR r.handling_id = d.handling_id))
          AND NOT EXISTS (SELECT 1 FROM intake_rest r WHERE r.case_id = d.case_id
          AND coalesce(r.until, 'infinity') > d.issued_at)""",
    "one running limit of a kind": """
        SELECT count(*) FROM (SELECT 1 FROM intake_clock WHERE stopped_at IS NULL
        GROUP BY case_id, kind, handling_id HAVING count(*) > 1) c""",
    "nobody is told the same twice": """
        SELECT count(*) FROM (SELECT 1 FROM notices_outboxmessage GROUP BY key HAVING count(*) > 1) m""",
}


def broken_invariants(now: datetime) -> Iterator[str]:
    """What is not true, in words with the number of exceptions; nothing when all is well."""
    with connection.cursor() as cursor:
        for name, statement in STATEMENTS.items():
            cursor.execute(statement, {"now": now})
            exceptions = cursor.fetchone()[0]
            if exceptions:
                yield f"{name}: {exceptions} exceptions"
    yield from broken_rests()
    if two := _letters_on_one_day():
        yield f"two letters of one cause are drafted on two days: {two} exceptions"
    yield from (f"trail: {fault}" for fault in verify(Counts()))


def _letters_on_one_day() -> int:
    """How many letters were drafted on a day on which their cause had one already; what a letter is the model says."""
    letters = with_drafted_letter(EscalationStep.objects.all())
    days = Counter((s.lapse_id, s.document_id, s.taken_at.astimezone(SHANGHAI).date()) for s in letters if s.taken_at)
    return sum(days.values()) - len(days)
