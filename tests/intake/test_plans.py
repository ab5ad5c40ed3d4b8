"""The hottest reads have an index each that PostgreSQL can go by, however many rows there are.

A table of a test is so small that it is read whole at once; so reading whole tables is forbidden here, and what is left
is the index that a large table is read by.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from intake import queries
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock
from intake.models import Case
from intake.queries import doubles
from intake.queries.whole_case import RUNNING
from tests.intake import ways
from tests.people import Ground
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.rows.statements import PreparedRows, statement_of, with_given

pytestmark = pytest.mark.django_db


def plan_of(sql: str, values: Any = ()) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


def plan(rows: QuerySet[Any, Any]) -> str:
    return plan_of(*statement_of(rows))


def planned(rows: PreparedRows[Any], **given: Any) -> str:
    sql, values = rows.written
    return plan_of(sql, with_given(values, given))


HASHES = {"papers": [b"\x01"], "phones": [b"\x02"]}
MATTER = {"category": "0901", "village": "150526103200", "codes": "ZJ150526", "midnight": timezone.now()}
HOT: dict[str, tuple[Callable[[Ground], str], list[str]]] = {
    "one case by its code": (
        lambda g: plan(queries.cases_for_list(g.dispatcher).filter(code="ZJ1505262026112000010F")),
        ["intake_case_code"],
    ),
    "the newest of a list": (
        lambda g: plan(queries.cases_for_list(g.dispatcher).order_by("-id")[:51]),
        ["Index Scan Backward using intake_case_pkey"],
    ),
    "when cases of a list are due next": (
        lambda g: plan(queries.cases_for_list(g.dispatcher).order_by("-id")[:51]),
        ["Index Only Scan using clock_next_due"],
    ),
    "the newest that an organisation handled": (
        lambda g: plan(queries.cases_for_list(g.handler)),
        ["Index Only Scan Backward using intake_hand_organis_"],
    ),
    "somebody's open cases": (lambda g: plan(queries.open_cases_of(g.clerk)), ["case_open_of"]),
    "what waits at a centre": (lambda g: plan(queries.cases_to_triage(g.dispatcher)), ["intake_case_centre_"]),
    "what is to be followed up": (
        lambda g: plan(queries.cases_to_follow_up.head(g.clerk)),  # type: ignore[attr-defined]
        ["clock_follow_up"],
    ),
    "a list by deadline": (
        lambda g: plan(
            queries.with_running_limit(queries.cases_for_list(g.dispatcher)).order_by("next_due", "id")[:51]
        ),
        ["clock_due_first"],
    ),
    "the limits that run in a case": (lambda g: planned(RUNNING, keys=[1]), ["intake_clock"]),
    "the same person or matter": (
        lambda g: planned(doubles._ALIKE, case=1, day=timezone.localdate(), **HASHES, **MATTER),
        ["party_paper_hash", "party_phone_hash"],
    ),
    "what the sweep takes up": (lambda g: plan(deadlines_queries.due_clocks(timezone.now())), ["clock_next"]),
}


@pytest.mark.parametrize("name", HOT)
def test_what_is_hot_has_its_index(name: str, ground: Ground) -> None:
    ways.handling(ground)
    asked, wanted = HOT[name]
    found = asked(ground)
    assert not [index for index in wanted if index not in found], found
    assert "Seq Scan on intake_case" not in found
    assert "Seq Scan on intake_clock" not in found


def test_there_is_something_to_be_found(ground: Ground) -> None:
    """Reading whole tables is not forbidden by something else: without the limit a scan is what PostgreSQL takes."""
    ways.registered(ground)
    assert "Seq Scan on intake_clock" in Clock.objects.filter(amount=1).explain()
    assert Case.objects.count() == 1
    assert OutboxMessage.objects.exists()
