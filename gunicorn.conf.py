"""gunicorn reads this by itself. Each worker has so many threads (`WEB_THREADS`), of which some are kept free
(`zhongzhi/web/places.py`). Its workers write what they count of requests into one folder, made anew with every
master process, so that whichever worker is asked at /metrics answers for all of them.
"""

import os
import shutil
import tempfile
from typing import Any

NAME = "PROMETHEUS_MULTIPROC_DIR"
THREADS = "WEB_THREADS"
MARK = f"zhongzhi-metrics-{os.getpid()}-"

if os.environ.get("METRICS_TOKEN") and MARK not in os.environ.get(NAME, ""):
    os.environ[NAME] = tempfile.mkdtemp(prefix=MARK)

threads = int(os.environ.get(THREADS, "12"))


def on_starting(server: Any) -> None:
    """As many as were asked for on the command line count too."""
    os.environ[THREADS] = str(server.cfg.threads)


def child_exit(server: Any, worker: Any) -> None:
    """A worker has ended; what it counted stays."""
    if NAME in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """The master ends: its folder goes."""
    if MARK in os.environ.get(NAME, ""):
        shutil.rmtree(os.environ[NAME], ignore_errors=True)
