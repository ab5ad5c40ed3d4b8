"""Tables that an office puts together: the board's own figures, opened as their cases, kept under a name, shared."""

import io
import zipfile
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from intake.counting import actions as counting_actions
from intake.models import Case
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from workbench.models import CustomTable
from workbench.statistics.board import board_of
from workbench.statistics.custom_tables.layout import TableLayout, choosable, splits_of
from workbench.statistics.custom_tables.queries import period_of
from workbench.statistics.custom_tables.tabulation import CustomTableContent, content_of
from workbench.statistics.periods import between, preset
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput

pytestmark = pytest.mark.django_db
NEW, PREVIEW = "/figures/tables/new/", "/figures/tables/preview/"


def some_cases(ground: Ground) -> None:
    ways.closed(ground)
    ways.concluded(ground, territory="150526100001", category="0102", channel="02")
    ways.handling(ground, territory="150526103201", category="0804", risk="red")
    ways.handling(ground, territory="150526103", category="0804")
    ways.registered(ground, territory="150526103200001")


def content(
    ground: Ground, *figures: str, axis: str = "", lines: str = "places", place: str = "150526"
) -> CustomTableContent:
    return content_of(TableLayout(figures, axis, lines), ground.places[place], preset("year", timezone.localdate()))


LAYOUTS: list[dict[str, Any]] = [
    {"figures": ("accepted", "resolved", "resolution", "satisfaction", "days_median"), "lines": "places"},
    {"figures": ("accepted", "resolution_towns", "rooms", "hazards", "mediated"), "lines": "months"},
    {"figures": ("accepted",), "axis": "category", "lines": "places"},
    {"figures": ("accepted",), "axis": "risk", "lines": "months"},
    {"figures": ("resolved", "resolution_concluded"), "axis": "organisation", "lines": "parts"},
    {"figures": ("open",), "axis": "status", "lines": "places"},
]


def test_every_number_opens_exactly_its_cases(ground: Ground) -> None:
    some_cases(ground)
    reader, opened = signed_in(ground.leader), 0
    for layout, place in product(LAYOUTS, ("150526", "150526103", "150526103200")):
        found = content(ground, *layout["figures"], axis=layout.get("axis", ""), lines=layout["lines"], place=place)
        for value in [v for line in (*found.lines, found.total) for v in line.values if v.part or line is found.total]:
            answer = reader.get(value.part_link)
            assert (answer.status_code, answer.context["total"].number) == (200, value.part), value.part_link
            opened += 1
    assert opened > 50


def test_the_line_of_all_is_the_board(ground: Ground) -> None:
    some_cases(ground)
    board = board_of(ground.places["150526"], preset("year", timezone.localdate()))
    names = [name for name in choosable() if name in board.values]
    for first in range(0, len(names), 12):
        total = content(ground, *names[first : first + 12]).total
        assert {v.figure.name: v.number for v in total.values} == {
            n: board.values[n].number for n in names[first : first + 12]
        }


SUMS = [
    ("category", "places", "150526"), ("channel", "places", "150526103"), ("risk", "months", "150526"),
    ("tier_accepted", "months", "150526103"), ("", "places", "150526"), ("", "months", "150526103"),
]  # fmt: skip


def test_the_lines_add_up_to_the_line_of_all_before_and_after_the_counts_are_folded(ground: Ground) -> None:
    some_cases(ground)
    Case.objects.filter(territory__code="150526103").update(accepted_at=timezone.now() - timedelta(days=70))
    for _ in range(2):
        for axis, lines, place in SUMS:
            found = content(ground, "accepted", axis=axis, lines=lines, place=place)
            sums = [sum(line.values[at].part for line in found.lines) for at in range(len(found.columns))]
            assert sums == [value.part for value in found.total.values]
            assert sums[0] >= 1
        counting_actions.fold_tallies()


def test_places_without_a_case_stand_in_the_table_and_what_lies_at_the_place_itself(ground: Ground) -> None:
    some_cases(ground)
    ways.handling(ground, territory="150526103200", category="0804")
    labels = [
        (line.label, line.place, line.values[0].part) for line in content(ground, "accepted", place="150526103").lines
    ]
    assert labels == [
        ("巨日合镇五家子村", "150526103200", 2), ("巨日合镇五道河子村", "150526103201", 1), ("巨日合镇（本级）", "", 1),
    ]  # fmt: skip
    empty = content(ground, "hazards")
    assert [line.values[0].text for line in empty.lines] == ["0", "0"]


