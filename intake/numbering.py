"""Serial numbers without gaps: given in the transaction that uses them, so a rollback gives them back."""

from datetime import date

from django.db import connection

from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.numbering import LAST_SERIAL, case_code

NEXT = """
INSERT INTO intake_counter (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = intake_counter.last + 1
RETURNING last
"""

NEXT_SEVERAL = """
INSERT INTO intake_counter (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = intake_counter.last + %s
RETURNING last
"""


class DayIsFull(RuleViolation):
    """The serials of a day are used up; the caller's transaction must be undone."""

    code = "day_is_full"
    default_message = f"今天登记的案件已达 {LAST_SERIAL} 件，编号用完，请明天继续。"


def next_number(series: str) -> int:
    """The next number of a series. Holds the series' row until the transaction ends: ask for it late."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series])
        return int(cursor.fetchone()[0])


def next_case_codes(county: str, day: date, number: int) -> list[str]:
    """Codes of several cases, one after the other.

    Raises DayIsFull when the day has not so many serials left; nothing is taken then.
    """
    series = f"case:{county}:{day:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(NEXT_SEVERAL, [series, number, number])
        last = int(cursor.fetchone()[0])
    if last > LAST_SERIAL:
        raise DayIsFull
    return [case_code(county, day, serial) for serial in range(last - number + 1, last + 1)]


def next_case_code(county: str, day: date) -> str:
    """The code of a case: gapless per county and day. Raises DayIsFull."""
    return next_case_codes(county, day, 1)[0]
