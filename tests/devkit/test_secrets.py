"""Keys: made once, readable by their owner, never made silently where real data lies."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from zhongzhi import environment as secrets

LOAD = "import sys; from pathlib import Path; from zhongzhi.embedded import secrets; secrets.load(Path(sys.argv[1]))"
LOAD += "; import os; print(os.environ['HASH_KEY'])"
ROOT = Path(__file__).resolve().parent.parent.parent


def started(folder: Path, **environment: str) -> subprocess.Popen[str]:
    bare = {name: value for name, value in os.environ.items() if name not in (*secrets.NAMES, "ZHONGZHI_MAKE_KEYS")}
    bare.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-c", LOAD, str(folder)],
        cwd=ROOT,
        env=bare | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_they_are_made_once_even_by_two_at_once(tmp_path: Path) -> None:
    both = [started(tmp_path) for _ in range(4)]
    keys = {program.communicate()[0] for program in both}
    assert len(keys) == 1
    assert started(tmp_path).communicate()[0] in keys


def test_only_their_owner_reads_them(tmp_path: Path) -> None:
    started(tmp_path).communicate()
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]


def test_with_a_database_of_ones_own_none_is_made_silently(tmp_path: Path) -> None:
    program = started(tmp_path, DATABASE_URL="postgres://x/y")
    said = program.communicate()[1]
    assert program.returncode != 0
    assert "缺少密钥 SECRET_KEY、FIELD_KEYS、HASH_KEY" in said
    assert not list(tmp_path.iterdir())


def test_keys_of_the_environment_are_taken_as_they_are(tmp_path: Path) -> None:
    given = secrets.fresh()
    assert started(tmp_path, **given).communicate()[0].strip() == given["HASH_KEY"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["FIELD_KEYS", "HASH_KEY"])
def test_a_fresh_key_has_32_bytes(name: str) -> None:
    assert len(base64.b64decode(secrets.fresh()[name].rpartition(":")[2])) == 32
