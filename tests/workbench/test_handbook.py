"""The handbook is opened at the chapter of the page one stands on, and names acts and pages as they are called."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from intake.available_actions import ACTS
from mediation.available_actions import CASE_ACTS as TO_MEDIATE
from mediation.available_actions import table_of
from referrals.available_actions import CASE_ACTS
from referrals.available_actions.documents import DOCUMENT_ACTS
from tests.people import Ground
from workbench.context import ENTRIES
from workbench.handbook.chapters import CHAPTERS

TABLES = (ACTS, CASE_ACTS, TO_MEDIATE, DOCUMENT_ACTS)
OF_MEDIATION = ("mediation", "session", "agreement", "instalment", "confirmation")
ON_PAGES = {"打印受理告知"}
NAMED = re.compile(r"<b>(.*?)</b>")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "chapter"),
    [
        ("/", "todo"), ("/cases/", "find"), ("/cases/new/", "register"), ("/cases/imports/", "import"),
        ("/todo/triage/", "triage"), ("/meetings/", "triage"), ("/documents/mine/", "letters"),
        ("/mediation/calendar/", "mediation"), ("/cases/follow-up/", "close"), ("/tiers/", "supervise"),
        ("/texts/", "handle"), ("/figures/", "figures"), ("/grids/", "field"), ("/account/security/", "security"),
    ],
)  # fmt: skip
def test_help_opens_at_the_chapter_of_the_page(ground: Ground, page: str, chapter: str) -> None:
    client = Client()
    client.force_login(ground.dispatcher)
    answer = client.get(page)
    assert answer.status_code == 200
    assert f"/help/?at={page}" in answer.content.decode()
    assert client.get("/help/", {"at": page})["Location"] == f"/help/#{chapter}"
    assert f'id="{chapter}"' in client.get("/help/").content.decode()


def test_every_chapter_is_written_and_names_acts_and_pages_as_they_are_called() -> None:
    tables: list[Any] = [*TABLES, *(table_of(kind) for kind in OF_MEDIATION)]
    known = {act.label for table in tables for act in table} | {entry.label for entry in ENTRIES} | ON_PAGES
    folder = Path(settings.BASE_DIR) / "templates/handbook/chapters"
    assert {path.stem for path in folder.iterdir()} == {chapter.name for chapter in CHAPTERS}
    named = {word for path in folder.iterdir() for word in NAMED.findall(path.read_text())}
    assert named - known == set()
