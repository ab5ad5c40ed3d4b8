"""A long table is read by two processes; what comes of it is the same as by one, whatever becomes of the second."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from devkit.servers.users import process_is_dead
from intake.imports.actions import passes, reading, row_checks, second_reader
from intake.imports.models import ImportBatch, RowRemark
from tests.faults.programs import await_that
from tests.intake.tables import a_call, bad_calls, handed_in, unreadable_call, xlsx
from tests.intake.test_imports_kept import calls, registered
from tests.people import Ground
from zhongzhi.core import ciphers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "PIECE", 9)


def table() -> list[dict[str, Any]]:
    """Rows of all kinds, one of them twice, faulty ones, one with words nobody knows."""
    return [*calls(60), a_call(7), *bad_calls(), unreadable_call()]


def found(batch: ImportBatch) -> list[Any]:
    """What the check has found and kept."""
    batch.refresh_from_db()
    remarks = batch.remarks.values_list("row", "column", "message", "case")
    kept = [
        (piece.last_row, piece.against, ciphers.unseal(piece.sealed, aad=piece.aad)) for piece in batch.pieces.all()
    ]
    figures = (batch.state, batch.total_rows, batch.bad_rows, batch.repeat_rows)
    return [figures, sorted(remarks, key=str), kept, passes.preview_of(batch)]


def by_one(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    with monkeypatch.context() as here:
        here.setattr(second_reader, "LONG", 1000)
        return found(handed_in(ground, xlsx(table())))


def counted_questions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    answers: list[Any] = []
    answer = second_reader.SecondReader.answer

    def noted(self: Any) -> Any:
        answers.append(answer(self))
        return answers[-1]

    monkeypatch.setattr(second_reader.SecondReader, "answer", noted)
    return answers


def test_two_processes_find_and_keep_what_one_does(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, answers = by_one(ground, monkeypatch), counted_questions(monkeypatch)
    batch = handed_in(ground, xlsx(table()))
    assert found(batch) == alone
    assert len(answers) == 8
    assert None not in answers
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    done = registered(ground, batch)
    assert (done.state, done.new_cases, done.bad_rows, done.repeat_rows) == ("done", 61, 5, 1)


def test_rows_are_read_here_when_the_other_process_dies(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, answers = by_one(ground, monkeypatch), counted_questions(monkeypatch)
    ask, asked = second_reader.SecondReader.ask, []

    def shot(self: Any, rows: Any) -> None:
        asked.append(rows)
        if len(asked) == 4:
            os.kill(self._process.pid, signal.SIGKILL)
        ask(self, rows)

    monkeypatch.setattr(second_reader.SecondReader, "ask", shot)
    assert found(handed_in(ground, xlsx(table()))) == alone
    assert [bool(one) for one in answers] == [True, True, True, False, False, False, False, False]


def test_a_fault_of_ours_in_the_other_process_is_told_by_this_one(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> None:
        raise LookupError("here")

    monkeypatch.setattr(row_checks, "read_row", broken)
    batch = handed_in(ground, xlsx(table()))
    batch.refresh_from_db()
    assert (batch.state, batch.total_rows, batch.job.attempts) == ("checking", 0, 0)


def test_a_file_comes_slice_by_slice(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    file = xlsx(table())
    whole = file.read()
    file.seek(0)
    batch = handed_in(ground, file)
    assert not RowRemark.objects.filter(batch=batch, column=RowRemark.OF_TABLE).exists()
    for size in (len(whole), len(whole) // 2, len(whole) - 1, 700):
        monkeypatch.setattr(reading, "SLICE", size)
        kept = reading._file_of(batch)
        kept.seek(0)
        assert kept.read() == whole


def _ask_for_ever(line: Any) -> None:
    with second_reader.SecondReader(lambda rows: []) as second:
        line.send(second._process.pid)
        signal.pause()


def test_the_other_process_ends_with_the_one_that_asks(db: None) -> None:
    ours, theirs = second_reader.Copy.Pipe()
    asking = second_reader.Copy.Process(target=_ask_for_ever, args=(theirs,))
    asking.start()
    second = Path(f"/proc/{ours.recv()}")
    assert second.exists()
    asking.kill()
    asking.join()
    await_that(lambda: not second.exists() or process_is_dead(int(second.name)), "nobody asks any more")
