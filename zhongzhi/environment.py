"""Keys of an installation: made at the first start of the bundled servers, given by the environment else."""

import base64
import os
import secrets
import sys
import tempfile
from pathlib import Path

NAMES = ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY")
FILE = "secrets.env"


def fresh() -> dict[str, str]:
    """New keys: Django's, the field key `k1`, and the key of hashes and trail (32 random bytes each)."""
    field, hashing = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    return {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": f"k1:{field}", "HASH_KEY": hashing}


def load(data: Path) -> None:
    """Put the keys into the environment where they are not set, from the data folder's file.

    The file is made at the first start, readable by its owner only. With a database of one's own (DATABASE_URL)
    no key is ever made silently: a lost key is lost data. Exits with a message then.
    """
    missing = [name for name in NAMES if not os.environ.get(name)]
    if not missing:
        return
    file = data / FILE
    if not file.exists() and os.environ.get("DATABASE_URL") and not os.environ.get("ZHONGZHI_MAKE_KEYS"):
        sys.exit(
            f"缺少密钥 {'、'.join(missing)}。请用 python -m zhongzhi.embedded.secrets 生成后写入环境变量并妥善备份；"
            "密钥丢失后，已加密的数据无法恢复。"
        )
    kept = _read(file) if file.exists() else _make(file)
    for name in missing:
        os.environ[name] = kept[name]


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _make(file: Path) -> dict[str, str]:
    """Write the file whole or not at all; who comes second takes what the first has written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.writelines(f"{key}={value}\n" for key, value in fresh().items())
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
    return _read(file)


if __name__ == "__main__":
    for key, value in fresh().items():
        print(f"{key}={value}")
