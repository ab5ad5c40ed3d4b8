"""What the pages of the desk cost on the line, compressed as the server sends them: the first visit with everything
that is kept by the browser afterwards, then each page with what it brings for itself."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
KB = 1024
FIRST_VISIT, LATER = 200 * KB, 25 * KB
LINKED = re.compile(r'(?:href|src)="/static/([^"#?]+)')


def page(client: Client, path: str) -> tuple[int, set[str]]:
    """Bytes of the page itself, and the files it links."""
    answer = client.get(path)
    assert (path, answer.status_code) == (path, 200)
    sent: bytes = answer.content
    html = gzip.decompress(sent) if answer.get("Content-Encoding") == "gzip" else sent
    return len(sent), set(LINKED.findall(html.decode()))


def weight(names: set[str]) -> int:
    """Of static files, compressed as `collectstatic` does."""
    total = 0
    for name in names:
        found = finders.find(name)
        assert found, name
        total += len(gzip.compress(Path(found).read_bytes(), 9))
    return total


def browser(user: object = None) -> Client:
    client = Client(HTTP_ACCEPT_ENCODING="gzip")
    if user is not None:
        client.force_login(user)  # type: ignore[arg-type]
    return client


def test_the_first_visit_and_later_pages_stay_light(ground: Ground) -> None:
    ways.copies(ways.accepted(ground), 60)
    case = ways.handling(ground)
    door, known = page(browser(), "/login/")
    dispatcher = browser(ground.dispatcher)
    home, linked = page(dispatcher, "/")
    known |= linked
    assert door + home + weight(known) <= FIRST_VISIT
    assert weight(known) > 50 * KB, "the files were found"
    paths = ["/cases/", "/todo/dispatch/", f"/cases/{case.code}/", "/cases/new/", "/documents/mine/", "/meetings/",
             "/mediation/", "/mediation/calendar/", "/notices/", "/texts/", "/help/"]  # fmt: skip
    heavy = {}
    for path in paths:
        size, linked = page(dispatcher, path)
        own = {name for name in linked - known if not name.startswith("handbook/")}
        known |= own
        if size + weight(own) > LATER:
            heavy[path] = size + weight(own)
    assert heavy == {}


def test_pictures_of_the_handbook_are_asked_for_only_where_one_reads(ground: Ground) -> None:
    html = browser(ground.clerk).get("/help/")
    text = gzip.decompress(html.content).decode()
    assert text.count("<img") == text.count('loading="lazy"') > 10
