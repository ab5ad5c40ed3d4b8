"""The demo county in a browser: started in a data folder of its own, each page opened as one of its people."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from socket import socket

from playwright.sync_api import Browser, Page, sync_playwright

from devkit.servers import ROOT

DATA = ROOT / "build" / "pictures"
READY_WITHIN = 1200.0
"""Seconds: a demo county that is founded for the first time takes minutes on a slow machine."""
Size = tuple[int, int]


class NotReady(RuntimeError):
    """The demo county, or a browser, is not there."""


@dataclass
class DemoPages:
    """The running demo, and a browser before it."""

    address: str
    browser: Browser

    @contextmanager
    def page(self, username: str, path: str, size: Size) -> Iterator[Page]:
        """A page as somebody sees it on a screen of this size, at rest; nobody (empty) is a visitor."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=self.address, reduced_motion="reduce"
        )
        try:
            if username:
                cookie = {"name": "sessionid", "value": _session_of(username), "url": self.address}
                context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.set_default_timeout(30_000)
            page.goto(path)
            page.wait_for_load_state("networkidle")
            yield page
        finally:
            context.close()


@contextmanager
def open_demo() -> Iterator[DemoPages]:
    """The demo of the data folder (`ZHONGZHI_DATA`, by default one of its own below `build/`), stopped in the end."""
    chromium = os.environ.get("CHROMIUM") or which("chromium") or which("chromium-browser")
    if not chromium:
        raise NotReady("没有浏览器：请安装 chromium，或用 CHROMIUM 指明。")
    os.environ.setdefault("ZHONGZHI_DATA", str(DATA))
    with _demo() as address, sync_playwright() as playwright:
        _set_up_django()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield DemoPages(address, browser)
        finally:
            browser.close()


@contextmanager
def _demo() -> Iterator[str]:
    port = _free_port()
    log = Path(os.environ["ZHONGZHI_DATA"]) / "pictures.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [sys.executable, "-m", "devkit.screenshots.served"]
        program = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, env=os.environ | {"PORT": str(port)}
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait_for(address, program, log)
            yield address
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(60)


def _wait_for(address: str, program: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if program.poll() is not None:
            raise NotReady(log.read_text(errors="replace")[-2000:])
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise NotReady(f"演示系统没有在 {READY_WITHIN:.0f} 秒内就绪。")


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _set_up_django() -> None:
    """After the demo has written its keys and addresses: sessions are made in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread
    import django

    django.setup()


def _session_of(username: str) -> str:
    from django.test import Client

    from zhongzhi.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.cookies["sessionid"].value
