"""Two villages merged: subtree figures, the scope of accounts and old cases are still right."""

from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from grids import queries
from grids.actions import appoint, confirm_import, merge_villages, report_hazard, set_duty, start_import
from grids.actions.duty import duty_person
from grids.actions.table_imports import check_rows, write_rows
from grids.entries import HazardEntry, ServiceEntry
from grids.models import (
    BeatGrid,
    Organisation,
    OrganisationKind,
    Posting,
    Service,
    Shift,
    Territory,
    Verdict,
)
from grids.queries.table_imports import CHECK, WRITE
from grids.scope import scope_of
from intake.actions import accept_case, amend_case, register_case, register_from_hazard
from intake.filters import CaseFilter
from intake.models import Case
from intake.queries import case_visible_to, cases_for_list, cases_visible_to
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, OTHER_VILLAGE, VILLAGE, a_head, a_worker, an_officer
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput, PermissionDenied, RuleViolation
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job

pytestmark = pytest.mark.django_db
NEW_GRID = "150526103201002"


def afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def with_other_centre(ground: Ground) -> Organisation:
    name = "五道河子村综治中心"
    place = ground.places[OTHER_VILLAGE]
    return Organisation.objects.create(
        name=name, short_name=name, kind=OrganisationKind.CENTRE, territory=place, starts_on=STARTS
    )


def merged(ground: Ground) -> None:
    """五家子村 into 五道河子村."""
    merge_villages(
        [ground.places[VILLAGE]], ground.places[OTHER_VILLAGE], actor=ground.manager, basis="扎政发〔2026〕12号"
    )


def test_codes_are_retired_and_replaced_and_never_used_again(ground: Ground) -> None:
    with_other_centre(ground)
    merged(ground)
    old, grid = Territory.objects.get(code=VILLAGE), Territory.objects.get(code=GRID)
    assert (old.ends_on, old.successor.code, old.current_code) == (today(), OTHER_VILLAGE, OTHER_VILLAGE)
    assert (grid.ends_on, grid.current_code) == (today(), NEW_GRID)
    new = Territory.objects.get(code=NEW_GRID)
    assert (new.parent.code, new.full_name, new.starts_on) == (OTHER_VILLAGE, "巨日合镇五道河子村第2网格", today())
    with pytest.raises(RuleViolation, match="已并入"):
        queries.find_open_territory(GRID)


def test_services_beats_and_posts_go_on_and_history_shows_both(ground: Ground) -> None:
    centre = with_other_centre(ground)
    worker, head, officer = a_worker(ground), a_head(ground), an_officer(ground)
    merged(ground)
    worker.refresh_from_db()
    head.refresh_from_db()
    assert (worker.ends_on, worker.end_reason, head.ends_on) == (today(), "区划撤并", today())
    new = Territory.objects.get(code=NEW_GRID)
    assert queries.full_time_worker(new).person == worker.person
    periods = [(s.territory.code, s.ends_on) for s in queries.history_at(new).filter(kind="full_time")]
    assert periods == [(NEW_GRID, None), (GRID, today())]
    assert scope_of(afresh(officer)).areas == (NEW_GRID,)
    posts = Posting.objects.filter(user=ground.village_manager).order_by("starts_on")
    assert [(p.organisation, p.ends_on) for p in posts] == [(ground.village_centre, today()), (centre, None)]
    assert scope_of(afresh(ground.grid_worker)).areas == (NEW_GRID,)
    assert Organisation.objects.get(pk=ground.village_centre.pk).successor == centre


def test_old_cases_are_found_under_the_old_code_and_below_the_new_village(ground: Ground) -> None:
    with_other_centre(ground)
    case = register_case(an_entry(territory=GRID), actor=ground.village_manager)
    merged(ground)
    manager = afresh(ground.village_manager)
    assert case_visible_to(manager, str(case.code)) == case
    assert case_visible_to(afresh(ground.town_manager), str(case.code)) == case
    for code in (VILLAGE, GRID, OTHER_VILLAGE, NEW_GRID, "150526103", "150526103200000"[:12]):
        assert _filtered(manager, code) == [case], code
    assert _filtered(manager, OTHER_GRID) == []
    case.refresh_from_db()
    assert (case.territory.code, case.centre) == (GRID, ground.village_centre), "history is not rewritten"


