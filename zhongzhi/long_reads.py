"""Exports, streams and reports: one read that takes longer than a page may, a chunk of rows at a time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import QuerySet

from zhongzhi.replica import is_reading_replica, reading_replica

T = TypeVar("T")
STREAM_SECONDS: Final = 120
CHUNK: Final = 500


@contextmanager
def longer(seconds: int) -> Iterator[None]:
    """Let statements of this connection run for so long, for exports and reports; outside of a transaction.

    Behind a pooler one transaction is kept open for it: there a connection is ours no longer than that.
    """
    if settings.DATABASE_POOLED:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
            yield
        return

    def allow(value: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = str(cursor.fetchone()[0])
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [value])
        return before

    before = allow(f"{seconds}s")
    try:
        yield
    finally:
        if connection.is_usable():
            allow(before)


def streamed(rows: QuerySet[Any, T] | Callable[[], Iterable[T]], chunk: int = CHUNK) -> Iterator[T]:
    """Rows of a stream, a chunk at a time, for whose one long read there is more time than for a page.

    They are read from where the view reads, although it has ended by then; behind a pooler too a chunk at a time.
    Where the replica fails before the first row, they are read from the database itself.
    """
    return _streamed(rows, chunk, on_replica=is_reading_replica())


def _streamed(rows: QuerySet[Any, T] | Callable[[], Iterable[T]], chunk: int, *, on_replica: bool) -> Iterator[T]:
    begun = False
    try:
        for row in _read(rows, chunk, on_replica=on_replica):
            begun = True
            yield row
    except Error:
        if begun or not on_replica:
            raise
        yield from _read(rows, chunk, on_replica=False)


def _read(rows: QuerySet[Any, T] | Callable[[], Iterable[T]], chunk: int, *, on_replica: bool) -> Iterator[T]:
    with reading_replica(on_replica), longer(STREAM_SECONDS):
        usual = connection.settings_dict
        # inside of a transaction a cursor may stay open behind a pooler, too
        connection.settings_dict = {**usual, "DISABLE_SERVER_SIDE_CURSORS": False}
        try:
            yield from rows.iterator(chunk_size=chunk) if isinstance(rows, QuerySet) else rows()
        finally:
            connection.settings_dict = usual
