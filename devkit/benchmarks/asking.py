"""A program that is asked over the network: its kinds of work, and how each is sent."""

import http.client
import json
from dataclasses import dataclass, field
from itertools import count
from threading import local
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """One kind of work as it is sent. `{id}` in the path is what `create` answered, `{n}` in the body eight digits that
    no other request has; of several bodies each request takes the next."""

    path: str
    method: str = "GET"
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self, number: int) -> bytes | None:
        """The body of the request of this number."""
        if self.body is None:
            return None
        one = self.body[number % len(self.body)] if isinstance(self.body, list) else self.body
        return json.dumps(one).replace("{n}", f"{number:08}").encode()


@dataclass
class Server:
    """A program that is asked: its address, its kinds of work, and the name under which `create` answers the key."""

    address: str
    work: dict[str, Asked]
    key: str = "id"
    headers: dict[str, str] = field(default_factory=dict)
    errors: int = 0

    def __post_init__(self) -> None:
        """One connection a thread, kept open."""
        self._held, self._numbers = local(), count(1)

    def ask(self, name: str, key: str = "") -> Any:
        """Do it once; the JSON of the answer. A refusal or a fault is counted, and gives None."""
        asked = self.work[name]
        body = asked.content(next(self._numbers))
        headers = {"Content-Type": "application/json"} | self.headers | asked.headers
        line = getattr(self._held, "line", None) or self._connect()
        try:
            line.request(asked.method, asked.path.replace("{id}", key), body, headers)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._held.line = None
            self.errors += 1
            return None
        if answer.status >= 300:
            self.errors += 1
            return None
        return json.loads(content)

    def made(self) -> str:
        """The key of a new case."""
        return str((self.ask("create") or {}).get(self.key, ""))

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._held.line = kind(str(parts.hostname), parts.port, timeout=60)
        return self._held.line  # type: ignore[no-any-return]
