"""Decisions: numbered without gaps, dated, with a state that leads on, and all of them in the index."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "docs" / "decisions"
FILES = sorted(FOLDER.glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (?P<number>\d{4}) (?P<title>.+)\n\n"
    r"- Date: (?P<date>\d{4}-\d\d-\d\d)\n"
    r"- State: (?P<state>accepted|superseded by \[(?P<successor>\d{4})\]\((?P<file>[\w-]+\.md)\))\n"
    r"- Area: (?P<area>.+)\n"
)
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_numbers_run_on_without_gaps() -> None:
    assert [path.name[:4] for path in FILES] == [f"{number:04d}" for number in range(1, len(FILES) + 1)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_decision_has_its_head_and_its_line_in_the_table_of_its_area(path: Path) -> None:
    head = HEAD.match(path.read_text(encoding="utf-8"))
    assert head, "number and title, then date, state and area"
    assert path.name.startswith(f"{head['number']}-")
    table = INDEX.split(f"\n## {head['area']}\n", 1)[1].split("\n## ", 1)[0]
    assert f"| [{head['number']}]({path.name}) | {head['title']} | {head['date']} | {head['state']} |\n" in table


def test_the_index_and_the_decisions_lead_only_to_files_that_are_there() -> None:
    for path in [FOLDER / "README.md", *FILES]:
        for target in re.findall(r"\]\(([^)#]+\.md)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} leads to {target}"
