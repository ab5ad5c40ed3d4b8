"""How a client speaks to the system: every write has a number, and is asked for under it until somebody says what
became of it."""

import json
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings

from tests.faults.chaos.journal import Journal, Sent
from tests.mediation.ways import photo

COOKIE = "csrftoken"
TOKEN = "x" * 32
PATIENCE = (5, 30)
ACCEPTS = {"list": "application/json", "stream": "application/x-ndjson", "board": "text/html"}
PICTURE = photo().read()


class Away(Exception):
    """Nobody answers a reader just now."""


class Ended(Exception):
    """The run ends while something is still unknown; the next run asks on."""


@dataclass
class Wire:
    """One person's browser, at one client."""

    address: str
    session: str
    user: int
    client: int
    journal: Journal
    ends: threading.Event

    def __post_init__(self) -> None:
        """Signed in."""
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.cookies.update({settings.SESSION_COOKIE_NAME: self.session, COOKIE: TOKEN})
        self.http.headers.update({"X-CSRFToken": TOKEN, "Accept": "application/json"})

    def get(self, path: str) -> requests.Response:
        """Read. Raises Away."""
        try:
            answer = self.http.get(f"{self.address}{path}", timeout=PATIENCE, allow_redirects=False)
        except requests.RequestException as error:
            raise Away from error
        if answer.status_code >= 500:
            raise Away
        return answer

    def read(self, kind: str, path: str) -> None:
        """Look at something that may come from the standby, to its last byte; what the answer was is noted."""
        began, status = time.time(), 0
        headers = {"Accept": ACCEPTS.get(kind, "*/*")}
        with suppress(requests.RequestException):
            answer = self.http.get(
                f"{self.address}{path}", headers=headers, timeout=PATIENCE, allow_redirects=False, stream=True
            )
            status = answer.status_code  # a stream that is cut off later was begun all the same
            for _ in answer.iter_content(65536):
                pass
        self.journal.read(kind, began, status)

    def post(self, path: str, body: Any, content_type: str = "application/json") -> requests.Response:
        """Write, under a number of its own; the answer that says what became of it."""
        text = json.dumps(body, ensure_ascii=False, default=str)
        return self.written(path, text, internal=body.get("internal_number", ""))

    def upload(self, path: str) -> requests.Response:
        """The same for a picture, which every upload sends."""
        return self.written(path, "", files=True)

    def written(self, path: str, body: str, *, files: bool = False, internal: str = "") -> requests.Response:
        """Noted before it is sent."""
        sent = Sent(uuid.uuid4().hex, self.client, self.user, act_of(path), path, body, files, internal)
        self.journal.sends(sent)
        return self.asked(sent)

    def asked(self, sent: Sent) -> requests.Response:
        """Again under the same number, until an answer says whether it was saved. Raises Ended."""
        while True:
            began = time.time()
            answer = self.tried(sent)
            if answer is not None and answer.status_code == 429:
                time.sleep(1)
                continue
            if answer is not None and answer.status_code < 500:
                replayed = answer.headers.get("Idempotent-Replayed") == "true"
                self.journal.answered(sent.key, answer.status_code, replayed=replayed, began=began)
                return answer
            self.journal.unknown(sent.key)
            if self.ends.wait(0.5):
                raise Ended

    def tried(self, sent: Sent) -> requests.Response | None:
        """One attempt; None where no answer came."""
        headers = {"Idempotency-Key": sent.key}
        what: dict[str, Any] = {"data": sent.body.encode()}
        if sent.files:
            what = {"files": {"file": ("现场.jpg", PICTURE, "image/jpeg")}}
        else:
            headers["Content-Type"] = "application/json"
        try:
            return self.http.post(
                f"{self.address}{sent.path}", headers=headers, timeout=PATIENCE, allow_redirects=False, **what
            )
        except requests.RequestException:
            return None


def act_of(path: str) -> str:
    """What is done, told by the address without what it is done on."""
    parts = [part for part in path.strip("/").split("/")[2:] if not any(letter.isdigit() for letter in part)]
    return " ".join(parts)
