"""What must be true after the kills, told by SQL of its own: the journal of the clients against the database.

The record of a number is written in the transaction of its act, and every line of the trail knows its transaction:
what was acknowledged must have both, and no line of a person may belong to a transaction without a record.
"""

import subprocess
import sys
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from devkit.servers import ROOT
from devkit.simulation.invariants import broken_invariants
from tests.faults.chaos.journal import Journal
from zhongzhi.core.ciphers import sm3
from zhongzhi.files.disk import full_path
from zhongzhi.files.models import StoredFile

SILENT = ("hazards on-the-spot",)
"""Acts that leave no line in the trail where they were done before: who says twice to be there came once."""
LOST = {
    "acknowledged, and no record of its number": """
        SELECT count(*) FROM chaos_write w LEFT JOIN chaos_record r USING (user_id, key)
        WHERE w.verdict = 'saved' AND (r.key IS NULL OR r.status IS NULL)""",
    "acknowledged, and no line in the trail of its transaction": """
        SELECT count(*) FROM chaos_write w JOIN chaos_record r USING (user_id, key)
        WHERE w.verdict = 'saved' AND w.act <> ALL(%(silent)s)
          AND NOT EXISTS (SELECT FROM chaos_trail t WHERE t.xid = r.xid)""",
    "registered and acknowledged, and no case of its number": """
        SELECT count(*) FROM chaos_write w WHERE w.verdict = 'saved' AND w.internal <> ''
          AND NOT EXISTS (SELECT FROM intake_case c WHERE c.internal_number = w.internal)""",
    "a file whose content is missing or another": "",
}
LOOKS = ("restricted_case_seen", "cases_exported")
"""Lines that reading leaves, which has no number."""
DOUBLED = {
    "a line of a person's trail whose transaction has no number": """
        SELECT count(*) FROM chaos_trail t WHERE NOT EXISTS (SELECT FROM chaos_record r WHERE r.xid = t.xid)""",
    "a case registered twice": """
        SELECT count(*) FROM (SELECT c.internal_number FROM intake_case c JOIN chaos_write w
        ON w.internal <> '' AND w.internal = c.internal_number GROUP BY 1 HAVING count(*) > 1) d""",
    "refused, and saved all the same": """
        SELECT count(*) FROM chaos_write w JOIN chaos_record r USING (user_id, key) WHERE w.verdict = 'refused'""",
    "a number saved, of which nobody knows": """
        SELECT count(*) FROM chaos_record r LEFT JOIN chaos_write w USING (user_id, key) WHERE w.key IS NULL""",
}
OTHERS = {
    "case numbers have no gap and none is given twice": """
        SELECT count(*) FROM (SELECT left(code, 16), count(*) AS n, max(substr(code, 17, length(code) - 17)::int) AS top
        FROM intake_case WHERE code IS NOT NULL GROUP BY 1) s WHERE n <> top""",
    "counters stand where their last number is": """
        SELECT count(*) FROM (SELECT series, count(*) AS n, max(serial) AS top FROM referrals_document
        WHERE series <> '' GROUP BY series) s LEFT JOIN intake_counter k USING (series)
        WHERE n <> top OR k.last <> top""",
    "chains of the trail have no gap": """
        SELECT count(*) FROM (SELECT chain, count(*) AS n, max(seq) AS top FROM audit_trailentry GROUP BY chain) c
        LEFT JOIN audit_chainhead h USING (chain) WHERE n <> top OR h.seq IS DISTINCT FROM top""",
    "every move of a case follows the one before": """
        SELECT count(*) FROM (SELECT from_status, lag(to_status) OVER (PARTITION BY case_id ORDER BY id) AS before
        FROM intake_statuschange) m WHERE before IS NOT NULL AND before <> from_status""",
    "a case stands where its last move left it": """
        SELECT count(*) FROM intake_case c JOIN LATERAL (SELECT to_status FROM intake_statuschange m
        WHERE m.case_id = c.id ORDER BY id DESC LIMIT 1) m ON true WHERE m.to_status <> c.status""",
    "no transaction is left open": """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
          AND state LIKE 'idle in transaction%%' AND xact_start < now() - interval '1 minute'""",
}
OF_THE_PAST = ("a breach stands in the trail exactly once", "a breach was taken up exactly once")
"""Not so of the past that the demo county makes up; of what happened since, the statements below ask."""
SINCE = {
    "a breach since the beginning stands in the trail exactly once": """
        SELECT count(*) FROM intake_clock c WHERE c.breached_at >= to_timestamp(%(begun)s) AND 1 <>
        (SELECT count(*) FROM audit_trailentry t WHERE t.verb = 'clock_breached' AND t.at >= to_timestamp(%(begun)s)
         AND (t.facts->>'clock')::bigint = c.id)""",
    "nobody is told the same twice": """
        SELECT count(*) FROM (SELECT 1 FROM notices_outboxmessage GROUP BY key HAVING count(*) > 1) m""",
}
COMMANDS = (("verify_trail", "--anchors"), ("check_figures",))


