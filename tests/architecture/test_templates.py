"""Templates: nothing inline, icons that exist, every page behind the login but a few."""

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver

from tests.architecture.test_hill import OURS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = "ZJ1505262026112400001Y"
PAPERS = ("templates/intake/receipt.html", "templates/citizen/")
"""What is printed for citizens or read by them has its dates in full."""
ON_PAPERS = {"Y年n月j日", "Y年n月j日 H:i"}
ON_SCREENS = {"H:i", "H:i:s", "D", "l", "Y年n月", "n月"}
"""A time of a day that is named beside it, a day of the week, a month. The rest is said by short_day, short_time,
exact_time and lasted."""
FOR_MACHINES = {"c", "Y-m-d", "Y-m", "md"}
"""In attributes that nobody reads, and in comparisons."""
UUID = "00000000-0000-4000-8000-000000000000"
OPEN = {"/login/", "/logout/", "/readyz", "/notices/bell/", "/api/v1/schema/", "/api/v1/docs/"}
OPEN |= {
    "/q/",
    "/q/report/",
    "/q/privacy/",
    "/q/150526/",
    "/q/150526/rate/",
    "/api/v1/public/progress/",
}  # citizens have no login
OPEN |= {"/field/sw.js", "/field/app.webmanifest"}  # a script and a name, without data
OPEN |= {"/login/single-sign-on/", "/login/single-sign-on/callback/"}  # 404 where there is none
OPEN |= {"/login/again/"}  # 404 without the mark of a page
OPEN |= {"/login/passkey/", "/login/passkey/options/"}  # who one is, shown by a key
# opened by a secret in the address, 404 without it (tests/figures/test_screen.py)
BY_SECRET = {"/screen/150526/", "/screen/150526/data/"}
BY_SECRET |= {"/api/v1/oauth/token/"}  # a pass for who shows a token, 401 without it (tests/accounts/test_oauth.py)
BY_SECRET |= {"/metrics"}  # opened by a token of the settings, 404 without it (tests/workbench/test_metrics.py)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_script_or_style_stands_in_a_template(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_screens_have_one_way_of_writing_dates(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    allowed = ON_PAPERS if str(path.relative_to(ROOT)).startswith(PAPERS) else ON_SCREENS
    assert set(re.findall(r"""\|date:["']([^"']*)["']""", _what_is_read(text))) - allowed == set()
    assert set(re.findall(r"""\|date:["']([^"']*)["']""", text)) <= allowed | FOR_MACHINES
    assert not re.search(r"\|(timesince|timeuntil|time|naturaltime|date)\b(?!:)|{% (now|load humanize)", text)


def _what_is_read(text: str) -> str:
    """A template without its tags of logic and the attributes that nobody reads."""
    text = re.sub(r"{%.*?%}", "", text, flags=re.DOTALL)
    return re.sub(r"""\s(value|href|datetime|id|aria-labelledby|hx-get|action)=("[^"<>]*"|'[^'<>]*')""", "", text)


def test_every_icon_is_in_the_sprite_and_every_one_there_is_used() -> None:
    known = set((ROOT / "static" / "img" / "icons.txt").read_text().split())
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    code = "".join(path.read_text(encoding="utf-8") for path in OURS)
    used = set(re.findall(r'{% icon "([a-z0-9-]+)"', text))
    named = {name for name in known if f'"{name}"' in code}
    assert used <= known
    assert known - used - named == set()


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> list[str]:
    found = []
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, text)
        else:
            found.append(text)
    return found


def example(pattern: str) -> str:
    values = {"case:code": CODE, "uuid": UUID, "int": "1", "slug": "accept", "str": "150526"}
    return re.sub(
        r"<(case:code|\w+)(:\w+)?>", lambda m: values.get(m[1], values.get(m[1] + (m[2] or ""), "x")), pattern
    )


def test_every_address_asks_for_the_login_but_a_few() -> None:
    """By the table of access, which tests/access compares with what every address answers."""
    with (ROOT / "tests" / "access" / "table.csv").open(encoding="utf-8", newline="") as lines:
        answers = [(example("/" + row["route"]), row["nobody"]) for row in csv.DictReader(lines)]
    assert len({path for path, answer in answers if answer == "login"}) > 200
    assert {path for path, answer in answers if answer not in ("login", "-")} == (OPEN | BY_SECRET) - {"/logout/"}


def test_the_glossary_names_every_state_role_and_event() -> None:
    from grids.models import OrganisationKind, Role
    from intake.lifecycle import State

    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    labels = [*State.labels, *Role.labels]
    assert [label for label in labels if label not in text] == []
    assert OrganisationKind.CENTRE.label in text
