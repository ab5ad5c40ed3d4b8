"""Text messages by HTTP: what the gateway is told, what counts as taken, and that nothing is lost or sent as new."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.utils import timezone
from pytest_django import Settings

from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import deliver_due, post, post_text_message
from zhongzhi.notices.models import Notice, OutboxMessage

pytestmark = pytest.mark.django_db
NUMBER, WORDS = "13847500001", "您的调解定于明日九时。{id}"


@dataclass
class Gateway:
    """A gateway of our own: answers what it is told to, and keeps what it was sent."""

    address: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    hold: threading.Event | None = None


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    told = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append((self.path, {name.lower(): v for name, v in self.headers.items()}, body))
            if told.hold:
                told.hold.wait(20)
            status, words = told.answers.pop(0) if told.answers else (200, b"{}")
            self.send_response(status)
            if status == 302:
                self.send_header("Location", told.address)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}/send?v=1"
    settings.TEXT_MESSAGE_URL, settings.TEXT_MESSAGE_TOKEN = told.address, "secret"
    yield told
    if told.hold:
        told.hold.set()
    server.shutdown()
    server.server_close()


def again(minutes: int = 10) -> int:
    return deliver_due(timezone.now() + timedelta(minutes=minutes))


def test_the_gateway_is_told_number_words_and_one_key(gateway: Gateway) -> None:
    post_text_message(NUMBER, WORDS, key="session:1")
    assert deliver_due(timezone.now()) == 1
    path, headers, body = gateway.asked[0]
    assert path == "/send?v=1"
    assert headers["authorization"] == "Bearer secret"
    assert body == {"to": NUMBER, "text": WORDS, "id": headers["idempotency-key"]}
    assert again() == 0
    assert len(gateway.asked) == 1


def test_the_template_has_the_gateways_own_shape(gateway: Gateway, settings: Settings) -> None:
    settings.TEXT_MESSAGE_TEMPLATE = '{"phones": ["{to}"], "content": "【综治中心】{text}", "type": 1}'
    settings.TEXT_MESSAGE_TOKEN = ""
    post_text_message(NUMBER, "明日九时", key="1")
    deliver_due(timezone.now())
    assert gateway.asked[0][2] == {"phones": [NUMBER], "content": "【综治中心】明日九时", "type": 1}
    assert "authorization" not in gateway.asked[0][1]


@pytest.mark.parametrize("answer", [(500, b""), (429, b""), (401, b"{}"), (302, b""), (400, b"{}")])
def test_what_is_not_taken_is_sent_again_under_the_same_key(answer: tuple[int, bytes], gateway: Gateway) -> None:
    gateway.answers = [answer]
    post_text_message(NUMBER, WORDS, key="1")
    assert deliver_due(timezone.now()) == 0
    message = OutboxMessage.objects.get()
    assert message.attempts == 1
    assert message.last_error in ("GatewayAway", "GatewayRefused")
    assert again() == 1
    keys = {headers["idempotency-key"] for _, headers, _ in gateway.asked}
    assert (len(gateway.asked), len(keys)) == (2, 1)


def test_an_answer_of_200_may_still_say_no(gateway: Gateway, settings: Settings) -> None:
    settings.TEXT_MESSAGE_ACCEPTED = "code=0"
    gateway.answers = [(200, b'{"code": 17}'), (200, b"<html>"), (200, b'{"code": 0}')]
    post_text_message(NUMBER, WORDS, key="1")
    assert [deliver_due(timezone.now()), again(), again(30)] == [0, 0, 1]


def test_a_gateway_that_does_not_answer_is_waited_for_once_and_notices_go_on(
    gateway: Gateway, settings: Settings, officer: User
) -> None:
    settings.TEXT_MESSAGE_TIMEOUT = 0.2
    gateway.hold = threading.Event()
    for number in range(3):
        post_text_message(NUMBER, WORDS, key=str(number))
    post([officer], "kind", title="通知", key="k")
    assert deliver_due(timezone.now()) == 1
    assert Notice.objects.count() == 1
    assert len(gateway.asked) == 1
    assert sorted(OutboxMessage.objects.filter(topic="text_message").values_list("attempts", flat=True)) == [0, 0, 1]
    gateway.hold.set()
    gateway.hold = None
    assert again() == 3


def test_one_message_that_is_refused_does_not_hold_up_the_others(gateway: Gateway) -> None:
    gateway.answers = [(400, b"{}")]
    for number in range(3):
        post_text_message(NUMBER, WORDS, key=str(number))
    assert deliver_due(timezone.now()) == 2


def test_a_gateway_that_is_not_there_loses_nothing(gateway: Gateway, settings: Settings) -> None:
    settings.TEXT_MESSAGE_URL = "http://127.0.0.1:9/"
    post_text_message(NUMBER, WORDS, key="1")
    assert deliver_due(timezone.now()) == 0
    settings.TEXT_MESSAGE_URL = gateway.address
    assert again() == 1


def test_neither_number_nor_words_nor_token_reach_the_log(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.answers = [(400, NUMBER.encode())]
    post_text_message(NUMBER, WORDS, key="1")
    deliver_due(timezone.now())
    assert caplog.records
    told = "".join(str(vars(record)) for record in caplog.records)
    assert not [secret for secret in (NUMBER, WORDS, "secret") if secret in told]


def test_without_an_address_the_folder_is_used(settings: Settings, tmp_path: Path) -> None:
    settings.TEXT_MESSAGE_URL, settings.TEXT_MESSAGE_DIR = "", str(tmp_path)
    post_text_message(NUMBER, WORDS, key="1")
    assert deliver_due(timezone.now()) == 1
    assert json.loads(next(tmp_path.iterdir()).read_text())["to"] == NUMBER


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"TEXT_MESSAGE_URL": ""}, []),
        ({}, []),
        ({"TEXT_MESSAGE_URL": "ftp://sms/"}, ["notices.E001"]),
        ({"TEXT_MESSAGE_URL": "sms.local/send"}, ["notices.E001"]),
        ({"TEXT_MESSAGE_URL": "http://sms.local/"}, ["notices.W001"]),
        ({"TEXT_MESSAGE_TEMPLATE": "to={to}"}, ["notices.E002"]),
        ({"TEXT_MESSAGE_TEMPLATE": '{"to": "{to}"}'}, ["notices.E003"]),
    ],
)
def test_wrong_settings_are_said_at_the_start(changes: dict[str, str], found: list[str], settings: Settings) -> None:
    settings.TEXT_MESSAGE_URL = "https://sms.local/send"
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [message.id for message in run_checks() if str(message.id).startswith("notices.")] == found