def test_a_table_costs_the_same_however_many_lines_it_has(ground: Ground) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            content(ground, "accepted", axis="category", lines="places")
        return len(queries)

    ways.handling(ground)
    before = cost()
    some_cases(ground)
    assert cost() == before <= 12


WRONG = [
    (((), "", "places"), "figures"), ((("nonsense",), "", "places"), "figures"),
    ((("accepted",), "", "colours"), "lines"),
    ((("accepted",), "", "parts"), "axis"), ((("accepted",), "colour", "places"), "axis"),
    ((("accepted", "resolved"), "category", "places"), "figures"), ((("accepted",), "holder", "places"), "axis"),
    ((("days_median",), "tier", "parts"), "axis"), ((("open",), "", "months"), "figures"),
    ((("accepted",) * 13, "", "places"), "figures"), ((("accepted",), "days", "places"), "axis"),
]  # fmt: skip


def test_what_cannot_be_laid_out_is_refused_at_its_field(ground: Ground) -> None:
    for layout, field in WRONG:
        with pytest.raises(BadInput) as refused:
            content_of(TableLayout(*layout), ground.places["150526"], preset("month", timezone.localdate()))
        assert refused.value.field == field, layout


def test_a_table_has_bounds(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    layout = TableLayout(("accepted",), "", "months")
    with pytest.raises(BadInput) as refused:
        content_of(layout, ground.places["150526"], between(today - timedelta(days=1200), today))
    assert refused.value.field == "period"
    with pytest.raises(BadInput) as refused:
        content(ground, "accepted", place="150526103200001")
    assert refused.value.field == "lines"
    monkeypatch.setattr("workbench.statistics.custom_tables.tabulation.MOST_LINES", 1)
    with pytest.raises(BadInput) as refused:
        content(ground, "accepted")
    assert refused.value.field == "lines"
    monkeypatch.setattr("workbench.statistics.custom_tables.tabulation.MOST_COLUMNS", 3)
    with pytest.raises(BadInput) as refused:
        content(ground, "accepted", axis="category")
    assert refused.value.field == "axis"


def test_what_can_be_split_can_be_read(ground: Ground) -> None:
    some_cases(ground)
    ways_to_split = [(name, axis) for name, figure in choosable().items() for axis in splits_of(figure)]
    assert ("resolution_concluded", "organisation") in ways_to_split and len(ways_to_split) > 20
    for name, axis in ways_to_split:
        assert content(ground, name, axis=axis, lines="parts").total.values[0].figure.name == name


FORM = {
    "figures": ["accepted", "resolved"], "axis": "", "lines": "places", "period": "ytd", "place": "",
    "name": "各镇月报", "shared_with": "",
}  # fmt: skip


def saved(ground: Ground, who: str = "leader", **changes: Any) -> CustomTable:
    answer = signed_in(ground.people[who]).post(NEW, FORM | changes)
    assert answer.status_code == 302, answer.context["form"].errors
    return CustomTable.objects.latest("pk")


def test_it_is_put_together_previewed_kept_and_opened_with_the_period_of_the_day(ground: Ground) -> None:
    some_cases(ground)
    leader = signed_in(ground.leader)
    assert leader.get(NEW).status_code == 200
    assert "受理数" in leader.get(PREVIEW, FORM).content.decode()
    table = saved(ground)
    assert (table.user, table.place.code, table.period) == (ground.leader, "150526", "ytd")
    assert TrailEntry.objects.filter(verb="custom_table_saved").count() == 1
    page = leader.get(f"/figures/tables/{table.uid}/")
    assert page.context["content"].total.values[0].part == 4
    assert "各镇月报" in leader.get("/figures/tables/").content.decode()
    later = period_of(table, timezone.localdate() + timedelta(days=400))
    assert later.start.year > page.context["content"].period.start.year
    other = leader.get(f"/figures/tables/{table.uid}/?place=150526103&period=month").context["content"]
    assert (other.place.code, other.period.name) == ("150526103", "month")


def test_the_same_name_takes_the_new_content(ground: Ground) -> None:
    first = saved(ground)
    second = saved(ground, figures=["accepted"], axis="channel", period="days", start="2026-01-01", end="2026-03-31")
    assert (first.pk, second.figures, f"{second.end}") == (second.pk, ["accepted"], "2026-03-31")
    form = signed_in(ground.leader).get(f"{NEW}?from={second.uid}").context["form"]
    assert (form["axis"].value(), form["period"].value(), f"{form['end'].value()}") == ("channel", "days", "2026-03-31")


BAD_INPUT: list[tuple[dict[str, Any], str]] = [
    ({"figures": []}, "figures"), ({"figures": ["nonsense"]}, "figures"), ({"axis": "nonsense"}, "axis"),
    ({"lines": ""}, "lines"), ({"period": "decade"}, "period"), ({"name": ""}, "name"), ({"name": "长" * 41}, "name"),
    ({"period": "days"}, "start"), ({"period": "days", "start": "2026-02-30", "end": "2026-03-01"}, "start"),
    ({"lines": "months", "period": "days", "start": "2021-01-01", "end": "2026-03-01"}, "period"),
    ({"with_below": "on"}, "with_below"), ({"shared_with": "999999"}, "shared_with"),
    ({"figures": ["accepted", "resolved"], "axis": "category"}, "figures"),
]  # fmt: skip


def test_bad_input_names_its_field_and_keeps_nothing(ground: Ground) -> None:
    leader = signed_in(ground.leader)
    for changes, field in BAD_INPUT:
        answer = leader.post(NEW, FORM | changes)
        assert answer.status_code == 422, changes
        assert field in answer.context["form"].errors, changes
    assert not CustomTable.objects.exists()


def test_the_preview_says_what_is_wrong(ground: Ground) -> None:
    answer = signed_in(ground.leader).get(PREVIEW, FORM | {"axis": "category"})
    assert answer.status_code == 200 and "拆分成列时只能选一项指标" in answer.content.decode()
    assert (
        "没有找到这个区划"
        in signed_in(ground.town_manager).get(PREVIEW, FORM | {"place": "150526100"}).content.decode()
    )


def test_who_has_no_territory_puts_nothing_together(ground: Ground) -> None:
    uid = saved(ground, shared_with=str(ground.politics_and_law.pk), with_below="on").uid
    for who in ("handler", "grid_worker", "auditor", "system_admin"):
        person = signed_in(ground.people[who])
        for path in ("/figures/tables/", NEW, PREVIEW, f"/figures/tables/{uid}/", f"/figures/tables/{uid}/csv/"):
            assert person.get(path).status_code == 403, (who, path)
        assert person.post(NEW, FORM).status_code == 403
    assert CustomTable.objects.count() == 1


def test_a_place_beyond_the_territory_is_refused(ground: Ground) -> None:
    answer = signed_in(ground.town_manager).post(NEW, FORM | {"place": "150526100"})
    assert answer.status_code == 422 and not CustomTable.objects.exists()
    table = saved(ground, "town_manager")
    assert signed_in(ground.town_manager).get(f"/figures/tables/{table.uid}/?place=150526").status_code == 404


def test_it_is_used_by_whom_it_is_shared_with_each_for_the_own_place(ground: Ground) -> None:
    some_cases(ground)
    own = saved(ground, "manager")
    shared = saved(ground, "manager", name="本单位", shared_with=str(ground.county_centre.pk))
    below = saved(ground, "manager", name="全旗", shared_with=str(ground.county_centre.pk), with_below="on")

    def names(who: str) -> set[str]:
        return {row.name for row, _ in signed_in(ground.people[who]).get("/figures/tables/").context["rows"]}

    assert names("manager") == {own.name, shared.name, below.name}
    assert names("dispatcher") == {shared.name, below.name}
    assert names("town_manager") == {below.name}
    town = signed_in(ground.town_manager)
    assert town.get(f"/figures/tables/{below.uid}/").context["content"].place.code == "150526103"
    assert town.get(f"/figures/tables/{shared.uid}/").status_code == 404
    assert town.get(f"/figures/tables/{shared.uid}/xlsx/").status_code == 404


def test_it_is_thrown_away_by_who_kept_it_or_manages_its_organisation(ground: Ground) -> None:
    table = saved(ground, "dispatcher", shared_with=str(ground.county_centre.pk))
    path = f"/figures/tables/{table.uid}/discard/"
    assert signed_in(ground.clerk).post(path).status_code == 403
    assert signed_in(ground.stranger).post(path).status_code == 404
    assert signed_in(ground.manager).post(path).status_code == 302
    assert not CustomTable.objects.exists()
    assert TrailEntry.objects.filter(verb="custom_table_discarded").count() == 1
    assert signed_in(ground.leader).post(f"/figures/tables/{saved(ground).uid}/discard/").status_code == 302


def test_the_number_of_tables_has_a_limit(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.statistics.custom_tables.actions.MOST", 1)
    saved(ground)
    saved(ground, figures=["resolved"])
    answer = signed_in(ground.leader).post(NEW, FORM | {"name": "又一张"})
    assert answer.status_code == 422 and "最多保存 1 张报表" in answer.content.decode()


def file_of(ground: Ground, table: CustomTable, extension: str) -> bytes:
    answer = signed_in(ground.leader).get(f"/figures/tables/{table.uid}/{extension}/?period=year")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("split", [True, False])
def test_files_say_the_same_as_the_page_and_carry_its_chart(split: bool, ground: Ground) -> None:
    some_cases(ground)
    changes: dict[str, Any] = (
        {"figures": ["accepted"], "axis": "category"} if split else {"figures": ["accepted", "resolution"]}
    )
    table = saved(ground, **changes)
    page = signed_in(ground.leader).get(f"/figures/tables/{table.uid}/?period=year").context["content"]
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(ground, table, "xlsx")))["报表"]
    lines = [
        row[: len(page.columns) + 1]
        for row in sheet.iter_rows(min_row=5, max_row=4 + len(page.lines) + 1, values_only=True)
    ]
    shown = [
        (line.label, *("—" if v.number is None else v.number for v in line.values))
        for line in (*page.lines, page.total)
    ]
    assert lines == shown and len(sheet._charts) == 1
    word = file_of(ground, table, "docx")
    document = Document(io.BytesIO(word))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:]
    assert cells == [[line.label, *(v.text for v in line.values)] for line in (*page.lines, page.total)]
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        assert [name for name in archive.namelist() if name.startswith("word/charts/")] == ["word/charts/chart1.xml"]
    section = document.sections[0]
    assert (section.page_width > section.page_height) == split
    text = file_of(ground, table, "csv").decode("utf-8-sig").splitlines()
    assert text[-1].startswith("合计,4") and len(text) == len(page.lines) + 2
    assert file_of(ground, table, "pdf").startswith(b"%PDF")
    assert TrailEntry.objects.filter(verb="cases_exported").count() == 4


