"""The handbook is opened at the chapter of the page one stands on, and names acts and pages as they are called."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from devkit.screenshots.handbook import SHOTS
from intake.available_actions import ACTS
from mediation.available_actions import CASE_ACTS as TO_MEDIATE
from mediation.available_actions import table_of
from referrals.available_actions import CASE_ACTS
from referrals.available_actions.documents import DOCUMENT_ACTS
from tests.people import Ground
from workbench.context import ENTRIES
from workbench.handbook.chapters import CHAPTERS, chapters_for

TABLES = (ACTS, CASE_ACTS, TO_MEDIATE, DOCUMENT_ACTS)
OF_MEDIATION = ("mediation", "session", "agreement", "instalment", "confirmation")
ON_PAGES = {"打印受理告知", "对接情况", "对接方式"}
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


def test_every_picture_is_there_and_taken_by_the_command_and_the_page_stays_light() -> None:
    pictures = [picture for chapter in CHAPTERS for picture in chapter.pictures]
    assert [picture.name for picture in pictures] == list(SHOTS)
    files = {path.name: path.stat().st_size for path in (settings.BASE_DIR / "static/handbook").iterdir()}
    assert set(files) == {f"{picture.name}.png" for picture in pictures}
    assert {name: size for name, size in files.items() if size > 160_000} == {}
    for picture in pictures:
        with Image.open(settings.BASE_DIR / "static" / picture.file) as image:
            assert (picture.name, image.size) == (picture.name, picture.size)


def test_what_a_chapter_quotes_stands_on_a_page() -> None:
    """Names in quotation marks: of lists, fields, columns and buttons."""
    root = Path(settings.BASE_DIR)
    pages = "".join(path.read_text() for path in (root / "templates").rglob("*.html") if "handbook" not in path.parts)
    apps = ("workbench", "intake", "referrals", "mediation", "grids", "zhongzhi")
    files = [path for app in apps for path in (root / app).rglob("*.py") if path.parent.name != "handbook"]
    code = "".join(path.read_text() for path in files)
    quoted = {
        words
        for path in (root / "templates/handbook/chapters").iterdir()
        for words in re.findall(r"“([^”]*)”", path.read_text())
    }
    assert {words for words in quoted if words not in pages and words not in code} == set()


@pytest.mark.django_db
def test_the_chapters_of_one_s_own_post_come_first_in_the_contents(ground: Ground) -> None:
    own, others = chapters_for(ground.clerk)
    assert [chapter.name for chapter in own] == ["todo", "register", "receipt", "find", "import", "close"]
    assert {*own, *others} == set(CHAPTERS)
    client = Client()
    client.force_login(ground.clerk)
    text = client.get("/help/").content.decode()
    assert text.index("您的岗位") < text.index("群众来了，怎么登记") < text.index("其他岗位") < text.index("看态势")
    assert "handbook/register.png" in text


@pytest.mark.django_db
def test_the_whole_handbook_is_printed_with_contents_steps_and_pictures(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.handler)
    answer = client.get("/help/print/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    paper = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in paper.pages).replace("\n", "")
    for number, chapter in enumerate(CHAPTERS, 1):
        assert f"{number}．{chapter.title}" in text
        assert all(picture.words in text for picture in chapter.pictures)
    assert "Ctrl+Enter登记" in text.replace(" ", "")
    assert sum(len(page.images.keys()) for page in paper.pages) == len(SHOTS)
