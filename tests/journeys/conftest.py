"""A real browser in front of a real server; console errors and failed requests are failures."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.test import Client, testcases
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.mediation import ways
from tests.people import Ground, make_ground
from zhongzhi.accounts.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the test's thread
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = os.environ.get("ZHONGZHI_SHOTS", "")
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
PATIENCE = 30_000
"""Milliseconds until a wait is a failure: machines that test are busy, and no test asserts on time."""
TRIES = 3
expect.set_options(timeout=PATIENCE / 2)
Login = Callable[..., Page]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert CHROMIUM, "install chromium, or name it in CHROMIUM (make browser does)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Underway:
    """Requests that the server's threads have begun and not ended."""

    def __init__(self) -> None:
        self._threads: list[int] = []
        self._changed = threading.Condition()

    def begin(self, **signal: object) -> None:
        """A request came in."""
        with self._changed:
            self._threads.append(threading.get_ident())

    def end(self, **signal: object) -> None:
        """Its answer was given."""
        with self._changed:
            if threading.get_ident() in self._threads:
                self._threads.remove(threading.get_ident())
            self._changed.notify_all()

    def wait(self) -> None:
        """Until none is left but those of this thread, which are the test's own."""
        with self._changed:
            over = self._changed.wait_for(lambda: set(self._threads) <= {threading.get_ident()}, PATIENCE / 1000)
            assert over, "the server still answers a page that was closed"


@pytest.fixture(autouse=True, scope="session")
def emptied_again() -> Iterator[None]:
    """What a page sends while it is closed may come when the tables are being emptied: PostgreSQL gives up one of two
    that wait for each other. Where it was the emptying, it is done again."""

    def patient(name: str, *args: Any, **options: Any) -> Any:
        for _ in range(TRIES - 1):
            with suppress(CommandError):
                return call_command(name, *args, **options)
        return call_command(name, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testcases, "call_command", patient)
        yield


@pytest.fixture(autouse=True)
def answered(transactional_db: None) -> Iterator[None]:
    """Tables are emptied after a test when what a closed page had asked is answered: both lock them."""
    underway = Underway()
    request_started.connect(underway.begin)
    request_finished.connect(underway.end)
    yield
    underway.wait()
    request_started.disconnect(underway.begin)
    request_finished.disconnect(underway.end)


@pytest.fixture
def town(transactional_db: None) -> Ground:
    """The ground, committed, so that the server's threads see it."""
    return make_ground()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: must be nothing in the end."""
    return []


@pytest.fixture
def sign_in(browser: Browser, live_server: object, town: Ground, complaints: list[str]) -> Iterator[Login]:
    """Open a page signed in as somebody."""
    contexts = []

    def open_as(user: User, path: str = "/", viewport: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(viewport=viewport, locale="zh-CN", base_url=str(live_server))  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": str(live_server)}])
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visit(browser: Browser, live_server: object, transactional_db: None) -> Iterator[Visit]:
    """Open a page as a visitor. Refusals are part of such stories: only faults of scripts are complaints."""
    contexts, faults = [], []

    def is_fault(message: ConsoleMessage) -> bool:
        ours = message.location["url"].startswith(str(live_server))
        return message.type == "error" and ours and "status of 4" not in message.text

    def open_page(path: str = "/", viewport: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(viewport=viewport, locale="zh-CN", base_url=str(live_server))  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: faults.append(m.text) if is_fault(m) else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def shot(page: Page, name: str) -> None:
    """Keep a picture where ZHONGZHI_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True, caret="initial")  # else it leaves styles behind


@pytest.fixture
def photo(tmp_path: Path) -> str:
    """A picture on the disk of whoever uploads it."""
    path = tmp_path / "界桩.jpg"
    path.write_bytes(ways.photo().read())
    return str(path)
