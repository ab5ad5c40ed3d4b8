"""`make fast` runs the tests of what changed, and no others."""

import pytest

from devkit import changed_tests
from devkit.changed_tests import BESIDE, is_old
from devkit.servers import ROOT

GROUND = ["tests/access", "tests/architecture"]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        (["intake/actions/merging.py"], ["tests/intake"]),
        (["templates/intake/case.html", "templates/citizen/report.html"], ["tests/intake"]),
        (["zhongzhi/audit/chain.py"], ["tests/audit"]),
        (["workbench/statistics/board.py"], ["tests/statistics"]),
        (["workbench/todo.py"], ["tests/workbench"]),
        (["tests/intake/test_search.py"], ["tests/intake/test_search.py"]),
        (["tests/intake/test_search.py", "intake/search/queries.py"], ["tests/intake"]),
        (["tests/grids/conftest.py"], ["tests/grids"]),
        (["zhongzhi/settings.py", "static/js/base.js"], GROUND),
        (["tests/conftest.py"], GROUND),
        (["pyproject.toml"], GROUND),
        (["tests/intake/test_of_a_file_that_is_gone.py"], []),
        ([], []),
    ],
)
def test_a_change_runs_the_tests_of_its_room(changed: list[str], wanted: list[str]) -> None:
    assert changed_tests.tests_of(changed) == wanted


def test_the_kept_database_is_made_anew_when_tables_may_have_changed() -> None:
    assert is_old(["intake/models/case.py"])
    assert is_old(["zhongzhi/audit/models.py"])
    assert is_old(["grids/migrations/0002_more.py"])
    assert not is_old(["intake/queries/cases.py", "docs/api.md"])


def test_rooms_with_tests_elsewhere_exist() -> None:
    places = [*BESIDE, *(place for places in BESIDE.values() for place in places)]
    assert [place for place in places if not (ROOT / place).exists()] == []