def tables_of(journal: Journal, begun: float) -> None:
    """The journal, the records of its numbers and the lines of its people, side by side in the database."""
    connection.close()  # the one from before the kills is broken
    writes = journal.rows("SELECT key, user, act, verdict, internal FROM writes WHERE verdict <> 'open'")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS chaos_write, chaos_record, chaos_trail")
        cursor.execute(
            "CREATE TEMPORARY TABLE chaos_write (key text, user_id bigint, act text, verdict text, internal text)"
        )
        cursor.executemany("INSERT INTO chaos_write VALUES (%s, %s, %s, %s, %s)", writes)
        cursor.execute(
            """CREATE TEMPORARY TABLE chaos_record AS SELECT user_id, key, status, xmin::text::bigint AS xid
            FROM accounts_idempotencyrecord WHERE created_at >= to_timestamp(%s)""",
            [begun],
        )
        cursor.execute(
            """CREATE TEMPORARY TABLE chaos_trail AS SELECT id, chain, verb, xact %% 4294967296 AS xid
            FROM audit_trailentry WHERE at >= to_timestamp(%s) AND actor_id IN (SELECT user_id FROM chaos_write)
              AND verb <> ALL(%s)""",
            [begun, list(LOOKS)],
        )
        cursor.execute("CREATE INDEX ON chaos_trail (xid)")
        cursor.execute("CREATE INDEX ON chaos_record (xid)")
        cursor.execute("ANALYZE chaos_write, chaos_record, chaos_trail")


def counted(statements: dict[str, str], begun: float = 0) -> Iterator[tuple[str, int]]:
    """The exceptions to each."""
    with connection.cursor() as cursor:
        for name, statement in statements.items():
            if statement:
                cursor.execute(statement, {"silent": list(SILENT), "begun": begun})
                yield name, int(cursor.fetchone()[0])
            else:
                yield name, sum(not _is_whole(row) for row in StoredFile.objects.all())


def acts_of(statements: dict[str, str]) -> Iterator[str]:
    """Which acts the exceptions are, where a statement is about writes of the journal."""
    with connection.cursor() as cursor:
        for name, statement in statements.items():
            if "FROM chaos_write w" in statement:
                named = statement.replace("SELECT count(*)", "SELECT w.act, count(*)", 1) + " GROUP BY w.act"
                cursor.execute(named, {"silent": list(SILENT)})
                yield from (f"{name}: {act} {number}" for act, number in cursor.fetchall())


def _is_whole(row: StoredFile) -> bool:
    path = full_path(row.path)
    return path.exists() and sm3(path.read_bytes()) == row.sm3


def told_by_the_program() -> Iterator[str]:
    """What the program's own checks find: trail, figures, rests, what the simulation asks for."""
    yield from (fault for fault in broken_invariants(timezone.now()) if not fault.startswith(OF_THE_PAST))
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            yield f"{' '.join(command)}: {(done.stdout + done.stderr)[-600:]}"
