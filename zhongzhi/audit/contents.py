"""Compares rows with their marks, and the marks with the blocks that the trail tells of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

import pgtrigger
from cryptography.hazmat.primitives import hashes
from django.db import connection

from zhongzhi.audit import queries
from zhongzhi.audit.chain import mark_line
from zhongzhi.audit.models import ContentMark, TrailEntry
from zhongzhi.rows.marks import Marked

ROWS: Final = 'SELECT id, {digest} AS digest FROM "{table}" AS one WHERE {counts}'
DIFFERENT: Final = """
    SELECT coalesce(now.id, mark.row), now.digest IS NULL, mark.row IS NULL
    FROM ({rows}) AS now
    FULL JOIN (
        SELECT DISTINCT ON (row) row, digest FROM audit_contentmark WHERE subject = %s ORDER BY row, id DESC
    ) AS mark ON mark.row = now.id
    WHERE now.digest IS DISTINCT FROM mark.digest ORDER BY 1
"""
WITHOUT_ACT: Final = """
    SELECT subject, row, event, id FROM audit_contentmark AS mark
    WHERE event IN ('UPDATE', 'DELETE') AND subject = ANY(%s)
        AND NOT EXISTS (SELECT FROM audit_trailentry AS entry WHERE entry.xact = mark.xact)
    ORDER BY id
"""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written: a stable code, where (`case:12#3`, `seal#4`), and what, for people."""

    code: str
    where: str
    what: str


class MarkedTable(NamedTuple):
    """A table whose contents are marked: its name, its title, the SQL that digests its rows now."""

    name: str
    title: str
    rows: str
    by_acts: bool


def marked_tables() -> list[MarkedTable]:
    """All tables whose models declare marks."""
    found = []
    registered: list[tuple[Any, pgtrigger.Trigger]] = pgtrigger.registered()
    for model, trigger in registered:
        if isinstance(trigger, Marked):
            table, title = model._meta.db_table, str(model._meta.verbose_name)
            rows = ROWS.format(digest=trigger.digest(model, "one"), table=table, counts=trigger.counts("one"))
            found.append(MarkedTable(table, title, rows, trigger.by_acts))
    return sorted(found)


def content_faults() -> Iterator[Fault]:
    """Every row that is not as its last mark says, every block that is not as the trail tells, every silent change."""
    for table in marked_tables():
        yield from _different(table)
    yield from _block_faults()
    yield from _without_act()


def _different(table: MarkedTable) -> Iterator[Fault]:
    for row, gone, unmarked in _rows(DIFFERENT.format(rows=table.rows), [table.name]):
        if gone:
            code, what = "content_gone", "不见了，或被撤回，没有留下摘要"
        elif unmarked:
            code, what = "content_unmarked", "没有摘要：是绕过程序加进去的（升级后请先执行 adopt_contents）"
        else:
            code, what = "content_altered", "内容与最后一次摘要不符，被改动过"
        yield Fault(code, f"{table.name}:{row}", f"{table.title}第 {row} 号{what}")


def _without_act() -> Iterator[Fault]:
    titles = {table.name: table.title for table in marked_tables() if table.by_acts}
    for subject, row, event, pk in _rows(WITHOUT_ACT, [list(titles)]):
        done = "删除" if event == "DELETE" else "改动"
        what = f"{titles[subject]}第 {row} 号被{done}，同一事务中没有留痕（摘要 {pk}）"
        yield Fault("content_without_act", f"{subject}:{row}", what)


def _block_faults() -> Iterator[Fault]:
    told = {entry.facts["block"]: entry for entry in queries.blocks_told()}
    for block, marks in groupby(queries.gathered_in_order(), key=lambda mark: mark.block):
        entry = told.pop(block, None)
        number, digest = _digest(marks)
        if entry is None:
            yield Fault("block_unknown", f"block#{block}", f"第 {block} 批摘要在留痕中没有记载")
        elif not _as_told(entry, number, digest):
            yield Fault("block_altered", f"block#{block}", f"第 {block} 批摘要与留痕所记不符")
    for block in sorted(told):
        yield Fault("block_missing", f"block#{block}", f"第 {block} 批摘要不见了")


def _digest(marks: Iterator[ContentMark]) -> tuple[int, str]:
    digest, number = hashes.Hash(hashes.SM3()), 0
    for mark in marks:
        digest.update(mark_line(mark))
        number += 1
    return number, digest.finalize().hex()


def _as_told(entry: TrailEntry, number: int, digest: str) -> bool:
    return bool((entry.facts.get("marks"), entry.facts.get("sm3")) == (number, digest))


def _rows(sql: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(queries.CHUNK):
            yield from found
