"""Test runs stand on real servers: the bundled ones, in a data folder of their own, unless others are named.

A pytest plugin, loaded early (`-p devkit.testing`), so that settings find everything in place. The run itself starts
and stops the servers; parallel workers share them, each with its own database and Valkey number.
"""

import os
from pathlib import Path

import pytest

from devkit import installation
from devkit.servers import ROOT, redis_url

_started: list[installation.Server] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start what is needed before Django's settings are read."""
    os.environ.setdefault("ZHONGZHI_DATA", os.environ.get("ZHONGZHI_TEST_DATA") or str(ROOT / "var" / "test"))
    data = Path(os.environ["ZHONGZHI_DATA"]).resolve()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        installation.prepare(data)
        for server in installation.own_servers(data, fast=True):
            if not server.is_running():
                server.start()
                _started.append(server)
    if os.environ.get("REDIS_URL") in (None, "", redis_url(data)):  # a worker finds what the run itself has set
        number = int(worker.removeprefix("gw")) + 1 if worker else 0
        os.environ["REDIS_URL"] = redis_url(data, number)


def pytest_unconfigure() -> None:
    """Stop what this run started."""
    while _started:
        _started.pop().stop()
