"""Keys: made once for the bundled servers, readable by their owner, never made where real data lies."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from zhongzhi import environment
from zhongzhi.environment import FILE, KEYS, SERVERS, fresh_keys

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARE = "from devkit import installation; installation.prepare(Path(sys.argv[1]))"
LOAD = "from zhongzhi import environment; environment.load(Path(sys.argv[1]))"
TELL = "import os; print(os.environ['HASH_KEY'])"


def started(folder: Path, *does: str, **given: str) -> subprocess.Popen[str]:
    bare = {name: value for name, value in os.environ.items() if name not in (*KEYS, *SERVERS)}
    return subprocess.Popen(
        [sys.executable, "-c", "; ".join(["import sys", "from pathlib import Path", *does]), str(folder)],
        cwd=ROOT,
        env=bare | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_they_are_made_once_even_by_several_at_once(tmp_path: Path) -> None:
    several = [started(tmp_path, PREPARE, LOAD, TELL) for _ in range(4)]
    keys = {program.communicate()[0] for program in several}
    assert len(keys) == 1 and keys != {""}
    assert started(tmp_path, LOAD, TELL).communicate()[0] in keys


def test_only_their_owner_reads_them(tmp_path: Path) -> None:
    started(tmp_path, PREPARE).communicate()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_new_addresses_of_the_servers_leave_the_keys_as_they_are(tmp_path: Path) -> None:
    environment.keep(tmp_path, {"DATABASE_URL": "postgres://old/x"})
    before = environment.read(tmp_path / FILE)
    environment.keep(tmp_path, {"DATABASE_URL": "postgres://new/x"})
    assert environment.read(tmp_path / FILE) == before | {"DATABASE_URL": "postgres://new/x"}
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_the_program_itself_makes_no_keys_and_says_what_is_missing(tmp_path: Path) -> None:
    program = started(tmp_path, LOAD, DATABASE_URL="postgres://x/y")
    said = program.communicate()[1]
    assert program.returncode != 0
    assert "缺少 SECRET_KEY、FIELD_KEYS、HASH_KEY、REDIS_URL" in said
    assert "make demo" in said
    assert not list(tmp_path.iterdir())


def test_keys_of_the_environment_are_taken_as_they_are(tmp_path: Path) -> None:
    started(tmp_path, PREPARE).communicate()
    given = fresh_keys()
    assert started(tmp_path, LOAD, TELL, **given).communicate()[0].strip() == given["HASH_KEY"]


@pytest.mark.parametrize("name", ["FIELD_KEYS", "HASH_KEY"])
def test_a_fresh_key_has_32_bytes(name: str) -> None:
    assert len(base64.b64decode(fresh_keys()[name].rpartition(":")[2])) == 32
