"""Pages of the ground and of the phone, as their users see them: accessible, nothing inline, not scrolling sideways."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from grids.actions import note_outreach, plan_visits, report_hazard, set_duty, start_import
from grids.actions.duty import duty_person
from grids.actions.table_imports import check_rows
from grids.entries import HazardEntry
from grids.models import Beat
from grids.queries.table_imports import CHECK
from tests.grids.field import GRID, VILLAGE, a_head, a_worker, an_officer
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground
from zhongzhi.jobs.actions import run_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = (
    "/grids/",
    f"/grids/places/{VILLAGE}/",
    f"/grids/places/{GRID}/",
    f"/grids/places/{GRID}/board/",
    "/grids/roster/",
    "/grids/beats/",
    "/grids/hazards/",
    "/grids/visits/",
    "/grids/duty/",
)
PHONE = ("/field/", "/field/report/", "/field/visits/", "/field/people/")
KEEPER = ("/grids/tables/", "/grids/merge/?town=150526103")


def furnish(town: Ground) -> dict[str, str]:
    """Something on every page; the addresses that depend on it."""
    worker = a_worker(town)
    a_head(town)
    an_officer(town)
    hazard = report_hazard(HazardEntry("羊群进了玉米地", GRID, is_urgent=True), actor=town.grid_worker)
    today, now = timezone.localdate(), timezone.now()
    plan_visits(town.places[GRID], today, ["1 组王家"], actor=town.grid_worker)
    note_outreach(
        town.places[VILLAGE], kind="law", topic="土地政策", held_on=today, reached=30, actor=town.village_manager
    )
    set_duty(
        duty_person(town.village_manager),
        actor=town.village_manager,
        organisation=town.village_centre,
        starts_at=now,
        ends_at=now + timedelta(hours=8),
        leads=True,
    )
    beat, station = Beat.objects.get(), town.juri_police.pk
    beats = {"beat": f"/grids/beats/{beat.pk}/", "open_beat": f"/grids/beats/new/?station={station}"}
    return {**beats, "hazard": f"/field/reports/{hazard.uid}/", "person": f"/grids/people/{worker.person.uid}/"}


@pytest.mark.parametrize("who", ["manager", "village_manager", "grid_worker", "leader", "handler"])
def test_the_pages_of_each_role(who: str, sign_in: Login, town: Ground) -> None:
    own = furnish(town)
    kept = own.pop("open_beat")
    page = sign_in(town.people[who], "/grids/")
    paths = ["/grids/", "/grids/roster/", "/grids/hazards/", "/grids/visits/", "/grids/duty/", *PHONE]
    if who != "handler":
        paths = [*DESK, *PHONE, *own.values()]
    if who == "manager":
        paths += [*KEEPER, kept]
    if who == "grid_worker":
        paths.remove(f"/grids/places/{VILLAGE}/")
    found = {}
    for path in paths:
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(path)
        found[path] = check(page)
    assert found == dict.fromkeys(paths, NOTHING)


@pytest.mark.parametrize(
    "path", [f"places/{VILLAGE}/appoint", f"places/{GRID}/hand-over", "visits/plan", "visits/outreach"]
)
def test_dialogs(path: str, sign_in: Login, town: Ground) -> None:
    furnish(town)
    page = sign_in(town.manager, "/grids/")
    page.evaluate(f"htmx.ajax('GET', '/grids/{path}/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    assert check(page) == NOTHING


def test_a_table_on_its_page(sign_in: Login, town: Ground) -> None:
    text = f"类别,区划代码,姓名\n村医,{VILLAGE},好人\n村医,1,坏行\n"
    job = start_import("roster", SimpleUploadedFile("名册.csv", BytesIO(text.encode()).getvalue()), actor=town.manager)
    page = sign_in(town.manager, f"/grids/tables/{job.uid}/")
    page.get_by_text("正在检查").wait_for()
    run_due(CHECK, check_rows)
    page.get_by_role("button", name="只导入正确的行").wait_for()
    shot(page, "grids-import-1366")
    assert check(page) == NOTHING


def test_pictures(sign_in: Login, town: Ground) -> None:
    own = furnish(town)
    wide, narrow = sign_in(town.manager, "/grids/"), sign_in(town.manager, "/grids/", NARROW)
    for path in (*DESK, *KEEPER, *own.values()):
        name = path.strip("/").replace("/", "-").split("?")[0]
        wide.goto(path)
        shot(wide, f"{name}-1366")
        narrow.goto(path)
        shot(narrow, f"{name}-360")
