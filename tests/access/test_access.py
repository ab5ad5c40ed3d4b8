"""Every route of pages and API, as every role and as strangers, does what the table of access says."""

import csv
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.world import World, make_world
from tests.intake.api import as_system

TABLE = Path(__file__).with_name("table.csv")
WHO = (
    "nobody", "clerk", "dispatcher", "manager", "leader", "handler", "town_manager", "town_mediator",
    "village_manager", "grid_worker", "stranger", "system_admin", "security_admin", "auditor", "system",
)  # fmt: skip
"""`nobody` has not signed in; `stranger` sorts cases of another town; `system` may read the feed of changes only."""
AT_THE_DOOR = {"nobody", "system"}
"""Who is sent away before it is looked at whether a route has such a method."""
WORDS = {
    401: "login", 403: "refused", 404: "hidden", 405: "-", 410: "hidden",
    400: "asked", 413: "asked", 415: "asked", 422: "asked", 428: "asked",
}  # fmt: skip
"""What an answer means; `asked`: what was sent is incomplete, as it is here; any other is `in`."""
GAP = re.compile(r"<(?:\w+:)?(\w+)>")
Route = tuple[str, str]
"""A pattern and a method."""


@pytest.mark.parametrize("who", WHO)
def test_every_route_lets_in_whom_the_table_says(who: str, db: None, settings: Any, tmp_path: Path) -> None:
    """A new route fails here until the table has a line for it, and a line that changes is read by whoever reviews."""
    settings.MEDIA_ROOT = tmp_path
    settings.API_PERSON_PER_MINUTE = settings.API_CLIENT_PER_MINUTE = 10**6
    world, stated = make_world(), {route: row[who] for route, row in _read().items()}
    caller, cookies = _caller(world, who)
    found = {route: _answer(world, route, caller, cookies) for route in routes()}
    offered = {route for route, word in found.items() if word != "-" and (route in stated or who not in AT_THE_DOOR)}
    wrong = [(route, found.get(route), stated.get(route)) for route in sorted(offered ^ stated.keys())]
    wrong += [
        (route, found[route], stated[route])
        for route in sorted(offered & stated.keys())
        if found[route] != stated[route]
    ]
    assert wrong == [], "route, found, stated in table.csv"


def routes() -> list[Route]:
    """All patterns, each with the two methods that begin everything."""
    return [(route, method) for route in _walk(get_resolver(), "") for method in ("GET", "POST")]


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, before + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield before + str(entry.pattern)


def _caller(world: World, who: str) -> tuple[Any, dict[str, str]]:
    """Who calls, and the cookies of a session that goes on, whatever was answered before."""
    if who == "system":
        return as_system(world.ground, "changes:read"), {}
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(world.ground.people[who])
    return client, {name: morsel.value for name, morsel in client.cookies.items()}


def _answer(world: World, route: Route, caller: Any, cookies: dict[str, str]) -> str:
    """What the caller gets to hear, in a word. Whatever it did is undone."""
    pattern = route[0]
    caller.cookies = SimpleCookie(cookies)
    with transaction.atomic():
        answer = sent(world, route, caller)
        transaction.set_rollback(True)
    assert answer.status_code != 429, route
    if answer.status_code >= 500 and pattern != "readyz":
        return "fault"
    if answer.status_code == 302 and answer["Location"].startswith("/login/"):
        return "login"
    return WORDS.get(answer.status_code, "in")


def sent(world: World, route: Route, caller: Any) -> Any:
    """The answer to a request without content."""
    pattern, method = route
    values = world.fill(pattern)
    path = "/" + GAP.sub(lambda gap: str(values[gap[1]]), pattern)
    cache.clear()
    return caller.generic(method, path, "{}" if path.startswith("/api/") else "", **_kind(path))


def _kind(path: str) -> dict[str, str]:
    if path.startswith("/api/"):
        return {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    return {"content_type": "application/x-www-form-urlencoded"}


def _read() -> dict[Route, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {(row.pop("route"), row.pop("method")): row for row in csv.DictReader(lines)}
