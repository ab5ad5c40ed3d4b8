"""Pages as a web server asks the program for them. Django's own client for tests leaves something behind with every
request, which makes a program slower the longer it is asked."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application
from django.test import Client

from zhongzhi.accounts.models import User


class Answer(NamedTuple):
    """What came: the status, the text, where it leads to, and whether it was made whole, not as a stream."""

    status: int
    content: str
    location: str
    is_whole: bool


class Reader:
    """Somebody who is signed in and asks for pages."""

    def __init__(self, user: User) -> None:
        """Sign in."""
        client = Client()
        client.force_login(user)
        self._cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
        self._program = get_wsgi_application()

    def get(self, address: str) -> Answer:
        """Ask for a page, and read it to its end."""
        parts = urlsplit(address)
        asked: dict[str, Any] = {"PATH_INFO": parts.path, "QUERY_STRING": parts.query, "HTTP_COOKIE": self._cookies}
        setup_testing_defaults(asked)
        told: list[Any] = []

        def begin(status: str, heads: list[tuple[str, str]], error: Any = None, /) -> Callable[[bytes], object]:
            told.extend((int(status.split()[0]), dict(heads)))
            return bytes

        answer = self._program(asked, begin)
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        status, heads = told
        return Answer(status, content.decode(errors="replace"), heads.get("Location", ""), not answer.streaming)

    def home(self) -> Answer:
        """The first page, wherever it leads."""
        answer = self.get("/")
        while answer.location:
            answer = self.get(answer.location)
        return answer
