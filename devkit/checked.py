"""Run a command with the environment of a real installation, for checks that look at the settings.

`python -m devkit.checked manage.py check --deploy`: HTTPS, keys of its own, addresses where nothing listens.
"""

import os
import sys
import tempfile
from pathlib import Path

from devkit.servers import database_url, redis_url
from zhongzhi.environment import fresh_keys


def run(arguments: list[str]) -> None:
    """Become the command; nothing is kept."""
    nowhere = Path(tempfile.mkdtemp())
    servers = {"DATABASE_URL": database_url(nowhere), "REDIS_URL": redis_url(nowhere)}
    values = {"HTTPS": "1", "ALLOWED_HOSTS": "zz.example", "ZHONGZHI_DATA": str(nowhere)}
    whole = {**os.environ, **fresh_keys(), **servers, **values}
    os.execvpe(sys.executable, [sys.executable, *arguments], whole)  # noqa: S606 - our own command


if __name__ == "__main__":
    run(sys.argv[1:])
