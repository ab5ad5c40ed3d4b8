"""The demo as a person starts it: ready, refused a second time, stopped by Ctrl-C, found again."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.servers import socket_dir
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey
from tests.faults.programs import await_that
from zhongzhi.environment import KEYS, SERVERS

pytestmark = pytest.mark.faults
ROOT = Path(__file__).resolve().parent.parent.parent
OWN = ("ZHONGZHI_DATA", *KEYS, *SERVERS)
PASSWORD = re.compile(r"^  chuangkou\s+\S+", re.M)


class Demo:
    """One start of the demo."""

    def __init__(self, data: Path, port: int, checkout: Path = ROOT, module: str = "devkit.demo") -> None:
        bare = {name: value for name, value in os.environ.items() if name not in OWN}
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=checkout,
            env=bare | {"ZHONGZHI_DATA": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_until_ready(self) -> None:
        self.wait_for("已就绪")

    def wait_for(self, words: str) -> None:
        """Read on until it says this."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(self.said)

    def asked(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def stop(self) -> str:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        rest = self.process.communicate(timeout=60)[0]
        self.said += rest
        return self.said


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chmod(name, 0o711)
        yield Path(name).resolve()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def still_running(data: Path) -> list[str]:
    """Command lines that name the data folder or its sockets."""
    marks = (str(data), str(socket_dir(data)))
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if any(mark in line for mark in marks):
            found.append(line)
    return found


def test_started_refused_twice_stopped_and_found_again(data: Path) -> None:
    port = free_port()
    first = Demo(data, port)
    first.wait_until_ready()
    assert PASSWORD.search(first.said)
    await_that(lambda: first.asked("/readyz") == 200, "beat and worker have come up")
    assert (first.asked("/healthz"), first.asked("/login/")) == (200, 200)
    second = Demo(data, free_port())
    assert "演示系统已在运行" in second.process.communicate(timeout=60)[0]
    assert second.process.returncode == 1
    assert first.asked("/healthz") == 200
    assert "已停止" in first.stop()
    assert first.process.returncode == 0
    assert still_running(data) == []
    again = Demo(data, port)
    again.wait_until_ready()
    assert "账号：均已存在" in again.said
    assert not PASSWORD.search(again.said)
    again.stop()


def test_killed_outright_the_next_start_goes_on(data: Path) -> None:
    first = Demo(data, free_port())
    first.wait_until_ready()
    first.process.kill()
    first.process.wait()
    end = time.monotonic() + 30
    while any("gunicorn" in line or "celery" in line for line in still_running(data)) and time.monotonic() < end:
        time.sleep(0.1)
    again = Demo(data, free_port())
    again.wait_until_ready()
    await_that(lambda: again.asked("/readyz") == 200, "beat and worker have come up")
    again.stop()
    assert still_running(data) == []


def test_servers_that_are_killed_are_started_again_and_told(data: Path) -> None:
    demo = Demo(data, free_port())
    demo.wait_until_ready()
    postgres, valkey = Postgres(data), Valkey(data)
    os.kill(int((postgres.folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    demo.wait_for("内置数据库意外退出")
    demo.wait_for("内置数据库已重新启动")
    os.kill(int(valkey.pid_file.read_text()), signal.SIGKILL)
    demo.wait_for("内置消息队列意外退出")
    demo.wait_for("内置消息队列已重新启动")
    await_that(lambda: demo.asked("/readyz") == 200, "all is well again")
    demo.stop()
    assert still_running(data) == []


def test_a_port_that_is_taken_is_named_before_anything_starts(data: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = int(holder.getsockname()[1])
        demo = Demo(data, port)
        said = demo.process.communicate(timeout=60)[0]
    assert (demo.process.returncode, f"端口 {port} 已被占用" in said) == (1, True)
    assert still_running(data) == []
