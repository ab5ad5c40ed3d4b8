"""Rows that were there before their table was marked get their first mark, once, after an upgrade."""

from django.db import connection, transaction

from zhongzhi.audit.actions.recording import record
from zhongzhi.audit.chain import CONTENTS
from zhongzhi.audit.contents import marked_tables
from zhongzhi.audit.verbs import Verb

ADOPT = """
    INSERT INTO audit_contentmark (subject, row, digest, event, xact)
    SELECT %s, id, digest, 'ADOPT', pg_current_xact_id()::text::bigint FROM ({rows}) AS now
    WHERE NOT EXISTS (SELECT FROM audit_contentmark WHERE subject = %s AND row = now.id)
"""


@transaction.atomic
def adopt_contents() -> dict[str, int]:
    """Mark every row that has no mark yet; how many, by table. The trail tells it, for what is adopted is believed."""
    adopted: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in marked_tables():
            cursor.execute(ADOPT.format(rows=table.rows), [table.name, table.name])
            if cursor.rowcount:
                adopted[table.name] = cursor.rowcount
    if adopted:
        record(None, Verb.CONTENTS_ADOPTED, CONTENTS, tables=adopted)
    return adopted
