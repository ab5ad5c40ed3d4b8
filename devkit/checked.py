"""Run a command with the environment of a real installation, for checks that look at the settings.

`python -m zhongzhi.embedded.checked manage.py check --deploy`: HTTPS, keys of its own, the test servers' addresses.
"""

import os
import sys
import tempfile

from zhongzhi import environment as secrets


def run(arguments: list[str]) -> None:
    """Become the command; nothing is kept."""
    keys = secrets.fresh()
    values = {**keys, "HTTPS": "1", "ALLOWED_HOSTS": "zz.example", "ZHONGZHI_DATA": tempfile.mkdtemp()}
    os.execvpe(sys.executable, [sys.executable, *arguments], {**os.environ, **values})  # noqa: S606 - our own command


if __name__ == "__main__":
    run(sys.argv[1:])
