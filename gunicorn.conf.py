"""gunicorn reads this by itself. Each worker has so many threads (`WEB_THREADS`), of which some are kept free
(`zhongzhi/web/kept_threads.py`). Its workers write what they count of requests into one folder, made anew with every
master process, so that whichever worker is asked at /metrics answers for all of them. Packages that know nothing of the
program are loaded by the master, and shared by its workers.
"""

import ctypes
import gc
import importlib
import os
import shutil
import signal
import tempfile
from typing import Any

NAME = "PROMETHEUS_MULTIPROC_DIR"
PR_SET_PDEATHSIG = 1
THREADS = "WEB_THREADS"
MARK = f"zhongzhi-metrics-{os.getpid()}-"

if os.environ.get("METRICS_TOKEN") and MARK not in os.environ.get(NAME, ""):
    os.environ[NAME] = tempfile.mkdtemp(prefix=MARK)

threads = int(os.environ.get(THREADS, "20"))


SHARED = (
    "boto3", "cryptography.hazmat.primitives.ciphers.aead", "django.db", "django.template", "docx", "jinja2",
    "jsonschema", "lxml.etree", "openpyxl", "psycopg2.extras", "pypdf", "pypinyin", "redis", "typst", "webauthn",
    "xlsxwriter",
)  # fmt: skip
"""120 MB that each worker would hold for itself, and with the tables of characters (below) 150. Nothing that reads the
settings: a new worker takes new ones (HUP)."""


def on_starting(server: Any) -> None:
    """As many threads as were asked for on the command line count too. What is loaded here stays as it is: pages that
    Python's search for garbage writes to would be copied by every worker."""
    os.environ[THREADS] = str(server.cfg.threads)
    for name in SHARED:
        importlib.import_module(name)
    for spelled in importlib.import_module("zhongzhi.core.han").spellings("综治中心"):
        importlib.import_module("zhongzhi.core.pinyin").initials(spelled)
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """On Linux: a worker ends with its master. Left behind it would hold the port while it still loads the program,
    and no other master could listen."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def child_exit(server: Any, worker: Any) -> None:
    """A worker has ended; what it counted stays."""
    if NAME in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """The master ends: its folder goes."""
    if MARK in os.environ.get(NAME, ""):
        shutil.rmtree(os.environ[NAME], ignore_errors=True)