def _filtered(user: User, code: str) -> list[Case]:
    filters = CaseFilter({"territory": code}, cases_for_list(user))
    assert filters.is_valid(), filters.form.errors
    return list(filters.qs)


def test_who_took_the_centre_over_goes_on_with_its_cases(ground: Ground) -> None:
    with_other_centre(ground)
    case = register_case(an_entry(territory=GRID), actor=ground.village_manager)
    merged(ground)
    manager = afresh(ground.village_manager)
    amend_case(case, an_entry(territory=GRID, request="改过的诉求"), actor=manager, reason="诉求有变")
    accept_case(case, actor=manager)
    case.refresh_from_db()
    assert (case.status, case.territory.code) == ("accepted", GRID)
    later = register_case(an_entry(territory=NEW_GRID), actor=manager)
    assert later.centre.territory.code == OTHER_VILLAGE


def test_the_figures_of_the_subtree_are_right(ground: Ground) -> None:
    with_other_centre(ground)
    a_worker(ground)
    a_worker(ground, "邻村", place=OTHER_GRID)
    a_head(ground)
    hazard = report_hazard(HazardEntry("护栏缺失", GRID), actor=ground.grid_worker)
    before = queries.overview(ground.town_manager, "150526103").figures
    merged(ground)
    town = afresh(ground.town_manager)
    assert queries.overview(town, "150526103").figures == before
    village = queries.overview(town, OTHER_VILLAGE).figures
    assert village == {"grids": 2, "workers": 2, "groups": 0, "heads": 1, "open_hazards": 1, "households": 15}
    lines = {line.place.code: (line.workers, line.open_hazards) for line in queries.overview(town, OTHER_VILLAGE).lines}
    assert lines == {OTHER_GRID: (1, 0), NEW_GRID: (1, 1)}
    assert [line.place.code for line in queries.overview(town, "150526103").lines] == [OTHER_VILLAGE]
    assert cases_visible_to(afresh(ground.stranger)).count() == 0
    code = str(register_from_hazard(hazard, actor=afresh(ground.grid_worker)).code)
    assert case_visible_to(afresh(ground.grid_worker), code).territory.code == NEW_GRID


def test_a_place_merged_twice_points_to_the_last(ground: Ground) -> None:
    with_other_centre(ground)
    town = ground.places["150526103"]
    third = Territory.objects.create(
        code="150526103202", name="第三村", full_name="巨日合镇第三村", parent=town, starts_on=STARTS
    )
    merged(ground)
    with pytest.raises(RuleViolation, match="今天才启用"):
        merge_villages([Territory.objects.get(code=OTHER_VILLAGE)], third, actor=ground.manager, basis="文")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        merge_villages([Territory.objects.get(code=OTHER_VILLAGE)], third, actor=ground.manager, basis="文")
    assert {t.current_code for t in Territory.objects.filter(code__in=[VILLAGE, OTHER_VILLAGE])} == {third.code}
    assert Territory.objects.get(code=GRID).current_code.startswith(third.code)


def test_turns_of_duty_go_along(ground: Ground) -> None:
    centre, now = with_other_centre(ground), timezone.now()
    shift = set_duty(
        duty_person(ground.village_manager),
        actor=ground.village_manager,
        organisation=ground.village_centre,
        starts_at=now,
        ends_at=now + timedelta(hours=8),
    )
    merged(ground)
    shift.refresh_from_db()
    assert shift.organisation == centre


