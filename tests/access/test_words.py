"""No page shows the framework's own words, whatever is left out of its forms."""

import re
from gettext import GNUTranslations
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import django
import pytest
import rest_framework
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.access.test_access import routes, sent
from tests.access.world import World, make_world

OURS = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
THEIRS = (
    Path(django.__file__).parent / "conf" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo",
    Path(rest_framework.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo",
)
GAPS = re.compile(r"%\(\w+\)[sdr]|{[^}]*}")
SHORTEST = 4
WHO = ("manager", "town_mediator", "system_admin", "security_admin")


def of(catalogue: Path) -> dict[str, str]:
    with catalogue.open("rb") as file:
        found: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key if isinstance(key, str) else key[0]: text for key, text in found.items() if key}


def framework_says() -> set[str]:
    """The longest piece of each sentence that a gap does not break, beginning with the mark of no choice."""
    ours = of(OURS)
    sentences = [text for path in THEIRS for key, text in of(path).items() if key in ours and text != ours[key]]
    pieces = {max(GAPS.split(text), key=len).strip() for text in sentences}
    return {"---------", *(piece for piece in pieces if len(piece) >= SHORTEST)}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


@pytest.mark.parametrize("who", WHO)
def test_no_page_speaks_as_the_framework_does(world: World, who: str) -> None:
    caller, said, found = Client(raise_request_exception=False), framework_says(), []
    caller.force_login(world.ground.people[who])
    cookies = {name: morsel.value for name, morsel in caller.cookies.items()}
    for route in routes():
        caller.cookies = SimpleCookie(cookies)
        text = "" if route[0].startswith("api/") else page(world, caller, route)
        found += [(*route, words) for words in said if words in text]
    assert found == []


def page(world: World, caller: Client, route: tuple[str, str]) -> str:
    """What is answered to nothing; whatever it did is undone."""
    with transaction.atomic():
        answer = sent(world, route, caller)
        transaction.set_rollback(True)
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return answer.content.decode() if is_page else ""
