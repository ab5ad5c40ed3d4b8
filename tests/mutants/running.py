"""Trying one mutant: a fork of a warm process imports the changed module and runs the tests that must notice it.

Nothing on disk is changed: the changed tree is compiled in the fork, at the moment the module is imported. Each run has
a database of its own, copied from one that was made once; so no run can leave anything to the next.
"""

import ast
import importlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from devkit.servers import DATABASE
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey
from tests.mutants.mutators import Mutant, mutated
from tests.mutants.targets import ROOT

DATA = ROOT / "var" / "mutants"
COPY = f"test_{DATABASE}"
HEAVY = (
    "celery django django.contrib.postgres.fields django.test django_filters drf_spectacular docx "
    "docxtpl openpyxl xlsxwriter PIL.Image cryptography.hazmat.primitives.ciphers hypothesis.stateful time_machine "
    "pytest_django segno pypinyin holidays chinese_calendar redis psycopg2"
)
ARGUMENTS = ("-q", "-x", "-n", "0", "--no-header", "--tb=line", "-p", "no:cacheprovider", "--reuse-db")
SLOWEST = 15 * 60


@dataclass(frozen=True)
class Outcome:
    """What a run came to: whether the tests noticed, which one, and how long it took."""

    killed: bool
    by: str
    seconds: float


class Ground:
    """The servers and the database that runs are copied from."""

    def __init__(self) -> None:
        os.environ["ZHONGZHI_TEST_DATA"] = os.environ["ZHONGZHI_DATA"] = str(DATA)
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
        self.postgres, self.valkey = Postgres(DATA, fast=True), Valkey(DATA, fast=True)
        self.template = f"mutants_{_of_what_is_loaded()}"

    def __enter__(self) -> "Ground":
        self.postgres.start()
        self.valkey.start()
        for name in HEAVY.split():
            importlib.import_module(name)
        self._make_template()
        return self

    def __exit__(self, *_: object) -> None:
        self.postgres.stop()
        self.valkey.stop()

    def try_out(self, tests: Sequence[str], mutant: Mutant | None = None) -> Outcome:
        """Run tests against a mutant, or against the program as it is."""
        if not all("/core/" in test for test in tests):
            self.postgres.psql(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
            self.postgres.psql(f"CREATE DATABASE {COPY} TEMPLATE {self.template}")
        return _forked(tests, mutant)

    def _make_template(self) -> None:
        """Make the database that runs are copied from, unless there is one of these migrations and tables already."""
        if self.postgres.psql(f"SELECT 1 FROM pg_database WHERE datname = '{self.template}'"):
            return
        self.postgres.psql(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
        made = _forked(["tests/grids/test_scope.py"], None)
        assert not made.killed, f"the tests do not pass as they are: {made.by}"
        self.postgres.psql(f"ALTER DATABASE {COPY} RENAME TO {self.template}")


def _of_what_is_loaded() -> str:
    """What tells two states of the tables apart: migrations, and the files that reference data are loaded from."""
    digest = sha256()
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py"), *ROOT.glob("data/*")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _forked(tests: Sequence[str], mutant: Mutant | None) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = os.fork()
        if not child:
            _run(tests, mutant, said.fileno())
        status = _waited_for(child, began)
        said.seek(0)
        return Outcome(status != 0, _noticed_by(said.read(), status), round(time.monotonic() - began, 1))


def _run(tests: Sequence[str], mutant: Mutant | None, said: int) -> None:
    """In the fork: never returns."""
    code: Any = 70
    try:
        os.setsid()
        os.dup2(said, 1)
        os.dup2(said, 2)
        if mutant is not None:
            _import_changed(mutant)
        import pytest

        code = pytest.main([*ARGUMENTS, *tests])
    finally:
        sys.stdout.flush()
        os._exit(int(code))


def _import_changed(mutant: Mutant) -> None:
    path, as_it_is = ROOT / mutant.path, SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if Path(self.path) != path:
            return as_it_is(self, fullname)
        tree: ast.Module = mutated(path.read_text(encoding="utf-8"), mutant)
        return compile(tree, str(path), "exec")

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def _waited_for(child: int, began: float) -> int:
    """The exit code of the fork; one that does not come to an end is ended, and has been noticed."""
    while time.monotonic() - began < SLOWEST:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def _noticed_by(text: str, status: int) -> str:
    if not status:
        return ""
    lines = [line for line in text.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (
        lines[0].split(" - ")[0] if lines else f"exit {status}: {text.strip().splitlines()[-1][:200] if text else ''}"
    )
