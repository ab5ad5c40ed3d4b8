"""The demo on one command: bundled servers, tables, demo county, web, worker and beat, until Ctrl-C.

`make dev` stands on the same ground with other programs (`devkit.development`).
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from devkit import assets, installation
from devkit.servers import ROOT, listens
from devkit.servers.postgres import ServerFailed
from devkit.servers.processes import KeepsDying, Program
from zhongzhi import environment

READY_WITHIN = 180.0


@dataclass(frozen=True)
class Place:
    """Where the demo lives and listens."""

    data: Path
    host: str
    port: int

    @property
    def address(self) -> str:
        """What to type into the browser."""
        return f"http://{self.host}:{self.port}/"

    @property
    def host_names(self) -> dict[str, str]:
        """The environment in which the pages answer to these names."""
        return {"ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{self.host}")}


LookAfter = Callable[[list[Program]], None]


class StopAsked(Exception):
    """Ctrl-C, or a SIGTERM."""


def run(choose: Callable[[Place], list[Program]] | None = None, look_after: LookAfter | None = None) -> int:
    """Set everything up, keep it running, and stop all of it in the end; the exit code.

    `choose` names the programs, the pages first; `look_after` is called twice a second with them.
    """
    choose, look_after = choose or served_programs, look_after or revive
    place = Place(environment.data_dir(), os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
    begun = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    with ExitStack() as stack:
        try:
            stack.enter_context(_only_one(place))
            _require_free(place)
            own = _set_up(place, stack)
            programs = choose(place)
            stack.callback(_stop_all, programs)
            programs[0].start()
            _wait_until_ready(place, programs[:1], look_after)
            for program in programs[1:]:
                program.start()
            _announce(place, time.monotonic() - begun)
            _keep(programs, own, look_after)
        except StopAsked:
            say("\n正在停止……（再按一次 Ctrl-C 立即结束）")
            return 0
        except KeyboardInterrupt:
            return 130
        except (KeepsDying, ServerFailed, AlreadyRunning) as error:
            say(str(error))
            return 1
    return 0


class AlreadyRunning(RuntimeError):
    """Another demo holds the data folder, or somebody the port."""


def say(text: str) -> None:
    """Tell the person at the terminal, at once."""
    print(text, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    raise StopAsked


@contextmanager
def _only_one(place: Place) -> Iterator[None]:
    """Hold the data folder for ourselves; who comes second is told where the first one is."""
    place.data.mkdir(parents=True, exist_ok=True)
    with (place.data / "demo.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(f"演示系统已在运行：{file.read().strip()}") from None
        file.truncate(0)
        file.write(place.address)
        file.flush()
        yield


def _require_free(place: Place) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError:
            raise AlreadyRunning(f"端口 {place.port} 已被占用。请换一个端口，例如：PORT=8001 make demo") from None


def _set_up(place: Place, stack: ExitStack) -> list[installation.Server]:
    """Servers and front-end packages side by side, then tables, county and static files in one process; the servers
    that are ours."""
    installation.prepare(place.data)
    own = installation.own_servers(place.data)
    say(f"[1/3] 准备{'内置数据库、消息队列和' if own else ''}前端资源")
    with ThreadPoolExecutor() as pool:
        building = pool.submit(assets.build)
        for server in own:
            stack.callback(server.stop)
            server.start()
        building.result()
    say("[2/3] 准备数据表、演示旗县和静态文件")
    prepared = subprocess.run([sys.executable, "-m", "devkit", "prepare_demo"], cwd=ROOT, check=False)
    if prepared.returncode:
        raise ServerFailed("准备数据失败，原因见上。")
    say("[3/3] 启动网页、后台任务和定时调度")
    return own


def served_programs(place: Place) -> list[Program]:
    """The programs of the demo, as an installation runs them."""
    here = f"{place.host}:{place.port}"
    web = [sys.executable, "-m", "gunicorn", "zhongzhi.wsgi:application", "--bind", here, "--chdir", str(ROOT)]
    workers = ["--workers", "2", "--timeout", "60"]
    log = place.data / "log" / "web.log"
    return [Program("网页服务", [*web, *workers], log, place.host_names), *background_programs(place)]


def background_programs(place: Place) -> list[Program]:
    """Worker and beat."""
    logs = place.data / "log"
    celery = [sys.executable, "-m", "celery", "--workdir", str(ROOT), "-A", "zhongzhi"]
    return [
        Program("后台任务", [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"], logs / "worker.log"),
        Program(
            "定时调度",
            [*celery, "beat", "--schedule", str(place.data / "beat-schedule"), "--pidfile=", "--loglevel", "WARNING"],
            logs / "beat.log",
        ),
    ]


def _wait_until_ready(place: Place, programs: list[Program], look_after: LookAfter) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(place):
        look_after(programs)
        if time.monotonic() > deadline:
            raise KeepsDying(f"网页服务没有在 {READY_WITHIN:.0f} 秒内就绪。\n{programs[0].last_words()}")
        time.sleep(0.1)


def _answers(place: Place) -> bool:
    try:
        with urllib.request.urlopen(f"{place.address}healthz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(place: Place, seconds: float) -> None:
    say(f"\n已就绪（用时 {seconds:.0f} 秒）。请用浏览器打开：{place.address}")
    say("各岗位账号的密码只在首次启动时显示；接口说明：" + place.address + "api/v1/docs/")
    say(f"数据保存在 {place.data}，日志在 {place.data / 'log'}。按 Ctrl-C 停止。")


def _keep(programs: list[Program], own: list[installation.Server], look_after: LookAfter) -> None:
    while True:
        _revive_servers(own)
        look_after(programs)
        time.sleep(0.5)


def _revive_servers(own: list[installation.Server]) -> None:
    """Start bundled servers again that have died; what cannot be started now is tried again the next time."""
    for server in own:
        if not listens(server.socket):
            say(f"{server.name}意外退出，正在重新启动。")
            try:
                server.start()
            except (ServerFailed, subprocess.CalledProcessError) as error:
                say(str(error))
            else:
                say(f"{server.name}已重新启动。")


def revive(programs: list[Program]) -> None:
    """Start again what has died, each when its wait is over; the others are looked after meanwhile."""
    for program in programs:
        if program.is_running():
            continue
        if program.again_at is None:
            wait = program.revive()
            say(f"{program.name}意外退出，{wait:.0f} 秒后重新启动。")
        elif time.monotonic() >= program.again_at:
            program.start()


def _stop_all(programs: list[Program]) -> None:
    """The clock first, then who works for it, then the pages."""
    try:
        for program in reversed(programs):
            program.stop()
    except KeyboardInterrupt:
        for program in programs:
            program.stop(patience=0)
    say("网页、后台任务和定时调度已停止。")
