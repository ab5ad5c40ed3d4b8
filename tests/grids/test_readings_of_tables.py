"""A roster, places, beats or people in a table of another office: read as somebody says it, and remembered."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grids import queries
from grids.actions import confirm_import, read_again, start_import
from grids.actions.table_imports import check_rows, write_rows
from grids.models import HandedTable, Service, TableLayout, Verdict
from grids.queries.table_imports import CHECK, WRITE
from tests.grids.field import GRID, VILLAGE
from tests.intake.api import as_person, problem_of
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, RuleViolation
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job

pytestmark = pytest.mark.django_db
FOREIGN = ["序", "职别", "哪个村", "何人", "联系方式"]
COLUMNS = {"kind": 1, "place": 2, "name": 3, "phone": 4}
KINDS = {
    "roster": (FOREIGN, ["1", "村医", VILLAGE, "王海", "13800000001"], COLUMNS),
    "places": (["序", "码", "叫法", "备注"], ["1", f"{VILLAGE}077", "第77网格", ""], {"code": 1, "name": 2}),
    "beats": (
        ["序", "所", "格", "码"],
        ["1", "巨日合镇派出所", "第9警格", GRID],
        {"station": 1, "beat": 2, "place": 3},
    ),
    "people": (
        ["序", "谁", "登录名", "在哪", "干什么"],
        ["1", "包萨仁", "baosaren9", "扎鲁特旗司法局", "承办人"],
        {"name": 1, "username": 2, "organisation": 3, "role": 4},
    ),
}


def a_book(*sheets: tuple[str, list[list[Any]]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("来表.xlsx", stream.getvalue())


def looked_at(ground: Ground, file: SimpleUploadedFile, kind: str = "roster") -> Job:
    return once_more(start_import(kind, file, actor=ground.manager))


def once_more(job: Job) -> Job:
    assert run_due(CHECK, check_rows) == 1
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_that_nobody_knows_is_pointed_at_and_remembered(kind: str, ground: Ground) -> None:
    head, row, columns = KINDS[kind]
    job = looked_at(ground, a_book(("表", [head, row])), kind)
    assert job.result["asking"]
    with pytest.raises(InvalidTransition, match="指出各列"):
        confirm_import(job, actor=ground.manager, mode="valid")
    job = once_more(read_again(job, actor=ground.manager, sheet="表", head=1, columns=columns))
    assert "asking" not in job.result
    assert job.done == 1
    again = looked_at(ground, a_book(("另一张", [head, row])), kind)
    assert "asking" not in again.result
    assert again.done == 1
    assert TableLayout.objects.get().places == columns


def test_a_table_that_was_pointed_at_is_written(ground: Ground) -> None:
    job = looked_at(ground, a_book(("表", [FOREIGN, KINDS["roster"][1]])))
    job = once_more(read_again(job, actor=ground.manager, sheet="表", head=1, columns=COLUMNS))
    assert job.result[Verdict.NEW] == 1
    confirm_import(job, actor=ground.manager, mode="all")
    run_due(WRITE, write_rows)
    service = Service.objects.get()
    assert (service.person.name, service.person.phone) == ("王海", "13800000001")
    assert not HandedTable.objects.exists(), "the file goes when it is confirmed"
    with pytest.raises(InvalidTransition):
        read_again(job, actor=ground.manager, sheet="表")
    assert TrailEntry.objects.filter(verb="table_read_again", actor=ground.manager).count() == 1


def test_known_titles_can_be_fed_otherwise(ground: Ground) -> None:
    head = ["类别", "区划代码", "姓名", "曾用名"]
    job = looked_at(ground, a_book(("表", [head, ["村医", VILLAGE, "王海", "李山"]])))
    places = {"kind": 0, "place": 1, "name": 3}
    job = once_more(read_again(job, actor=ground.manager, sheet="表", head=1, columns=places))
    assert [row.cells["name"] for row in queries.rows_of(job, Verdict.NEW)] == ["李山"]


def test_another_sheet_can_be_chosen_and_the_first_is_told(ground: Ground) -> None:
    head = ["类别", "区划代码", "姓名"]
    rows = [("甲", [head, ["村医", VILLAGE, "王海"]]), ("乙", [head, ["村医", VILLAGE, "李山"]])]
    job = looked_at(ground, a_book(*rows))
    assert job.result["others"] == ["乙"]
    job = once_more(read_again(job, actor=ground.manager, sheet="乙"))
    assert [row.cells["name"] for row in queries.rows_of(job, Verdict.NEW)] == ["李山"]
    with pytest.raises(RuleViolation) as refused:
        read_again(job, actor=ground.manager, sheet="丙")
    assert list(refused.value.errors) == ["sheet"]


@pytest.mark.parametrize("columns", [{"kind": 1, "place": 1, "name": 3}, {"kind": 1, "name": 3}, {"kind": 9}])
def test_columns_that_cannot_be_are_refused_and_nothing_changes(columns: dict[str, int], ground: Ground) -> None:
    job = looked_at(ground, a_book(("表", [FOREIGN, KINDS["roster"][1]])))
    with pytest.raises(RuleViolation) as refused:
        read_again(job, actor=ground.manager, sheet="表", head=1, columns=columns)
    assert list(refused.value.errors) == ["columns"]
    job.refresh_from_db()
    assert (job.state, TableLayout.objects.count()) == ("done", 0)


def test_hidden_rows_are_told(ground: Ground) -> None:
    book = openpyxl.Workbook()
    for row in (["类别", "区划代码", "姓名"], ["村医", VILLAGE, "王海"], ["村医", VILLAGE, "李山"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    stream = BytesIO()
    book.save(stream)
    job = looked_at(ground, SimpleUploadedFile("名册.xlsx", stream.getvalue()))
    assert (job.result["hidden"], job.result[Verdict.NEW]) == (1, 2)


def test_the_page_asks_shows_the_reading_and_takes_another(ground: Ground, client: Client) -> None:
    client.force_login(ground.manager)
    job = looked_at(ground, a_book(("表", [FOREIGN, KINDS["roster"][1]])))
    address = f"/grids/tables/{job.uid}/"
    asked = client.get(address).content.decode()
    assert "认不出这几列" in asked and "联系方式（如 13800000001）" in asked
    sent = {"head": "1", **{name: str(at) for name, at in COLUMNS.items()}}
    twice = client.post(f"{address}read/", sent | {"name": "1"})
    assert twice.status_code == 422 and "同一列不能对应两项" in twice.content.decode()
    assert client.post(f"{address}read/", sent)["Location"] == address
    once_more(job)
    shown = client.get(address).content.decode()
    assert "第 1 行是表头" in shown and "前 1 行预览" in shown and "没有用到的列：序" in shown


def test_a_program_points_at_the_columns_too(ground: Ground) -> None:
    job, client = looked_at(ground, a_book(("表", [FOREIGN, KINDS["roster"][1]]))), as_person(ground.manager)
    here = f"/api/v1/tables/{job.uid}/"
    told = client.get(here).json()
    assert (told["missing"], told["head"], told["titles"]) == (["类别", "区划代码", "姓名"], 1, FOREIGN)
    wrong = client.post(f"{here}reading/", {"head": 1, "columns": {"kind": 1}}, format="json")
    assert problem_of(wrong) == (422, "rule_broken", ["columns"])
    taken = client.post(f"{here}reading/", {"head": 1, "columns": COLUMNS}, format="json")
    assert (taken.status_code, taken.json()["state"]) == (200, "waiting")
    once_more(job)
    done = client.get(here).json()
    assert (done["missing"], done["columns"], done["counts"]["new"]) == ([], COLUMNS, 1)
    assert as_person(ground.dispatcher).post(f"{here}reading/", {"head": 1}, format="json").status_code == 404
