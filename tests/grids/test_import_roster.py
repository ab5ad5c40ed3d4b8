"""A roster out and in: 4,022 heads, 200 rows changed, 7 of them wrong: 193 written, 7 explained, the rest untouched."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devkit.commands import run
from grids import queries
from grids.actions import confirm_import, end_service, start_import
from grids.actions.table_imports import check_rows, write_rows
from grids.actions.tables import TABLES, roster_rows
from grids.models import HEADS, ImportRow, RosterPerson, Service, Verdict
from grids.queries.table_imports import CHECK, WRITE
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, VILLAGE, a_head, a_worker, an_officer
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job
from zhongzhi.web.sheets import write_xlsx

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "cases"
TITLES = [column.title for column in TABLES["roster"][1]]


def exported(rows: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_xlsx("名册", TABLES["roster"][1], roster_rows(rows)))


def checked(book: openpyxl.Workbook, actor: User, kind: str = "roster") -> Job:
    stream = BytesIO()
    book.save(stream)
    upload = SimpleUploadedFile("名册.xlsx", stream.getvalue())
    job = start_import(kind, upload, actor=actor)
    assert run_due(CHECK, check_rows) == 1
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


def written(check: Job, actor: User, mode: str = "valid") -> Job:
    job = confirm_import(check, actor=actor, mode=mode)
    run_due(WRITE, write_rows)
    job.refresh_from_db()
    return job


def a_table(*rows: dict[str, Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.append(TITLES)
    names = [column.name for column in TABLES["roster"][1]]
    for row in rows:
        book.active.append([row.get(name) for name in names])
    return book


def faults(check: Job) -> dict[int, list[str]]:
    return {row.number: row.faults for row in queries.rows_of(check, Verdict.FAULTY)}


def test_4022_heads_out_200_changed_7_wrong_193_in() -> None:
    run("load_demo_county", verbosity=0)
    manager = User.objects.get(username="zhuren")
    heads = queries.services().filter(kind__in=HEADS).order_by("id")
    book = exported(heads)
    sheet = book.active
    assert sheet.max_row == 4022 + 1
    column = {title.rstrip("*"): at for at, title in enumerate((c.value for c in sheet[1]), start=1)}
    _change_200(sheet, column)
    before = {s.pk: _facts(s) for s in heads}
    trail = TrailEntry.objects.count()
    check = checked(book, manager)
    assert {k: check.result[k] for k in Verdict.values} == {
        "new": 0, "changed": 183, "ended": 10, "same": 3822, "faulty": 7,
    }  # fmt: skip
    found = faults(check)
    assert [word for number, word in WORDS.items() if word not in " ".join(found.pop(number))] == []
    assert found == {}
    assert {s.pk: _facts(s) for s in heads.all()} == before, "looking writes nothing"
    assert not ImportRow.objects.exclude(cells_sealed__isnull=False).exists()
    job = written(check, manager)
    assert (job.state, job.result) == ("done", {"written": 193, "refused": 0})
    after = {s.pk: _facts(s) for s in heads.all()}
    touched = [pk for pk in before if before[pk] != after[pk]]
    assert len(touched) == 193
    assert touched == list(before)[:193]
    assert TrailEntry.objects.filter(verb__in=["service_corrected", "service_ended"]).count() == 193
    assert TrailEntry.objects.count() == trail + 193 + 2
    _history_shows_who_served_when(list(before)[183])


def _change_200(sheet: Any, column: dict[str, int]) -> None:
    """Rows 2-201: 100 other households, 83 other phones, 10 ends of service, and 7 mistakes."""
    for row in range(2, 102):
        sheet.cell(row, column["联系户数"]).value = 31
    for row in range(102, 185):
        sheet.cell(row, column["手机"]).value = f"13999{row:06d}"
    for row in range(185, 195):
        sheet.cell(row, column["离任日期"]).value = today().isoformat()
        sheet.cell(row, column["离任原因"]).value = "搬迁"
    sheet.cell(195, column["手机"]).value = "1399900"
    sheet.cell(196, column["姓名"]).value = None
    sheet.cell(197, column["联系户数"]).value = "十五"
    sheet.cell(198, column["离任日期"]).value = "2024-01-01"
    sheet.cell(199, column["类别"]).value = "网格长"
    sheet.cell(200, column["编号"]).value = "FW99999999"
    sheet.cell(201, column["身份证号"]).value = "152327196503152418"


def _facts(service: Service) -> tuple[Any, ...]:
    phone = bytes(service.person.phone_sealed or b"")
    return (service.person.name, phone, service.households, service.ends_on, service.end_reason, service.title)


WORDS = {
    195: "手机：",
    196: "请填写姓名",
    197: "联系户数“十五”不是整数",
    198: "离任日期应晚于任职日期（2025-01-01）",
    199: "不能改成“网格长”；请填离任日期后另起一行",
    200: "编号 FW99999999 在您的名册中不存在",
    201: "身份证号：身份证号码的校验位不符",
}


def _history_shows_who_served_when(pk: int) -> None:
    service = Service.objects.get(pk=pk)
    assert (service.ends_on, service.end_reason) == (today(), "搬迁")
    assert service in queries.history_at(service.territory)
    yesterday = queries.services_at(service.territory, on=today() - timedelta(days=1))
    assert service in yesterday
    assert service not in queries.services_at(service.territory)


def test_a_table_that_comes_back_unchanged_writes_nothing(ground: Ground) -> None:
    a_worker(ground)
    a_head(ground)
    check = checked(exported(queries.services()), ground.manager)
    assert check.result["same"] == 2
    job = written(check, ground.manager, "all")
    assert job.result == {"written": 0, "refused": 0}


def test_new_people_are_appointed_and_the_next_worker_follows_the_one_who_ends(ground: Ground) -> None:
    old = a_worker(ground)
    check = checked(
        a_table(
            {"kind": "专职网格员", "place": GRID, "name": "后来", "phone": "13847500077", "starts_on": today()},
            {"key": old.key, "kind": "专职网格员", "place": GRID, "name": "王海", "ends_on": today()},
            {
                "kind": "联户长",
                "place": GRID,
                "name": "户长甲",
                "households": 12,
                "system": "自治区平台",
                "number": "A-1",
            },
        ),
        ground.manager,
    )
    assert faults(check) == {}
    assert written(check, ground.manager, "all").result == {"written": 3, "refused": 0}
    assert queries.full_time_worker(ground.places[GRID]).person.name == "后来"
    head = Service.objects.get(kind="household_head")
    assert head.person.external_ids.get().number == "A-1"
    again = checked(
        a_table({"kind": "户长", "place": GRID, "name": "改了名", "system": "自治区平台", "number": "A-1"}),
        ground.manager,
    )
    assert again.result["changed"] == 1, "an outside number finds the same person"


def test_every_mistake_is_explained_in_words(ground: Ground) -> None:
    a_worker(ground)
    other = a_head(ground)
    check = checked(
        a_table(
            {"kind": "专职网格员", "place": GRID, "name": "第二个"},
            {"kind": "专职网格员", "place": OTHER_GRID, "name": "甲"},
            {"kind": "专职网格员", "place": OTHER_GRID, "name": "乙"},
            {"kind": "厨师", "place": GRID, "name": "丙"},
            {"kind": "村医", "place": GRID, "name": "丁"},
            {"kind": "村医", "place": "150526103999", "name": "丁"},
            {"kind": "村医", "place": "", "name": "丁"},
            {"kind": "包片民警", "place": "", "name": "丁", "beat": "没有/这个"},
            {"kind": "网格长", "place": GRID, "name": "戊", "households": 3},
            {"kind": "网格长", "place": GRID, "name": "己", "starts_on": "去年"},
            {"kind": "网格长", "place": GRID, "name": "庚", "paper_number": 152327196503152419},
            {"kind": "网格长", "place": GRID, "name": "辛", "username": "nobody"},
            {"key": other.key, "kind": "联户长", "place": GRID, "name": "壬"},
            {"key": other.key, "kind": "联户长", "place": GRID, "name": "癸"},
            {"key": other.key, "kind": "联户长", "place": OTHER_GRID, "name": "癸"},
        ),
        ground.manager,
    )
    found = {number: "".join(words) for number, words in faults(check).items()}
    for number, word in {
        2: "王*", 4: "第 3 行", 5: "不认识", 6: "应对应到", 7: "没有区划代码", 8: "请填写区划代码", 9: "派出所名称",
        10: "联系户数", 11: "不是日期", 12: "文本", 13: "没有用户名", 15: "已出现过", 16: "已出现过",
    }.items():  # fmt: skip
        assert word in found.pop(number), (number, word)
    assert found == {}


def test_one_imports_into_ones_own_territory_only(ground: Ground) -> None:
    theirs = a_head(ground, place=OTHER_GRID)
    book = a_table(
        {"kind": "村医", "place": VILLAGE, "name": "本村"},
        {"kind": "村医", "place": "150526103201", "name": "邻村"},
        {"key": theirs.key, "kind": "联户长", "place": OTHER_GRID, "name": "改名"},
    )
    check = checked(book, ground.village_manager)
    assert set(faults(check)) == {3, 4}
    for actor in (ground.clerk, ground.grid_worker, ground.leader):
        with pytest.raises(PermissionDenied):
            start_import("roster", SimpleUploadedFile("a.csv", b"x"), actor=actor)


def test_all_or_nothing(ground: Ground) -> None:
    check = checked(
        a_table({"kind": "村医", "place": VILLAGE, "name": "好"}, {"kind": "村医", "place": "1", "name": "坏"}),
        ground.manager,
    )
    with pytest.raises(RuleViolation, match="还有错误"):
        confirm_import(check, actor=ground.manager, mode="all")
    assert Service.objects.count() == 0


def _meanwhile_another_is_appointed(ground: Ground) -> Job:
    check = checked(
        a_table(
            {"kind": "专职网格员", "place": GRID, "name": "表中"}, {"kind": "村医", "place": VILLAGE, "name": "村医"}
        ),
        ground.manager,
    )
    a_worker(ground, "抢先")
    return check


def test_what_changed_since_the_look_is_seen_again_all(ground: Ground) -> None:
    check = _meanwhile_another_is_appointed(ground)
    job = written(check, ground.manager, "all")
    assert (job.state, "没有写入任何内容" in job.message) == ("failed", True)
    assert Service.objects.count() == 1


def test_what_changed_since_the_look_is_seen_again_valid(ground: Ground) -> None:
    check = _meanwhile_another_is_appointed(ground)
    job = written(check, ground.manager, "valid")
    assert job.result == {"written": 1, "refused": 1}
    assert "抢*" in "".join(faults(check)[2])


def test_a_writer_that_dies_is_followed_by_one_that_goes_on(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grids.actions.table_imports.CHUNK", 2)
    rows = [{"kind": "平安志愿者", "place": GRID, "name": f"志愿者{n}"} for n in range(9)]
    check = checked(a_table(*rows), ground.manager)
    job = confirm_import(check, actor=ground.manager, mode="valid")
    while Job.objects.get(pk=job.pk).is_open:
        run_due(WRITE, write_rows, seconds=0.0001)
    assert Service.objects.count() == RosterPerson.objects.count() == 9
    assert Job.objects.get(pk=job.pk).result == {"written": 9, "refused": 0}


def test_a_table_is_confirmed_once_by_its_owner(ground: Ground) -> None:
    check = checked(a_table({"kind": "村医", "place": VILLAGE, "name": "好"}), ground.manager)
    with pytest.raises(BadInput):
        confirm_import(check, actor=ground.manager, mode="some")
    with pytest.raises(Job.DoesNotExist):
        confirm_import(check, actor=ground.town_manager, mode="all")
    confirm_import(check, actor=ground.manager, mode="all")
    with pytest.raises(InvalidTransition):
        confirm_import(check, actor=ground.manager, mode="all")


@pytest.mark.parametrize(
    ("kind", "upload", "error"),
    [
        ("roster", lambda: None, BadInput),
        ("kings", lambda: SimpleUploadedFile("a.csv", b"x"), BadInput),
        ("roster", lambda: SimpleUploadedFile("a.csv", "甲,乙\n1,2".encode()), BadInput),
    ],
)
def test_what_is_no_roster_is_refused_at_once(
    kind: str, upload: Callable[[], Any], error: type, ground: Ground
) -> None:
    with pytest.raises(error):
        start_import(kind, upload(), actor=ground.manager)


def test_an_empty_table_is_told(ground: Ground) -> None:
    job = start_import("roster", SimpleUploadedFile("a.csv", (",".join(TITLES)).encode()), actor=ground.manager)
    run_due(CHECK, check_rows)
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "表中没有数据行。")


def test_an_ended_service_is_not_ended_again(ground: Ground) -> None:
    head = end_service(a_head(ground), actor=ground.manager, ends_on=today())
    row = {"key": head.key, "kind": "联户长", "place": GRID, "name": "李长福", "ends_on": today() + timedelta(days=3)}
    assert "不能再改" in faults(checked(a_table(row), ground.manager))[2][0]


def _one_ends_badly_and_one_follows(ground: Ground, *, follower_first: bool) -> Job:
    old = a_worker(ground)
    end = {"key": old.key, "kind": "专职网格员", "place": GRID, "name": "王海", "ends_on": today(), "phone": "139"}
    follow = {"kind": "专职网格员", "place": GRID, "name": "后来", "starts_on": today()}
    return checked(a_table(*([follow, end] if follower_first else [end, follow])), ground.manager)


@pytest.mark.parametrize("follower_first", [True, False])
def test_who_follows_somebody_whose_own_row_is_faulty_is_told_so_at_once(ground: Ground, follower_first: bool) -> None:
    check = _one_ends_badly_and_one_follows(ground, follower_first=follower_first)
    assert (check.result["faulty"], check.result["new"], check.result["ended"]) == (2, 0, 0)
    found = faults(check)
    assert "王*" in "".join(found[2 if follower_first else 3])
    job = written(check, ground.manager)
    assert job.result == {"written": 0, "refused": 0}, "what was shown is what happens"


def test_a_check_that_goes_on_after_a_kill_still_knows_whose_end_is_faulty(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grids.actions.table_imports.CHUNK", 1)
    old = a_worker(ground)
    rows = [
        {"kind": "专职网格员", "place": GRID, "name": "后来", "starts_on": today()},
        {"key": old.key, "kind": "专职网格员", "place": GRID, "name": "王海", "ends_on": today(), "phone": "139"},
        {"kind": "平安志愿者", "place": GRID, "name": "志愿者"},
    ]
    stream = BytesIO()
    a_table(*rows).save(stream)
    job = start_import("roster", SimpleUploadedFile("名册.xlsx", stream.getvalue()), actor=ground.manager)
    while Job.objects.get(pk=job.pk).is_open:
        run_due(CHECK, check_rows, seconds=0.0001)
    job.refresh_from_db()
    assert (job.result["faulty"], job.result["new"]) == (2, 1)


def test_an_officers_post_is_seen_in_the_preview_too(ground: Ground) -> None:
    an_officer(ground)
    held, beat = Service.objects.get(), "巨日合镇派出所/警格1"
    new = {"kind": "包片民警", "beat": beat, "name": "朝鲁", "starts_on": today()}
    assert "已有包片民警 乌*吉" in "".join(faults(checked(a_table(new), ground.manager))[2])
    end = {"key": held.key, "kind": "包片民警", "name": "乌力吉", "ends_on": today()}
    check = checked(a_table(new, end, {**new, "name": "第三个"}), ground.manager)
    assert {number: "第 2 行已给这个警格" in words[0] for number, words in faults(check).items()} == {4: True}
    assert written(check, ground.manager).result == {"written": 2, "refused": 0}


def test_periods_of_the_past_must_not_overlap(ground: Ground) -> None:
    end_service(a_worker(ground), actor=ground.manager, ends_on=today())
    past = {"kind": "专职网格员", "place": GRID, "name": "从前", "starts_on": "2025-03-01", "ends_on": "2025-06-01"}
    assert "任期不能重叠" in "".join(faults(checked(a_table(past), ground.manager))[2])


def test_accounts_that_cannot_be_given_are_told_in_the_preview(ground: Ground) -> None:
    taken = a_worker(ground, username=ground.grid_worker.username)
    rows = [
        {"kind": "网格长", "place": GRID, "name": "甲", "username": ground.grid_worker.username},
        {"kind": "网格长", "place": GRID, "name": "乙", "username": ground.auditor.username},
        {"kind": "网格长", "place": GRID, "name": "丙", "username": ground.clerk.username},
        {"kind": "村医", "place": VILLAGE, "name": "丁", "username": ground.clerk.username},
    ]
    found = {number: "".join(words) for number, words in faults(checked(a_table(*rows), ground.manager)).items()}
    assert taken.person.user == ground.grid_worker
    assert set(found) == {2, 3, 5}
    assert ("已属于另一个人" in found[2], "不能兼任网格长" in found[3], "已属于另一个人" in found[5]) == (True,) * 3


def test_a_row_that_an_action_refuses_does_not_stop_the_others(ground: Ground) -> None:
    rows = [
        {"kind": "网格长", "place": GRID, "name": "甲", "username": ground.clerk.username},
        {"kind": "村医", "place": VILLAGE, "name": "丁"},
    ]
    check = checked(a_table(*rows), ground.manager)
    ground.clerk.postings.update(organisation=ground.county_centre, role="auditor")
    job = written(check, ground.manager)
    assert job.result == {"written": 1, "refused": 1}
    assert "不能兼任" in "".join(faults(check)[2])


def test_writing_asks_as_often_for_30_rows_as_for_3(ground: Ground) -> None:
    counts = []
    for number in (3, 30):
        rows = [{"kind": "平安志愿者", "place": GRID, "name": f"志愿者{number}-{n}"} for n in range(number)]
        check = checked(a_table(*rows), ground.manager)
        with CaptureQueriesContext(connection) as caught:
            assert written(check, ground.manager).result["written"] == number
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_roster_as_an_office_keeps_it(ground: Ground) -> None:
    """B18: 20 户, serial days, full width, 网格员 for 专职网格员; what cannot be read is told."""
    book = openpyxl.load_workbook(CASES / "B18_roster.xlsx")
    check = checked(book, ground.manager)
    assert set(faults(check)) == {4, 10}
    assert "2026年3月" in faults(check)[4][0] and any("被表格软件当作数字" in said for said in faults(check)[10])
    written(check, ground.manager)
    served = {s.person.name: s for s in Service.objects.filter(territory__code="150526103200001")}
    assert {n: served[n].households for n in ("王海", "李强", "孙强", "阿不都·热合曼", "郑强")} == dict.fromkeys(
        ("王海", "李强", "孙强", "阿不都·热合曼", "郑强"), 20
    )
    assert {served[n].starts_on for n in ("王海", "李强", "孙强", "周强", "郑强")} == {date(2026, 3, 5)}
    assert (served["吴强"].kind, served["阿不都·热合曼"].person.phone) == ("full_time", "0475-7221234")


def test_one_name_with_one_telephone_is_one_person(ground: Ground) -> None:
    head = {"kind": "联户长", "place": GRID, "starts_on": "2026-03-05", "phone": "13947560001"}
    other = head | {"kind": "楼栋长", "name": "王　海"}
    check = checked(a_table(head | {"name": "王海"}, other, head | {"name": " 王 海"}), ground.manager)
    assert faults(check) == {4: ["与第 2 行是同一个人、同一岗位。"]}
    written(check, ground.manager)
    assert Service.objects.filter(person__name="王海").count() == 2
    person = RosterPerson.objects.get(name="王海")
    again = checked(a_table(head | {"name": "王海", "kind": "网格长"}), ground.manager)
    written(again, ground.manager)
    assert Service.objects.filter(person=person).count() == 3
    stranger = checked(a_table(head | {"name": "王海", "kind": "平安志愿者", "phone": "13947560009"}), ground.manager)
    written(stranger, ground.manager)
    assert RosterPerson.objects.filter(name="王海").count() == 2
