"""What dies is started again after a wait, and given up only where it dies again and again as soon as it starts."""

import sys
from pathlib import Path

import pytest

from devkit.servers.processes import SETTLED, TRIES, KeepsDying, Program


def test_the_wait_doubles_and_ends_in_giving_up(tmp_path: Path) -> None:
    program = Program("程序", [sys.executable, "-c", "print('last words')"], tmp_path / "log")
    program.start()
    assert program.process is not None
    program.process.wait()
    assert [program.revive() for _ in range(TRIES - 1)] == [1, 2, 4, 8]
    with pytest.raises(KeepsDying, match="last words"):
        program.revive()


def test_what_had_worked_for_a_while_is_never_given_up(tmp_path: Path) -> None:
    program = Program("程序", [sys.executable, "-c", ""], tmp_path / "log")
    program.start()
    for _ in range(2 * TRIES):
        program.started_at -= 2 * SETTLED
        assert program.revive() == 1
    program.stop()
