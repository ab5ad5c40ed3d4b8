"""New marks of contents become entries of the trail, block by block."""

from django.db import connection, transaction

from zhongzhi.audit.actions.recording import record
from zhongzhi.audit.chain import CONTENTS, mark_line
from zhongzhi.audit.models import ContentMark
from zhongzhi.audit.queries import last_block
from zhongzhi.audit.verbs import Verb
from zhongzhi.core.ciphers import sm3

GATHER_LOCK = 0x7A7A_0002
MARKS_PER_BLOCK = 5000
TAKE = """
    UPDATE audit_contentmark SET block = %s
    WHERE id IN (SELECT id FROM audit_contentmark WHERE block IS NULL ORDER BY id LIMIT %s)
"""


@transaction.atomic
def gather_marks(limit: int = MARKS_PER_BLOCK) -> int:
    """Make one block of at most `limit` marks that are in none; how many. Two callers at once gather once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [GATHER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        block = last_block() + 1
        cursor.execute(TAKE, [block, limit])
    marks = ContentMark.objects.filter(block=block).order_by("id")
    lines = b"".join(map(mark_line, marks))
    if lines:
        record(None, Verb.CONTENTS_GATHERED, CONTENTS, block=block, marks=len(marks), sm3=sm3(lines))
    return len(marks)


def gather_all() -> int:
    """Gather all that is there now; how many marks."""
    return sum(iter(gather_marks, 0))
