"""The commands of the documents work as they are written, in a fresh checkout after the demo was started there."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from tests.docs.commands import ROOT, Command, commands, languages
from tests.faults.test_demo import OWN, Demo, free_port, still_running

NOT_CLONED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
SERVER = "a server: the demo starts it and keeps it running"
INSTALLS = "installs packages into the environment that the test itself runs in"
REAL = "needs Docker"
OWN_RUN = "a run of .ci/run by itself"
NOT_RUN = {
    "make demo": SERVER,
    "PORT=8001 make demo": SERVER,
    "ZHONGZHI_DATA=/path make demo": SERVER,
    ".venv/bin/python -m devkit.demo": SERVER,
    "gunicorn zhongzhi.wsgi:application --workers 4": SERVER,
    "celery -A zhongzhi worker": SERVER,
    "celery -A zhongzhi beat": SERVER,
    ". .venv/bin/activate": "the test's shells have the environment in their PATH",
    "python3 -m venv .venv && .venv/bin/pip install --require-hashes -r requirements-dev.lock": INSTALLS,
    "pip install --require-hashes -r requirements-dev.lock": INSTALLS,
    "pip install --require-hashes -r requirements.lock": INSTALLS,
    "make lock": "asks the package index for newer versions and rewrites the lock files",
    "make dev": SERVER + ", with reload and debug toolbar",
    "make fast": "runs tests: tests/devkit/test_changed_tests.py has what it chooses",
    "make test": OWN_RUN,
    "make check": OWN_RUN,
    "make js": OWN_RUN + ", within make check",
    "make browser": OWN_RUN,
    "make chaos": "an hour of kills: tests/faults/chaos/test_sample.py has three minutes of it",
    "make load": "wants a quiet machine: tests/devkit/test_load.py has its parts",
    "make faults": OWN_RUN + ", this one",
    "make nodes": OWN_RUN,
    "make handbook": "draws every page of the handbook in a browser",
    "make pages": "walks every page in a browser",
    "make papers": OWN_RUN,
    "make clients": OWN_RUN,
    "make contract": OWN_RUN,
    "make coverage": "runs all tests once more",
    "make walk": "walks at random for many minutes",
    "make mutants": "changes modules and runs their tests for hours",
    "make format": "rewrites files of the checkout",
    "make hooks": "writes into .git",
    "make bench": "measures for many minutes",
    "python -m devkit.benchmarks --write": "measures for many minutes, and writes docs/benchmarks.md",
    "python -m devkit simulate_sweeps": "a month of a county: tests/faults/test_simulation.py runs a short one",
    "python -m devkit simulate_year": "a year of a county: tests/devkit/test_year.py runs some months",
    "docker compose up -d": REAL,
    "docker compose exec web python manage.py set_up --county 150526": REAL,
    "docker compose stop web worker beat": REAL,
    "docker compose run --rm --no-deps web python manage.py restore /data/backups/zhongzhi-….tar": REAL,
    "python manage.py set_up --county 150526 --system-admin 周工 --security-admin 吴工 --auditor 郑工"
    " --manager 李建国:lijianguo": "into an empty database: tests/workbench/test_set_up.py",
    "python manage.py grant_program --role zhongzhi": "wants two roles: tests/audit/test_tampering.py makes them",
    "python manage.py restore zhongzhi-20261124-020000.tar": "into an empty database: tests/operations has the drill",
    "python manage.py restore zhongzhi-20261124-020000.tar --replace": "gives up what the demo holds",
}
PATIENCE = 600


def to_run() -> list[Command]:
    return [command for command in commands() if command.text not in NOT_RUN]


def scripts() -> list[str]:
    """What is typed into one shell, each once, in the order of the documents."""
    blocks = groupby(to_run(), key=lambda command: (command.document, command.block))
    return list(dict.fromkeys("\n".join(command.text for command in block) for _, block in blocks))


def test_every_command_is_run_or_stands_in_the_list_of_those_that_cannot_be() -> None:
    written = {command.text for command in commands()}
    assert len(to_run()) > 20
    assert [text for text in NOT_RUN if text not in written] == []
    unready = [text for text in written - set(NOT_RUN) if "…" in text or not text.startswith(("python ", "TOKEN="))]
    assert unready == [], "neither runnable as it is written nor listed with a reason"


def test_blocks_say_what_they_are_written_in_so_that_none_is_passed_over() -> None:
    assert languages() <= {"sh", "crontab", "yaml", "json", "text", "python", "html", "sql"}


@pytest.fixture(scope="module")
def clone() -> Iterator[Path]:
    """A copy of the checkout in which somebody has started the demo and looks at it."""
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chmod(name, 0o711)
        folder = Path(name).resolve() / "zhongzhi"
        shutil.copytree(ROOT, folder, ignore=NOT_CLONED)
        demo = Demo(folder / "var", free_port(), checkout=folder)
        demo.wait_until_ready()
        yield folder
        demo.stop()
        assert still_running(folder / "var") == []


@pytest.mark.faults
def test_commands_that_end_work_as_they_are_written(clone: Path) -> None:
    failed = {}
    for script in scripts():
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=clone,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            failed[script] = (done.stdout + done.stderr)[-2000:]
    assert failed == {}


def plain_environment() -> dict[str, str]:
    """The shell of somebody who has put the environment on and knows nothing of where the demo's data lie."""
    bare = {name: value for name, value in os.environ.items() if name not in (*OWN, "POSTGRES_PROGRAMS")}
    return bare | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{bare['PATH']}"}
