"""The development server as a developer uses it: toolbar on the pages, reload after a change, one Ctrl-C for all."""

import os
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.test_documented_commands import NOT_CLONED
from tests.faults.programs import await_that
from tests.faults.test_demo import ROOT, Demo, free_port, still_running

pytestmark = pytest.mark.faults


@pytest.fixture
def checkout() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chmod(name, 0o711)
        yield Path(shutil.copytree(ROOT, Path(name).resolve() / "zhongzhi", ignore=NOT_CLONED))


def test_pages_carry_the_toolbar_and_a_change_restarts_what_works_in_the_background(checkout: Path) -> None:
    data = checkout / "var"
    server = Demo(data, free_port(), checkout, "devkit.development")
    server.wait_until_ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/login/", timeout=30) as page:
        assert "djDebug" in page.read().decode()
    await_that(lambda: server.asked("/readyz") == 200, "beat and worker have come up")
    (checkout / "intake" / "tasks.py").touch()
    server.wait_for("代码有改动，已重新启动：后台任务、定时调度")
    assert "已停止" in server.stop()
    assert server.process.returncode == 0
    assert still_running(data) == []
