"""Test runs stand on real servers: the bundled ones, in a data folder of their own, unless others are named.

A pytest plugin, loaded early (`-p zhongzhi.embedded.testing`), so that settings find everything in place. The run
itself starts and stops the servers; parallel workers share them, each with its own database and Valkey number.
"""

import os
from pathlib import Path

import pytest

from devkit.servers import ROOT
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey

_started: list[Postgres | Valkey] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start what is needed before Django's settings are read."""
    os.environ.setdefault("ZHONGZHI_DATA", os.environ.get("ZHONGZHI_TEST_DATA") or str(ROOT / "var" / "test"))
    os.environ.setdefault("ZHONGZHI_MAKE_KEYS", "1")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        os.environ["ZHONGZHI_REDIS_DB"] = str(int(worker.removeprefix("gw")) + 1)
        return
    data = Path(os.environ["ZHONGZHI_DATA"])
    for server, variable in ((Postgres(data, fast=True), "DATABASE_URL"), (Valkey(data, fast=True), "REDIS_URL")):
        if not os.environ.get(variable) and not server.is_running():
            server.start()
            _started.append(server)


def pytest_unconfigure() -> None:
    """Stop what this run started."""
    while _started:
        _started.pop().stop()
