"""Beats out as a table and in again: a row is a grid and the beat that covers it; mistakes in words."""

from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from grids import queries
from grids.actions import open_beat
from grids.actions.tables import TABLES, beat_rows
from grids.models import Beat, BeatGrid, Territory
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, VILLAGE, an_officer
from tests.grids.test_import_roster import checked, faults, written
from tests.people import STARTS, Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.web.sheets import write_xlsx

pytestmark = pytest.mark.django_db
COLUMNS = TABLES["beats"][1]
STATION = "巨日合镇派出所"


def a_table(*rows: dict[str, Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.append([column.title for column in COLUMNS])
    for row in rows:
        book.active.append([row.get(column.name) for column in COLUMNS])
    return book


def now() -> dict[str, str]:
    rows = BeatGrid.objects.filter(queries.current()).select_related("beat", "territory")
    return {row.territory.code: row.beat.name for row in rows}


def test_what_was_exported_comes_back_unchanged(ground: Ground) -> None:
    an_officer(ground, GRID, OTHER_GRID)
    lines = queries.beat_lines(list(Beat.objects.all()))
    book = openpyxl.load_workbook(write_xlsx("警格", COLUMNS, beat_rows(lines)))
    assert [cell.value or "" for cell in book.active[2]] == [
        STATION, "警格1", GRID, "巨日合镇五家子村第1网格", STARTS.isoformat(), "", "乌力吉",
    ]  # fmt: skip
    assert checked(book, ground.manager, "beats").result["same"] == 2


def test_new_beats_are_opened_and_grids_move_and_leave(ground: Ground) -> None:
    an_officer(ground, GRID, OTHER_GRID)
    third = Territory.objects.create(
        code=f"{VILLAGE}002", name="第2网格", full_name="五家子第2网格", parent=ground.places[VILLAGE], starts_on=STARTS
    )
    book = a_table(
        {"station": STATION, "beat": "新警格", "place": GRID, "starts_on": STARTS},
        {"station": STATION, "beat": "新警格", "place": third.code},
        {"station": STATION, "beat": "警格1", "place": OTHER_GRID, "ends_on": today()},
    )
    check = checked(book, ground.manager, "beats")
    assert {k: check.result[k] for k in ("new", "changed", "ended", "faulty")} == {
        "new": 1, "changed": 1, "ended": 1, "faulty": 0,
    }  # fmt: skip
    assert now() == {GRID: "警格1", OTHER_GRID: "警格1"}, "looking writes nothing"
    assert written(check, ground.manager, "all").result == {"written": 3, "refused": 0}
    assert now() == {GRID: "新警格", third.code: "新警格"}
    assert BeatGrid.objects.get(territory__code=GRID, beat__name="警格1").ends_on == today()
    assert TrailEntry.objects.filter(verb="beat_opened").count() == 1


def test_every_mistake_is_explained_in_words(ground: Ground) -> None:
    an_officer(ground)
    book = a_table(
        {"station": "没有的所", "beat": "甲", "place": OTHER_GRID},
        {"station": STATION, "beat": None, "place": f"{VILLAGE}009"},
        {"station": STATION, "beat": "甲", "place": VILLAGE},
        {"station": STATION, "beat": "警格1", "place": GRID, "starts_on": "2020-01-01"},
        {"station": STATION, "beat": "警格1", "place": GRID},
        {"station": STATION, "beat": "乙", "place": OTHER_GRID, "ends_on": today()},
        {"station": STATION, "beat": "乙", "place": None},
    )
    found = {number: "".join(words) for number, words in faults(checked(book, ground.manager, "beats")).items()}
    for number, word in {
        2: "没有名为“没有的所”的派出所", 3: "请填写警格名称", 4: "网格代码为 15 位", 5: "起始日期不能再改",
        6: "在第 5 行已出现过", 7: "在第 2 行已出现过", 8: "请填写网格代码",
    }.items():  # fmt: skip
        assert word in found.pop(number), (number, word)
    assert found == {}


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"beat": "乙", "ends_on": today()}, "不能结束"),
        ({"beat": "警格1", "ends_on": STARTS}, "结束日期应晚于起始日期"),
        ({"beat": "乙", "starts_on": "2020-01-01"}, "早于网格"),
        ({"beat": "乙", "starts_on": "去年"}, "不是日期"),
    ],
)
def test_days_that_do_not_fit_are_told(row: dict[str, Any], word: str, ground: Ground) -> None:
    an_officer(ground)
    check = checked(a_table({"station": STATION, "place": GRID, **row}), ground.manager, "beats")
    assert word in "".join(faults(check)[2])


def test_the_past_of_a_grid_is_not_covered_twice(ground: Ground) -> None:
    beat = open_beat(ground.juri_police, "旧", [ground.places[GRID]], actor=ground.manager, starts_on=STARTS)
    BeatGrid.objects.filter(beat=beat).update(ends_on=today())
    row = {"station": STATION, "beat": "新", "place": GRID, "starts_on": today() - timedelta(days=9)}
    assert "日期不能重叠" in "".join(faults(checked(a_table(row), ground.manager, "beats"))[2])


def test_one_imports_beats_of_ones_own_territory_only(ground: Ground) -> None:
    row = {"station": STATION, "beat": "甲", "place": GRID}
    assert set(faults(checked(a_table(row), ground.stranger, "beats"))) == {2}
    assert set(faults(checked(a_table(row), ground.village_manager, "beats"))) == {2}
    assert faults(checked(a_table(row), ground.town_manager, "beats")) == {}


def test_the_table_and_its_template_are_there_to_take(ground: Ground) -> None:
    an_officer(ground)
    client = Client()
    client.force_login(ground.manager)
    assert client.get("/grids/tables/templates/beats/").status_code == 200
    answer = client.get("/grids/beats/export/?in_use=true")
    assert answer.status_code == 200
    assert TrailEntry.objects.get(verb="table_exported").facts == {"table": "beats"}
    client.force_login(ground.clerk)
    assert client.get("/grids/beats/export/").status_code == 403