def test_what_cannot_be_merged(ground: Ground) -> None:
    village, other, far = (ground.places[c] for c in (VILLAGE, OTHER_VILLAGE, "150526100001"))
    for sources, into, error in (
        ([], other, BadInput),
        ([village], village, RuleViolation),
        ([village], far, RuleViolation),
        ([ground.places[GRID]], other, RuleViolation),
    ):
        with pytest.raises(error):
            merge_villages(sources, into, actor=ground.manager, basis="文")
    with pytest.raises(BadInput):
        merge_villages([village], other, actor=ground.manager, basis=" ")
    for actor in (ground.town_manager, ground.village_manager, ground.stranger, ground.leader):
        with pytest.raises(PermissionDenied):
            merge_villages([village], other, actor=actor, basis="文")
    merge_villages([village], other, actor=ground.system_admin, basis="文")
    with pytest.raises(RuleViolation, match="已停用"):
        merge_villages([village], other, actor=ground.manager, basis="文")


def imported(ground: Ground, *rows: list[object]) -> Job:
    book = openpyxl.Workbook()
    book.active.append(["区划代码", "名称", "类别", "启用日期", "停用日期", "并入代码"])
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    job = start_import("places", SimpleUploadedFile("区划.xlsx", stream.getvalue()), actor=ground.manager)
    run_due(CHECK, check_rows)
    job.refresh_from_db()
    return job


def test_places_are_imported_renamed_and_retired_by_their_code(ground: Ground) -> None:
    job = imported(
        ground,
        ["150526103203", "新村", "村", "2026-01-01"],
        ["150526103203001", "第1网格", "基础网格", "2026/1/1"],
        [VILLAGE, "五家子新村"],
        [GRID, "", "", "", today(), OTHER_GRID],
        [OTHER_GRID, "巨日合镇五道河子村第1网格"],
    )
    assert {k: job.result[k] for k in Verdict.values} == {"new": 2, "changed": 1, "ended": 1, "same": 1, "faulty": 0}
    confirm_import(job, actor=ground.manager, mode="all")
    run_due(WRITE, write_rows)
    assert Territory.objects.get(code="150526103203001").parent.code == "150526103203"
    assert Territory.objects.get(code=VILLAGE).name == "五家子新村"
    assert Territory.objects.get(code=GRID).current_code == OTHER_GRID


def written(ground: Ground, *rows: list[object]) -> None:
    job = imported(ground, *rows)
    assert job.result["faulty"] == 0
    confirm_import(job, actor=ground.manager, mode="all")
    run_due(WRITE, write_rows)


def a_turn(ground: Ground, begins: datetime) -> Shift:
    person, end = duty_person(ground.village_manager), begins + timedelta(hours=8)
    return set_duty(person, actor=ground.village_manager, territory=ground.places[GRID], starts_at=begins, ends_at=end)


def test_who_serves_at_a_grid_ends_with_it_when_a_table_retires_it(ground: Ground) -> None:
    account = create_user(username="wanghai", name="王海")
    worker, head, officer = a_worker(ground, username="wanghai"), a_head(ground), an_officer(ground, GRID, OTHER_GRID)
    under_way, ahead = (a_turn(ground, timezone.now() + timedelta(hours=hours)) for hours in (-1, 30))
    assert scope_of(account).areas == (GRID,)
    written(ground, [GRID, "", "", "", today(), OTHER_GRID])
    for service in (worker, head):
        service.refresh_from_db()
        assert (service.ends_on, service.end_reason) == (today(), "区划停用")
    assert queries.services_at(ground.places[GRID]) == []
    assert BeatGrid.objects.get(territory__code=GRID).ends_on == today()
    assert BeatGrid.objects.get(territory__code=OTHER_GRID).ends_on is None
    assert scope_of(afresh(officer)).areas == (OTHER_GRID,)
    assert scope_of(afresh(account)).areas == ()
    assert not Posting.objects.filter(user=account, ends_on=None).exists()
    assert list(Shift.objects.values_list("pk", flat=True)) == [under_way.pk]
    assert not Shift.objects.filter(pk=ahead.pk).exists()
    told = TrailEntry.objects.get(verb="place_retired").facts
    assert (told["services"], told["coverage"], told["turns"]) == (2, 1, 1)


SECOND = f"{VILLAGE}002"


