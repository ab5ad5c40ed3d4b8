"""Keyset pages: every row once in any order, nothing counted, nothing skipped over."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from grids.models import Territory
from zhongzhi.core.errors import BadInput
from zhongzhi.web.paging import keyset_page

pytestmark = pytest.mark.django_db
START = date(2025, 1, 1)


@pytest.fixture(autouse=True)
def places() -> None:
    """25 places; many share a name, and two in three never end."""
    Territory.objects.bulk_create(
        Territory(
            code=f"{n + 10:02}",
            name=f"名{n % 4}",
            full_name=f"全{n}",
            starts_on=START,
            ends_on=START + timedelta(days=1 + n % 5) if n % 3 == 0 else None,
        )
        for n in range(25)
    )


def rows() -> QuerySet[Territory]:
    return Territory.objects.filter(level=2)


def walk(order: tuple[str, ...], size: int) -> list[int]:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = keyset_page(rows(), order=order, cursor=cursor, size=size)
        assert page.is_first == (cursor is None)
        seen += [row.pk for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen


@pytest.mark.parametrize("size", [1, 4, 5, 25, 50])
@pytest.mark.parametrize(
    "order",
    [
        ("-id",),
        ("id",),
        ("name", "id"),
        ("-name", "id"),
        ("ends_on", "id"),
        ("-ends_on", "-id"),
        ("ends_on", "name", "-id"),
    ],
)
def test_every_row_stands_on_one_page_in_the_order_asked_for(order: tuple[str, ...], size: int) -> None:
    seen = walk(order, size)
    whole = [row.pk for row in keyset_page(rows(), order=order, size=100).items]
    assert seen == whole
    assert len(set(seen)) == 25


def test_empty_values_stand_last_in_either_direction() -> None:
    for order in (("ends_on", "id"), ("-ends_on", "id")):
        ends = [row.ends_on for row in keyset_page(rows(), order=order, size=100).items]
        assert ends.index(None) == sum(end is not None for end in ends)


def test_a_page_is_one_query_without_count_or_offset() -> None:
    cursor = keyset_page(rows(), size=5).next_cursor
    with CaptureQueriesContext(connection) as caught:
        keyset_page(rows(), cursor=cursor, size=5)
    (query,) = caught.captured_queries
    assert "OFFSET" not in query["sql"]
    assert "COUNT" not in query["sql"]
    assert "LIMIT 6" in query["sql"]


def test_a_page_is_read_from_the_index_at_any_depth() -> None:
    """An order that no index serves would sort the whole table for every page."""
    cursor = keyset_page(rows(), size=5).next_cursor
    for at in (None, cursor):
        with CaptureQueriesContext(connection) as caught:
            keyset_page(rows(), cursor=at, size=5)
        with connection.cursor() as asked:
            asked.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; EXPLAIN "
                + caught.captured_queries[0]["sql"]
            )
            plan = "\n".join(line for (line,) in asked.fetchall())
        assert "Index Scan Backward" in plan
        assert "Sort" not in plan
        assert "Sort" not in plan


def test_a_row_that_came_meanwhile_moves_no_page() -> None:
    first = keyset_page(rows(), size=10)
    Territory.objects.create(code="99", name="新", full_name="新", starts_on=START)
    second = keyset_page(rows(), cursor=first.next_cursor, size=10)
    assert not {row.pk for row in first.items} & {row.pk for row in second.items}


def test_a_cursor_made_for_another_order_is_refused() -> None:
    cursor = keyset_page(rows(), order=("name", "id"), size=5).next_cursor
    with pytest.raises(BadInput, match="翻页标记"):
        keyset_page(rows(), order=("-id",), cursor=cursor)


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "😀"])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput) as refusal:
        keyset_page(rows(), cursor=cursor)
    assert refusal.value.field == "cursor"


def test_a_cursor_cannot_be_made_by_others() -> None:
    made: Any = keyset_page(rows(), size=5).next_cursor
    with pytest.raises(BadInput):
        keyset_page(rows(), cursor=made[:-2] + ("AA" if made[-2:] != "AA" else "BB"))
