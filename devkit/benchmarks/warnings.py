"""Early warning and similar earlier cases in a county with two years of cases: what a day's changes cost, and what one
case costs. Time is processor time of this process and of its database process: a busy machine does not change it."""

import os
import statistics
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from devkit.benchmarks.bulk_rows import in_bulk
from devkit.benchmarks.ground import ground, pattern
from devkit.benchmarks.history import places
from devkit.benchmarks.lines import Line, Lines, line
from devkit.benchmarks.search import WORDS
from devkit.simulation.courses import GIVEN, SURNAMES
from early_warning import actions
from intake.counting.actions import rebuild_tallies
from intake.lifecycle import State
from intake.models import Case
from intake.queries import active_leaves
from intake.queries.similar import likest, similar_cases
from zhongzhi.accounts.models import User
from zhongzhi.core.pinyin import name_initials

DAY = 60
"""Cases that come in or move on a day in a county of 20,000 a year."""
TABLES = ("intake_case", "intake_party")
TICKS = os.sysconf("SC_CLK_TCK")
CASES = """
UPDATE intake_case c SET territory_id = (%(places)s::bigint[])[1 + c.id * 7919 %% cardinality(%(places)s)],
    category_id = (%(leaves)s::text[])[1 + c.id * 104729 %% cardinality(%(leaves)s)],
    registered_at = x.at, accepted_at = x.at + interval '1 hour', created_at = x.at, holder_id = c.centre_id,
    status = CASE WHEN x.ended THEN 'archived' ELSE 'registered' END,
    outcome = CASE WHEN x.ended THEN 'settlement' ELSE '' END,
    solved_tier = CASE WHEN x.ended THEN 'village' ELSE '' END,
    concluded_by_id = CASE WHEN x.ended THEN c.centre_id END,
    concluded_at = CASE WHEN x.ended THEN x.at + interval '6 days' END,
    closed_at = CASE WHEN x.ended THEN x.at + interval '8 days' END,
    title = (%(words)s::text[])[1 + c.id * 7919 %% %(n)s] || (%(words)s::text[])[1 + c.id * 104729 %% %(n)s] || '纠纷',
    narrative = '双方因' || (%(words)s::text[])[1 + c.id * 15485863 %% %(n)s] || '与'
        || (%(words)s::text[])[1 + c.id * 32452843 %% %(n)s] || '发生争执，多次协商未果，请求'
        || (%(words)s::text[])[1 + c.id * 49979687 %% %(n)s] || '方面的部门处理。在' || {rare} || '边。'
FROM (SELECT id, now() - (m.last - id) * interval '2 years' / m.last AS at, (m.last - id) > m.last / 80 AS ended
      FROM intake_case, (SELECT max(id) AS last FROM intake_case) m) x
WHERE x.id = c.id AND c.status <> 'draft' AND c.id <> %(pattern)s
"""
RARE = " || ".join(
    f"chr(19968 + 7 * floor(600 * power((hashint8extended(c.id, {seed}) & 65535) / 65536.0, 3))::int)"
    for seed in (1, 2, 3)
)
"""Characters of which few are common and most are rare, as in what people write."""
PARTIES = """
UPDATE intake_party p SET name = n.name, initials = n.initials, kind = n.kind,
    paper_hash = n.paper, phone_hash = n.phone, paper_sealed = CASE WHEN n.paper IS NOT NULL THEN '\\x00'::bytea END
FROM (
    SELECT q.id, q.kind, CASE WHEN q.kind = 'person' THEN (%(surnames)s::text[])[s] || (%(given)s::text[])[g1]
               || (%(given)s::text[])[g2] ELSE '第' || firm || '建筑有限公司' END AS name,
           CASE WHEN q.kind = 'person' THEN (%(surname_initials)s::text[])[s] || (%(given_initials)s::text[])[g1]
               || (%(given_initials)s::text[])[g2] ELSE 'd' || firm || 'jzyxgs' END AS initials,
           CASE WHEN q.kind = 'person' AND r < 0.6 THEN sha256(('paper' || person)::bytea) END AS paper,
           CASE WHEN q.kind = 'person' AND r < 0.8 THEN sha256(('phone' || person)::bytea) END AS phone
    FROM (
        SELECT x.*, 1 + person %% cardinality(%(surnames)s::text[]) AS s,
               1 + person / 53 %% cardinality(%(given)s::text[]) AS g1,
               1 + person / 2809 %% cardinality(%(given)s::text[]) AS g2, person %% 3000 AS firm,
               CASE WHEN side = 'respondent' AND person %% 10 = 0 THEN 'organisation' ELSE 'person' END AS kind
        FROM (SELECT id, side, (hashint8extended(id, 77) & 1048575)::bigint AS person,
                     (hashint8extended(id, 78) & 65535) / 65536.0 AS r FROM intake_party) x
    ) q
) n WHERE n.id = p.id
"""