def of_two_grids(ground: Ground) -> tuple[User, Service]:
    """Somebody with an account who serves in two grids of a village, and the service in the second of them."""
    account = create_user(username="wanghai", name="王海")
    Territory.objects.create(
        code=SECOND, name="第2网格", full_name="第2网格", parent=ground.places[VILLAGE], starts_on=STARTS
    )
    first = a_worker(ground, username="wanghai")
    entry = ServiceEntry("part_time", SECOND, starts_on=STARTS)
    return account, appoint(entry, first.person, actor=ground.manager)


@pytest.mark.parametrize("grids", [(GRID, SECOND), (SECOND, GRID)])
def test_the_post_ends_with_the_last_of_two_grids_in_whichever_order_they_retire(
    ground: Ground, grids: tuple[str, str]
) -> None:
    account, _ = of_two_grids(ground)
    written(ground, [grids[0], "", "", "", today()], [grids[1], "", "", "", today() - timedelta(days=3)])
    assert Posting.objects.get(user=account).ends_on == today()


def test_a_table_retires_no_place_on_a_day_ahead(ground: Ground) -> None:
    a_worker(ground)
    job = imported(ground, [GRID, "", "", "", today() + timedelta(days=1)])
    told = "".join(queries.rows_of(job, Verdict.FAULTY)[0].faults)
    assert "“停用日期”" in told
    assert "请到停用当天再导入" in told
    assert Territory.objects.get(code=GRID).ends_on is None


def test_who_serves_in_a_second_grid_keeps_the_post(ground: Ground) -> None:
    account, second = of_two_grids(ground)
    written(ground, [GRID, "", "", "", today()])
    second.refresh_from_db()
    assert second.ends_on is None
    assert Posting.objects.get(user=account).ends_on is None


def test_a_grid_is_not_retired_before_somebody_began_to_serve_there(ground: Ground) -> None:
    a_worker(ground)
    Service.objects.update(starts_on=today())
    job = imported(ground, [GRID, "", "", "", today()])
    assert "停用日期应晚于这一天" in "".join(queries.rows_of(job, Verdict.FAULTY)[0].faults)


def test_turns_of_duty_at_a_grid_go_along(ground: Ground) -> None:
    with_other_centre(ground)
    shift = a_turn(ground, timezone.now() + timedelta(hours=30))
    merged(ground)
    shift.refresh_from_db()
    assert shift.territory is not None
    assert shift.territory.code == NEW_GRID


def test_mistakes_in_a_table_of_places_are_told_in_words(ground: Ground) -> None:
    job = imported(
        ground,
        ["15052610", "短"],
        ["150526999001", "没有上级"],
        ["150526103204", ""],
        [VILLAGE, "", "", "", today()],
        [GRID, "", "", "", "2020-01-01"],
        [OTHER_GRID, "", "", "", today(), "999999999999999"],
        [OTHER_GRID, "又一次"],
        ["150526103205", "新", "", "", today()],
    )
    found = {row.number: "".join(row.faults) for row in queries.rows_of(job, Verdict.FAULTY)}
    words = {
        2: "应为",
        3: "不存在",
        4: "请填写名称",
        5: "撤并",
        6: "晚于",
        7: "不是现行",
        8: "已出现过",
        9: "不能同时停用",
    }
    for number, word in words.items():
        assert word in found.pop(number), number
    assert found == {}
    with pytest.raises(PermissionDenied):
        start_import("places", SimpleUploadedFile("a.csv", b"x"), actor=ground.town_manager)


def test_the_page_merges_once_it_is_confirmed(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.manager)
    typed = {"sources": ["150526103201"], "into": "150526103200", "basis": "旗政发〔2026〕1号"}
    asked = client.post("/grids/merge/?town=150526103", typed)
    assert (asked.status_code, "请核对后勾选" in asked.content.decode()) == (422, True)
    assert Territory.objects.get(code="150526103201").ends_on is None
    done = client.post("/grids/merge/?town=150526103", {**typed, "agreed": "on"})
    assert done.headers["Location"] == "/grids/places/150526103200/"
    assert Territory.objects.get(code="150526103201").successor.code == "150526103200"
