"""What everybody sees of everything is what docs/sight.md says, and never more than the function of sight allows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.models import Case
from intake.sight import Level, sight_of
from tests.people import Ground
from tests.sight.objects import Request, requests_for
from tests.sight.page import PAGE, Cells, keep, page_of, stored
from tests.sight.readers import PEOPLE, READERS, TOKENS, Reader, readers_on
from tests.sight.reading import FULL, NONE, level_of, read
from tests.sight.world import Matter, make_matters

pytestmark = [pytest.mark.sight, pytest.mark.django_db]
GROUPS = [READERS[at : at + 3] for at in range(0, len(READERS), 3)]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "-".join((PEOPLE | TOKENS)[name] for name in group))
def test_everything_shows_everybody_what_the_table_says(
    group: tuple[str, ...], ground: Ground, settings: Any, tmp_path: Path
) -> None:
    """Lists, pages, dialogs, downloads, search and API: names, numbers and words are looked for in each answer."""
    settings.MEDIA_ROOT = tmp_path
    settings.API_PERSON_PER_MINUTE = settings.API_CLIENT_PER_MINUTE = 10**6
    matters = make_matters(ground)
    found: Cells = {}
    too_much: list[tuple[Any, ...]] = []
    for reader in readers_on(ground, group):
        for matter, request, level, allowed in _looks(reader, matters):
            cell = (matter.kind, request.object, reader.name)
            found[cell] = max(level, found.get(cell, NONE))
            if min(level, FULL) > allowed:
                too_much.append((reader.name, matter.kind, request.method, request.path, level, allowed))
    if os.environ.get("WRITE_SIGHT"):
        keep(found)
    assert not too_much, "more is shown than sight allows:\n" + "\n".join(map(str, too_much))
    stated = stored()
    wrong = [(cell, level, stated.get(cell)) for cell, level in found.items() if level != stated.get(cell)]
    assert wrong == [], "what is shown, what docs/sight.md says; `make sight` writes it"


def test_the_page_has_the_objects_readers_and_kinds_of_today(db: None) -> None:
    assert PAGE.read_text(encoding="utf-8") == page_of(stored())


def _looks(reader: Reader, matters: list[Matter]) -> Iterator[tuple[Matter, Request, int, int]]:
    """Every look of a reader: at what of which matter, how much was shown, and how much sight allows."""
    sights = {m.kind: sight_of(reader.user, Case.objects.get(pk=m.case.pk)).level for m in matters}
    for request in requests_for(matters, reader.name):
        if reader.is_system and not request.path.startswith("/api/"):
            continue
        answer = reader.look(request)
        assert answer.status_code < 500, request
        opens = reader.opens_numbers and request.path.startswith("/api/") and request.path.endswith("/reveal/")
        found = read(answer)
        for matter in matters:
            own = request.of == matter.kind
            typed = (request.typed, request.finding) if own else ("", NONE)
            level = FULL if own and found.is_picture else level_of(found, matter, *typed)
            allowed = sights[matter.kind]
            yield matter, request, level, FULL if own and opens and allowed >= Level.MASKED else allowed