def early_warnings() -> Lines:
    """A day's changes looked at together and one by one; then earlier cases like one."""
    give_two_years()
    call_command("load_warning_rules", verbosity=0, stdout=StringIO())
    yield from measured(ground().dispatcher)


def measured(user: User) -> Lines:
    """The figures, on a ground that is there."""
    count = f"{Case.objects.count():,}"
    _look(_latest(5, skip=1000), limit=5)
    together = cpu_ms(lambda: _look(_latest(DAY), limit=DAY))
    one_by_one = cpu_ms(lambda: _look(_latest(DAY, skip=DAY), limit=1))
    yield line(f"a day's {DAY} changes among {count}", together, one_by_one, "ms", "≤ 5,000 ms; yardstick: one by one")
    few = cpu_ms(lambda: _look(_latest(DAY // 4, skip=2 * DAY), limit=DAY))
    yield line(f"a quarter of them ({DAY // 4})", few, together, "ms", "grows with the changes")
    latest = Case.objects.exclude(category=None).order_by("-pk")[:200]
    cases = [case for case in latest if likest(case)][:20]
    times = [cpu_ms(lambda case=case: similar_cases(user, case)) for case in cases]  # type: ignore[misc]
    yield Line(f"similar cases of a dossier, {count} cases", statistics.median(times), None, "ms", "≤ 30 ms")


def give_two_years() -> None:
    """A million people in 220 villages and two years: what came in more than nine days ago has ended; three people in
    five with a paper, four in five with a phone; one respondent in ten a firm. Everything is counted in the end."""
    words = WORDS.split()
    values: dict[str, Any] = {
        "surnames": list(SURNAMES),
        "given": list(GIVEN),
        "words": words,
        "n": len(words),
        "places": places(),
    }
    values |= {"surname_initials": [name_initials(one) for one in SURNAMES]}
    values |= {"given_initials": [name_initials(one) for one in GIVEN]}
    values |= {"leaves": [leaf.code for leaf in active_leaves()], "pattern": pattern().pk}
    with connection.cursor() as cursor, in_bulk(cursor, TABLES, triggers=TABLES):
        cursor.execute(CASES.replace("{rare}", RARE), values)
        cursor.execute(PARTIES, values)
    with connection.cursor() as cursor:
        cursor.execute("ALTER INDEX intake_case_windows ALTER COLUMN 1 SET STATISTICS 500")
        cursor.execute("VACUUM ANALYZE")
    rebuild_tallies()


def cpu_ms(work: Callable[[], object]) -> float:
    """Milliseconds of processor time of this process and of its process in the database."""
    before = time.process_time() + _of_database()
    work()
    return (time.process_time() + _of_database() - before) * 1000


def _of_database() -> float:
    """Seconds of processor time that the database process of this connection has used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _latest(number: int, skip: int = 0) -> list[int]:
    rows = Case.objects.exclude(status__in=(State.DRAFT, State.MERGED)).order_by("-registered_at")
    return list(rows.values_list("pk", flat=True)[skip : skip + number])


def _look(keys: list[int], limit: int) -> None:
    actions.note_cases(keys)
    while actions.look_at_changes(timezone.now(), limit=limit):
        pass


MEASURES: dict[str, Callable[[], Lines]] = {"warnings": early_warnings}
