"""gunicorn reads this by itself. Its workers write what they count of requests into one folder, made anew with every
master process, so that whichever worker is asked at /metrics answers for all of them.
"""

import os
import shutil
import tempfile
from typing import Any

NAME = "PROMETHEUS_MULTIPROC_DIR"
MARK = f"zhongzhi-metrics-{os.getpid()}-"

if os.environ.get("METRICS_TOKEN") and MARK not in os.environ.get(NAME, ""):
    os.environ[NAME] = tempfile.mkdtemp(prefix=MARK)


def child_exit(server: Any, worker: Any) -> None:
    """A worker has ended; what it counted stays."""
    if NAME in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """The master ends: its folder goes."""
    if MARK in os.environ.get(NAME, ""):
        shutil.rmtree(os.environ[NAME], ignore_errors=True)
