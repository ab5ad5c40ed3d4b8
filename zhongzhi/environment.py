"""The environment of an installation: its keys, its database and its queue.

Every value that differs between places comes from the environment of the process. What is not set there is taken from
one file in the data folder (`installation.env`, readable by its owner only), which the demo and the tests write, so
that every `manage.py` command of the same checkout finds the same servers and keys.

`python -m zhongzhi.environment` prints a fresh set of keys.
"""

import base64
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from zhongzhi.core.sm2 import fresh_key

ROOT = Path(__file__).resolve().parent.parent
FILE = "installation.env"
KEYS = ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY")
SERVERS = ("DATABASE_URL", "REDIS_URL")


def data_dir() -> Path:
    """Where the data of this installation lies: `ZHONGZHI_DATA`, by default `var` beside the code."""
    return Path(os.environ.get("ZHONGZHI_DATA") or ROOT / "var").resolve()


def load(data: Path) -> None:
    """Put what is missing into the environment, from the data folder's file.

    Nothing is ever made here: a lost key is lost data. Exits with a message that names what is missing.
    """
    file = data / FILE
    for name, value in (read(file) if file.exists() else {}).items():
        os.environ.setdefault(name, value)
    if missing := [name for name in (*KEYS, *SERVERS) if not os.environ.get(name)]:
        sys.exit(
            f"缺少 {'、'.join(missing)}。正式环境请写入环境变量（docs/operations.md）：密钥用 python -m"
            " zhongzhi.environment 生成并妥善备份，丢失后已加密的数据无法恢复。演示环境请先运行 make demo。"
        )


def fresh_keys() -> dict[str, str]:
    """New keys.

    Django's, the field key `k1`, the key of hashes and trail (32 random bytes each), the pair that signs.
    """
    field, hashing = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    made = {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": f"k1:{field}", "HASH_KEY": hashing}
    return made | {"SIGNING_KEYS": f"s1:{fresh_key()}"}


def read(file: Path) -> dict[str, str]:
    """Names and values of the file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def keep(data: Path, servers: Mapping[str, str]) -> None:
    """Write the data folder's file: keys made once and kept, servers as given.

    Of several that write the first file at once one wins, and all others take its keys.
    """
    file = data / FILE
    data.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        _link(_written(data, fresh_keys() | dict(servers)), file)
    known = read(file)
    wanted = {"SIGNING_KEYS": f"s1:{fresh_key()}"} | known | dict(servers)
    if wanted != known:
        _written(data, wanted).replace(file)


def _link(new: Path, file: Path) -> None:
    """Give a written file its name, unless somebody else was faster."""
    try:
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()


def _written(data: Path, values: Mapping[str, str]) -> Path:
    """A file with these values that its owner alone can read, safe on the disk."""
    handle, name = tempfile.mkstemp(dir=data)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.writelines(f"{key}={value}\n" for key, value in values.items())
        out.flush()
        os.fsync(out.fileno())
    return Path(name)


if __name__ == "__main__":
    for key, value in fresh_keys().items():
        print(f"{key}={value}")
