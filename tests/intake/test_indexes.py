"""Every act writes all indexes of its rows: none is kept that another of the table begins with."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
WRITTEN_BY_ACTS = (
    "intake_case", "intake_party", "intake_clock", "intake_statuschange", "intake_handling", "intake_followup",
    "intake_tiermove", "audit_trailentry", "audit_chainhead", "notices_outboxmessage",
)  # fmt: skip
BEGINNINGS = """
WITH kept AS (
    SELECT indexrelid AS key, indrelid AS of, indexrelid::regclass::text AS name, indnkeyatts AS n,
           string_to_array(indkey::text, ' ') AS columns, string_to_array(indclass::text, ' ') AS kinds
    FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND indpred IS NULL AND indexprs IS NULL
)
SELECT a.name, b.name FROM kept a JOIN kept b ON a.of = b.of AND a.key <> b.key AND a.n <= b.n
JOIN pg_index i ON i.indexrelid = a.key
WHERE NOT i.indisunique AND a.columns[:a.n] = b.columns[:a.n] AND a.kinds[:a.n] = b.kinds[:a.n]
ORDER BY 1, 2
"""


def test_no_index_of_what_acts_write_is_the_beginning_of_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BEGINNINGS, [list(WRITTEN_BY_ACTS)])
        assert cursor.fetchall() == []
