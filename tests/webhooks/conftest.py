"""A receiver of webhooks of our own, and the outside system that it belongs to."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from grids.actions.api_clients import ClientTerms, open_client
from tests.people import Ground
from workbench.models import EventKind, Webhook
from workbench.webhooks.actions import Manner, WithSecret, open_webhook
from zhongzhi.accounts.models import ApiClient


@dataclass
class Receiver:
    """Answers what it is told to, with `says` as body, and keeps what it was sent: headers, and the body as it came."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    says: bytes = b""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = told.answers.pop(0) if told.answers else 204
            if status < 300:
                told.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(told.says)))
            self.end_headers()
            self.wfile.write(told.says)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}/hook"
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    yield told
    server.shutdown()
    server.server_close()


def a_client(ground: Ground, *scopes: str, sight: str = "subtree") -> ApiClient:
    terms = ClientTerms(scopes or ("cases:read", "changes:read"), sight=sight)
    return open_client("12345 热线", ground.county_centre, terms, actor=ground.system_admin)


def a_hook(ground: Ground, receiver: Receiver, *, client: ApiClient | None = None, **manner: Any) -> WithSecret:
    """A webhook that follows the feed from its beginning."""
    owner = client or a_client(ground)
    made = open_webhook(owner.pk, receiver.address, EventKind.values, Manner(**manner), actor=ground.system_admin)
    Webhook.objects.filter(pk=made.hook.pk).update(cursor="")
    return made
