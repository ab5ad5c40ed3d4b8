"""The rows of a long table are read by a second process while this one takes the next out of the file and writes what
came of those before: of what a check does, reading rows is the larger half, and a machine has two processors at least.

The second one is a copy of this process. It holds what the check stands on and asks nothing of the database. Where it
cannot be had, dies or does not answer, rows are read here, by the same function.
"""

import gc
import math
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic
from typing import Final, TypeAlias

from django.db import connections

from intake.imports.actions.row_entries import RowReading
from zhongzhi.web.sheets import SheetRow

Rows: TypeAlias = list[SheetRow]
Read: TypeAlias = Callable[[Sequence[SheetRow]], list[RowReading]]
Copy = get_context("fork")
LONG: Final = 4
"""Pieces from which on a table is worth a second process."""
PATIENCE: Final = 20.0
"""Seconds that an answer may take; it is there within one."""
AT_ONCE: Final = 0.005
STEP: Final = 0.05
"""Seconds within which an answer has not been waited for, and by how much its share of the next piece changes then."""


def read_ahead(pieces: Iterator[Rows], read: Read) -> Iterator[tuple[Rows, list[RowReading] | None]]:
    """Each piece with its readings; None where the caller has to read it."""
    first = list(islice(pieces, LONG))
    if len(first) < LONG:
        yield from ((rows, None) for rows in first)
        return
    with SecondReader(read) as second:
        before: Rows | None = None
        for rows in chain(first, pieces):
            answered = second.answer() if before else None
            second.ask(rows)
            if before:
                yield before, _whole(before, answered, read)
            before = rows
        if before:
            yield before, _whole(before, second.answer(), read)


def _whole(rows: Rows, answered: list[RowReading] | None, read: Read) -> list[RowReading] | None:
    """The readings of a piece, with those of its end, which was not asked for."""
    return None if answered is None else answered + read(rows[len(answered) :])


class SecondReader:
    """A process that answers with the readings of rows; one question at a time. While answers have to be waited for, it
    is asked for a smaller share of each piece: to take rows out of a text is little work, out of a book it is much."""

    def __init__(self, read: Read) -> None:
        self._read, self._share = read, 1.0
        self._line: Connection | None = None

    def __enter__(self) -> "SecondReader":
        ours, theirs = Copy.Pipe()
        self._process = Copy.Process(target=_answer, args=(theirs, ours, self._read), daemon=True)
        try:
            self._process.start()
            self._line = ours
        except OSError:
            ours.close()
        theirs.close()
        return self

    def __exit__(self, *error: object) -> None:
        self._give_up()

    def ask(self, rows: Rows) -> None:
        """Hand the first of some rows over, or all."""
        if self._line is not None:
            try:
                self._line.send(rows[: math.ceil(len(rows) * self._share)])
            except OSError:
                self._give_up()

    def answer(self) -> list[RowReading] | None:
        """The readings of what was asked; None where they cannot be had."""
        if self._line is not None:
            begun = monotonic()
            with suppress(EOFError, OSError):
                if self._line.poll(PATIENCE):
                    step = STEP if monotonic() - begun < AT_ONCE else -STEP
                    self._share = min(1.0, max(0.5, self._share + step))
                    found: list[RowReading] | None = self._line.recv()
                    return found
            self._give_up()
        return None

    def _give_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
            self._process.kill()
            self._process.join()


def _answer(line: Connection, ours: Connection, read: Read) -> None:
    """Read what is asked until nobody is there to ask. Connections are the other process's, and are neither used nor
    closed here."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ours.close()
    held = [one.connection for one in connections.all(initialized_only=True)]
    for one in connections.all(initialized_only=True):
        one.connection = None
    gc.freeze()
    with suppress(EOFError, OSError):
        while True:
            rows = line.recv()
            try:
                found = read(rows)
            except Exception:
                found = None
            line.send(found)
    del held
