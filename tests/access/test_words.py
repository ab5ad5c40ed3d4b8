"""What a person reads on any page or refusal is a word of the office: none of the framework's own sentences, empty
choices, periods or values comes through, and no code of the program."""

import re
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.access.test_access import GAP, Route, _routes
from tests.access.world import World, make_world

NOT_OURS = re.compile(
    r"该字段是必填项|这个字段是必填|这是必填项|-{6,}|选择一个有效的选项|输入一个有效的|请输入合法的|确保该字段|确保此字段|"
    r"This field|Select a valid|Enter a valid|Ensure this|\d\xa0?(?:年|月|周|日|天)，\d|"
    r">\s*(?:None|True|False|nan)\s*<|<(?:bound method|class '|function )"
)
TAGS = re.compile(r"<(script|style|textarea|pre|code)\b.*?</\1>", re.DOTALL)
SKIPPED = ("api/", "static/", "metrics", "readyz", "healthz", "account/logout", "field/worker", "field/manifest")


@pytest.mark.parametrize("who", ["manager", "clerk", "town_mediator", "system_admin", "security_admin"])
def test_no_page_and_no_refusal_says_what_is_not_ours(who: str, db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    caller = Client(raise_request_exception=False)
    caller.force_login(world.ground.people[who])
    cookies = {name: morsel.value for name, morsel in caller.cookies.items()}
    read, found = 0, []
    for route in _routes():
        if route[0].startswith(SKIPPED):
            continue
        caller.cookies = SimpleCookie(cookies)
        text = _read(world, route, caller)
        read += bool(text)
        found += [(route, _around(text, hit)) for hit in list(NOT_OURS.finditer(text))[:1]]
    assert read > 50, "pages were read"
    assert found == []


def _read(world: World, route: Route, caller: Client) -> str:
    """The page, or what is said of a form sent empty; whatever was done is undone."""
    values = world.fill(route[0])
    path = "/" + GAP.sub(lambda gap: str(values[gap[1]]), route[0])
    with transaction.atomic():
        answer: Any = caller.get(path) if route[1] == "GET" else caller.post(path, {})
        is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        text = answer.content.decode() if is_page else ""
        transaction.set_rollback(True)
    return TAGS.sub("", unescape(text))


def _around(text: str, hit: "re.Match[str]") -> str:
    return " ".join(text[max(0, hit.start() - 60) : hit.end() + 20].split())
