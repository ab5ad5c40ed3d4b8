"""Every page and dialog of mediation: no accessibility faults, no sideways scrolling, nothing inline, no complaints."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from mediation import actions
from mediation.models import Mediation
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.mediation import ways
from tests.mediation.ways import House, a_house
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(town: Ground) -> House:
    return a_house(town)


def story(town: Ground, house: House) -> Mediation:
    """One mediation agreed with a survey and a confirmation, and others in every state beside it."""
    mediation = ways.running(town, house)
    survey = ways.planned(town, mediation, house, kind="survey", room=None, place="村东地块")
    actions.add_material(mediation, ways.photo(), actor=town.town_mediator, kind="survey", session=survey)
    survey.bookings.all().delete()
    ways.held(town, mediation, house)
    today = timezone.localdate()
    debt = ways.money(town, mediation, "3000", (today, "1000"), (today + timedelta(days=31), "2000"))
    agreement = ways.in_force(town, mediation, obligations=[*ways.obligations(mediation.case), debt])
    everyone = [str(p.uid) for p in mediation.case.parties.all()]
    actions.apply_for_confirmation(
        agreement, actor=town.town_mediator, court=house.court, applicants=everyone, on=today
    )
    failed = ways.running(town, house)
    actions.end_without_agreement(
        failed, actor=town.town_mediator, reason="apart", note="界址各执一词", told=["arbitration", "litigation"]
    )
    ways.opened(town, house)
    other = ways.running(town, house, mediators=[house.second])
    for hours in (24, 30, 48):
        starts = timezone.now() + timedelta(hours=hours)
        ways.planned(town, other, house, starts_at=starts, mediators=[house.second])
    type(town.labour_bureau).objects.filter(pk=town.labour_bureau.pk).update(presence="rotating")
    town.labour_bureau.refresh_from_db()
    entry = actions.DutyEntry(town.labour_bureau, today, "赵敏", "6号窗口", "0475-7221234")
    actions.set_duty(town.county_centre, entry, actor=town.dispatcher)
    return mediation


def test_the_pages(sign_in: Login, town: Ground, house: House) -> None:
    mediation = story(town, house)
    open_one = Mediation.objects.get(status="running")
    head = f"/mediation/{mediation.uid}/"
    session = open_one.sessions.first()
    assert session
    paths = {
        "/": "home",
        "/mediation/": "desk",
        "/mediation/calendar/": "calendar",
        "/mediation/all/": "list",
        "/mediation/obligations/": "obligations",
        "/mediation/confirmations/": "confirmations",
        "/mediation/statistics/": "statistics",
        "/mediation/bodies/": "bodies",
        f"/mediation/bodies/{house.body.pk}/": "body",
        head: "mediation",
        f"{head}file/": "file",
        f"/mediation/sessions/{session.uid}/": "session",
        f"/mediation/sessions/{mediation.sessions.get(kind='survey').uid}/": "survey",
        f"/mediation/{open_one.uid}/agreement/": "editor",
        f"/mediation/{open_one.uid}/sign/": "sign",
        f"/mediation/{open_one.uid}/": "open",
    }
    page = sign_in(town.town_mediator, "/")
    found = {}
    for path, name in paths.items():
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(path)
        found[path] = check(page)
        page.set_viewport_size({"width": 1366, "height": 800})
        shot(page, f"page-{name}")
        page.set_viewport_size(NARROW)
        shot(page, f"page-{name}-narrow")
    assert found == dict.fromkeys(paths, NOTHING)


def test_the_hall_on_the_clerks_page_and_the_roster(sign_in: Login, town: Ground, house: House) -> None:
    story(town, house)
    page = sign_in(town.dispatcher, "/")
    found = [check(page)]
    shot(page, "page-home-hall")
    page.goto("/mediation/roster/")
    found.append(check(page))
    shot(page, "page-roster")
    page.reload()
    page.get_by_role("button", name="安排值守").click()
    page.locator("#sheet h2").wait_for()
    found.append(check(page))
    assert found == [NOTHING] * 3


def test_the_dialogs(sign_in: Login, town: Ground, house: House) -> None:
    mediation = story(town, house)
    agreement = mediation.agreements.get()
    open_one = Mediation.objects.get(status="running")
    parts = ways.instalments(agreement)
    confirmation = agreement.confirmations.get()
    fresh = ways.accepted(town)
    paths = [
        *(
            f"/mediation/mediation/{open_one.uid}/acts/{n}/"
            for n in ("consent", "plan", "extend", "recuse", "fail", "cancel")
        ),
        f"/mediation/instalment/{parts[0].uid}/acts/perform/",
        f"/mediation/instalment/{parts[-1].uid}/acts/perform/",
        f"/mediation/confirmation/{confirmation.uid}/acts/acceptance/",
        f"/mediation/agreement/{agreement.uid}/acts/confirm/",
        f"/mediation/open/{fresh.code}/",
    ]
    page = sign_in(town.town_dispatcher, f"/mediation/{open_one.uid}/")
    found = {}
    for at, path in enumerate(paths):
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(f"/mediation/{open_one.uid}/")
        page.evaluate(f"htmx.ajax('GET', '{path}', '#sheet')")
        page.locator("#sheet h2").wait_for()
        found[path] = check(page)
        shot(page, f"dialog-{at}")
    assert found == dict.fromkeys(paths, NOTHING)


def test_the_pages_that_keep_bodies(sign_in: Login, town: Ground, house: House) -> None:
    call_command("load_mediation_tables", stdout=StringIO())
    mediation = story(town, house)
    open_one = Mediation.objects.filter(status="running").first() or mediation
    actions.recuse_mediator(
        open_one, actor=town.town_mediator, mediator=house.second, reason="与付某是亲属", granted=False
    )
    ways.appointed(
        town, house.body, "赵国强", kind="expert", specialities=("01", "09"), qualified_until=date(2026, 1, 1)
    )
    former = ways.appointed(town, house.body, "老孙")
    actions.end_mediator(former, actor=town.town_manager, ends_on=timezone.localdate(), reason="退休")
    room = actions.add_room(house.body, "旧调解室", actor=town.town_manager)
    actions.close_room(room, actor=town.town_manager)
    head = f"/mediation/bodies/{house.body.pk}/"
    dialogs = {
        "/mediation/bodies/": ("/mediation/bodies/new/", "/mediation/bodies/teams/new/"),
        head: (
            f"/mediation/bodies/body/{house.body.pk}/appoint/",
            f"/mediation/bodies/body/{house.body.pk}/end/",
            f"/mediation/bodies/mediator/{house.mediator.pk}/end/",
        ),
    }
    page = sign_in(town.manager, "/")
    found = {}
    for path, opened in dialogs.items():
        page.goto(path)
        found[path] = check(page)
        for size, name in ((WIDE, "wide"), (NARROW, "narrow")):
            page.set_viewport_size(size)
            shot(page, f"keep{path.replace('/', '-')}{name}")
        for address in opened:
            page.set_viewport_size(WIDE)
            page.goto(path)
            page.evaluate(f"htmx.ajax('GET', '{address}', '#sheet')")
            page.locator("#sheet h2").wait_for()
            shot(page, f"keep{address.replace('/', '-')}wide")
            found[address] = check(page)
    assert found == dict.fromkeys(found, NOTHING)


def test_words_of_a_form_are_changed_beside_their_preview(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.manager, "/mediation/wording/")
    shot(page, "wordings-1366")
    assert check(page) == NOTHING
    page.get_by_role("link", name="修改：调解协议书份数").click()
    page.get_by_text("本协议一式3份").wait_for()
    page.locator("#id_text").fill("本协议共{{ copies }}份，{{ seal }}存一份。")
    page.get_by_text("本协议共3份，鲁北镇人民调解委员会存一份。").wait_for()
    page.locator("#id_text").fill("{{ 字数 }}")
    page.get_by_role("alert").wait_for()
    page.locator("#id_text").fill("本协议共{{ copies }}份。")
    page.get_by_text("本协议共3份。").wait_for()
    shot(page, "wording-1366")
    assert check(page) == NOTHING
    page.set_viewport_size(NARROW)
    shot(page, "wording-360")
    page.get_by_role("button", name="保存为新版本").click()
    page.get_by_text("新文本已保存").wait_for()
    shot(page, "wordings-360")
    page.goto("/mediation/wording/copies/all/")
    page.get_by_text("待启用").wait_for()