def test_there_is_no_other_kind_of_file(ground: Ground) -> None:
    table = saved(ground)
    assert signed_in(ground.leader).get(f"/figures/tables/{table.uid}/exe/").status_code == 404
    assert signed_in(ground.leader).get(f"/figures/tables/{uuid4()}/xlsx/").status_code == 404


def test_the_api_says_the_same(ground: Ground) -> None:
    some_cases(ground)
    table = saved(ground, axis="risk", figures=["accepted"], period="year")
    leader = signed_in(ground.leader)
    listed = leader.get("/api/v1/statistics/tables/").json()
    assert [(row["uid"], row["name"], row["lines"]) for row in listed] == [(str(table.uid), "各镇月报", "places")]
    told = leader.get(f"/api/v1/statistics/tables/{table.uid}/").json()
    page = leader.get(f"/figures/tables/{table.uid}/").context["content"]
    assert [[c["part"] for c in line["cells"]] for line in told["lines"]] == [
        [v.part for v in line.values] for line in page.lines
    ]
    assert [column["label"] for column in told["columns"]] == [column.label for column in page.columns]
    assert leader.get(f"/api/v1/statistics/tables/{table.uid}/?territory=150526103").json()["territory"] == "150526103"
    assert leader.get(f"/api/v1/statistics/tables/{table.uid}/?colour=red").status_code == 400
    assert signed_in(ground.stranger).get(f"/api/v1/statistics/tables/{table.uid}/").status_code == 404
    assert signed_in(ground.handler).get("/api/v1/statistics/tables/").status_code == 404
