"""Pages of guidance: the dialog, what is on its way, the book of outside organisations."""

import pytest
from django.test import Client

from grids.models import OutsideOrganisation
from intake import actions
from intake.models import Guidance
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db


def signed_in(person: object) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)  # type: ignore[arg-type]
    return client


def test_a_case_is_guided_outside_by_the_dialog_and_stands_on_the_list(ground: Ground) -> None:
    client, case = signed_in(ground.dispatcher), ways.registered(ground)
    facts = {"name": "通辽市信访局", "kind": "petition", "address": "新城区", "phone": "0475-1"}
    assert client.post("/grids/outside/new/", facts).status_code == 200
    office = OutsideOrganisation.objects.get()
    assert "通辽市信访局" in client.get("/cases/parts/outside/?q=信访").content.decode()
    asked = client.get(f"/cases/{case.code}/acts/guide/").content.decode()
    assert "不予受理" in asked and "外单位" in asked
    given = {"way": "transfer", "outside": office.pk, "road": "petition", "note": "属信访事项", "version": case.version}
    assert client.post(f"/cases/{case.code}/acts/guide/", given).status_code == 200
    assert Guidance.objects.get().outside == office
    page = client.get("/cases/guidance/").content.decode()
    assert "通辽市信访局" in page and "等回执" in page
    dossier = client.get(f"/cases/{case.code}/").content.decode()
    assert "通辽市信访局" in dossier and "转送函" in dossier


def test_the_receiver_answers_from_the_case_page(ground: Ground) -> None:
    case = actions.guide_case(
        ways.registered(ground), actor=ground.dispatcher, receiver=ground.juri_justice, note="属治安管理"
    )
    client = signed_in(ground.town_handler)
    assert "签收导引" in client.get(f"/cases/{case.code}/").content.decode()
    assert "导引到本单位的" in client.get("/").content.decode()
    case.refresh_from_db()
    client.post(f"/cases/{case.code}/acts/take-guidance/", {"note": "已受理", "version": case.version})
    assert Guidance.objects.get().end == "arrived"


def test_the_book_is_found_corrected_and_closed_to_others(ground: Ground) -> None:
    client = signed_in(ground.dispatcher)
    client.post("/grids/outside/new/", {"name": "仲裁委", "kind": "arbitration", "address": "人社局三楼"})
    row = OutsideOrganisation.objects.get()
    assert client.post("/grids/outside/new/", {"name": "仲裁委", "kind": "other", "address": "x"}).status_code == 422
    client.post(f"/grids/outside/{row.pk}/change/", {"name": "仲裁委", "kind": "arbitration", "address": "四楼"})
    assert "四楼" in client.get("/grids/outside/?q=仲裁").content.decode()
    client.post(f"/grids/outside/{row.pk}/retire/")
    assert "名录还是空的" in client.get("/grids/outside/").content.decode()
    assert signed_in(ground.clerk).get("/grids/outside/").status_code == 403
