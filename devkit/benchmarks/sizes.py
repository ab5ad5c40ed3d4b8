"""What a case leaves in the database from its registration to the archive: the tables that grow, by a million cases.

Some hundred cases go their usual way by acts (registered, accepted, dispatched, signed for, reported, closed, followed
up, archived; all who are to hear of it hear), and each table is looked at before and after. Attachments lie elsewhere.
"""

from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from devkit.benchmarks.ground import ground
from devkit.benchmarks.lines import Line, Lines
from intake.lifecycle import State
from tests.intake import ways
from zhongzhi.audit.actions import gather_all
from zhongzhi.notices.actions import deliver_due

CASES = 400
MILLION = 1_000_000
LEAST = 0.02
"""Tables that are a smaller share of all are told together."""


def sizes() -> Lines:
    """Gigabytes of each table with its indexes, and of all."""
    _walk(20)  # pages that are begun anyway
    before = _bytes()
    _walk(CASES)
    grown = {table: (size - before.get(table, 0)) * MILLION / CASES / 1e9 for table, size in _bytes().items()}
    whole = sum(grown.values())
    for table, size in sorted(grown.items(), key=lambda item: -item[1]):
        if size >= LEAST * whole:
            yield Line(f"{table}, of a million cases", size, None, "GB", "–")
    rest = sum(size for size in grown.values() if size < LEAST * whole)
    yield Line("the other tables, of a million cases", rest, None, "GB", "–")
    yield Line("the database, of a million cases", whole, None, "GB", "–")


def _walk(number: int) -> None:
    for _ in range(number):
        ways.in_state(ground(), State.ARCHIVED)
    while deliver_due(timezone.now()):
        pass
    gather_all()


def _bytes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables")
        return dict(cursor.fetchall())


MEASURES: dict[str, Callable[[], Lines]] = {"sizes": sizes}
