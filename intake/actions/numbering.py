"""Serial numbers without gaps: given in the transaction that uses them, so a rollback gives them back."""

from datetime import date

from django.db import connection

from zhongzhi.core.numbering import case_code

NEXT = """
INSERT INTO intake_counter (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = intake_counter.last + 1
RETURNING last
"""


def next_number(series: str) -> int:
    """The next number of a series. Holds the series' row until the transaction ends: ask for it late."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series])
        return int(cursor.fetchone()[0])


def next_case_code(county: str, day: date) -> str:
    """The code of a case: gapless per county and day."""
    return case_code(county, day, next_number(f"case:{county}:{day:%Y%m%d}"))
