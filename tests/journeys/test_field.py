"""Phones at the edge of a field, 360 pixels wide: a report without network is sent once; a hazard becomes a case;
the officer presses "on the spot" and the time is measured (story 4)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids.actions import plan_visits, report_hazard
from grids.entries import HazardEntry
from grids.models import Hazard, HazardFile, Visit
from intake.models import Case
from tests.files.samples import picture
from tests.grids.field import GRID, a_head, an_officer
from tests.journeys.conftest import NARROW, Login, shot
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STORY = "羊群进了小张家的玉米地，双方争吵。"


def ready(page: Page) -> None:
    """The service worker holds the page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function("caches.open('field-pages').then((kept) => kept.match('/field/report/')).then(Boolean)")


def fill(page: Page, tmp_path: Path) -> None:
    photo = tmp_path / "羊.jpg"
    photo.write_bytes(picture(size=(2400, 1200)))
    page.get_by_label("发现了什么").fill(STORY)
    page.locator("#files").set_input_files(str(photo))
    page.locator(".thumbs canvas").wait_for()
    page.get_by_text("请民警和村干部马上到场").click()


def test_a_report_without_network_waits_on_the_phone_and_is_sent_once(
    sign_in: Login, town: Ground, complaints: list[str], tmp_path: Path
) -> None:
    officer = an_officer(town)
    page = sign_in(town.grid_worker, "/field/report/", NARROW)
    ready(page)
    page.context.set_offline(True)
    page.goto("/field/report/")
    expect(page.get_by_text("没有网络").first).to_be_visible()
    fill(page, tmp_path)
    shot(page, "field-report-360")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-waiting]")).to_contain_text("羊群进了小张家的玉米地")
    shot(page, "field-waiting-360")
    assert not Hazard.objects.exists()
    page.goto("/field/")
    expect(page.locator("[data-waiting]")).to_contain_text("含 1 个照片或视频")
    complaints[:] = [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text]
    _the_first_answer_is_lost(page)
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden(timeout=40_000)
    complaints[:] = [text for text in complaints if "ERR_" not in text]
    hazard = Hazard.objects.get()
    assert (hazard.narrative, hazard.territory.code, hazard.is_urgent) == (STORY, GRID, True)
    assert hazard.found_at < hazard.reported_at
    file = HazardFile.objects.get().file
    assert (file.content_type, file.name) == ("image/jpeg", "羊.jpg")
    page.evaluate("field.flush()")
    assert Hazard.objects.count() == 1
    phone = sign_in(officer, "/field/", NARROW)
    expect(phone.get_by_text("请到场")).to_be_visible()


def _the_first_answer_is_lost(page: Page) -> None:
    """The report arrives, but its answer does not reach the phone: the phone sends again."""
    lost = []

    def lose(route: object) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.context.route("**/api/v1/hazards/", lose)


def test_a_hazard_becomes_a_case_with_one_press(sign_in: Login, town: Ground) -> None:
    entry = HazardEntry(STORY, GRID, level="yellow", reporter_name="小张", other_side="老李")
    hazard = report_hazard(entry, actor=town.grid_worker)
    page = sign_in(town.grid_worker, "/field/", NARROW)
    page.get_by_text(STORY[:10]).click()
    shot(page, "field-hazard-360")
    page.get_by_role("button", name="转为案件").click()
    expect(page.get_by_text("已转为案件")).to_be_visible()
    case = Case.objects.get()
    assert (case.narrative, case.risk, case.channel) == (STORY, "yellow", "02")
    assert page.url.endswith(f"/cases/{case.code}/")
    page.goto(f"/field/reports/{hazard.uid}/")
    expect(page.get_by_role("link", name=str(case.code))).to_be_visible()


def test_the_officer_is_on_the_spot_and_the_time_is_measured(sign_in: Login, town: Ground) -> None:
    officer = an_officer(town)
    hazard = report_hazard(HazardEntry(STORY, GRID, is_urgent=True), actor=town.grid_worker)
    Hazard.objects.update(reported_at=hazard.reported_at - timedelta(minutes=11))
    page = sign_in(officer, "/field/", NARROW)
    shot(page, "field-home-360")
    page.get_by_text("请到场").click()
    expect(page.get_by_text("还没有人到场")).to_be_visible()
    page.get_by_role("button", name="我已到场").click()
    expect(page.get_by_text("11 分钟")).to_be_visible()
    shot(page, "field-on-the-spot-360")
    hazard.refresh_from_db()
    assert hazard.minutes_to_spot == 11
    page.get_by_text("就地化解", exact=True).click()
    page.get_by_label("怎样化解的").fill("当场赔付，约定三天内修好羊圈。")
    page.get_by_role("button", name="记为就地化解").click()
    expect(page.get_by_text("已记为就地化解")).to_be_visible()
    manager = sign_in(town.town_manager, "/grids/hazards/")
    expect(manager.get_by_text("1 / 1")).to_be_visible()


def test_a_visit_is_noted_and_a_head_is_called(sign_in: Login, town: Ground) -> None:
    a_head(town)
    plan_visits(town.places[GRID], timezone.localdate(), ["2 组李家"], actor=town.grid_worker)
    page = sign_in(town.grid_worker, "/field/visits/", NARROW)
    page.get_by_text("2 组李家").click()
    page.get_by_label("情况").first.fill("一切都好")
    page.get_by_role("button", name="走访过了").click()
    expect(page.get_by_text("走访已送达")).to_be_visible()
    shot(page, "field-visits-360")
    visit = Visit.objects.get()
    assert (visit.household, visit.note) == ("2 组李家", "一切都好")
    page.goto("/field/people/")
    shot(page, "field-people-360")
    page.get_by_role("button", name="联系李长福").click()
    expect(page.get_by_role("link", name="13847500010")).to_be_visible()
