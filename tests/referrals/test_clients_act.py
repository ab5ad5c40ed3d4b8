"""Outside systems act for their organisation, each act with the scope for it; nothing else is shown or done."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from grids.actions import post_person
from grids.models import Organisation, Role
from grids.queries import members_of
from grids.roles import Capability
from intake import actions
from intake.available_actions import ACTS
from intake.models import Case
from referrals.actions import dispatch_with_slip
from referrals.available_actions import DOCUMENT_ACTS
from referrals.models import Document
from tests.files.samples import picture, upload
from tests.intake import ways
from tests.intake.api import LAND, address, as_person, problem_of
from tests.people import STARTS, Ground
from tests.referrals import ways as papers
from zhongzhi.accounts.actions import issue_token, limit_client, register_client
from zhongzhi.accounts.models import Scope

pytestmark = pytest.mark.django_db
STATION = ("cases:read", "cases:handle", "referrals:answer")
REPORT = {"outcome": "peoples_mediation", "note": "重新丈量，各自归还。"}


def a_system(organisation: Organisation, *scopes: str, name: str = "派出所警务平台") -> APIClient:
    """The system of an organisation, which sees the cases of it."""
    outside = register_client(name, scopes)
    limit_client(outside, sight="organisation")
    post_person(outside.user, organisation, Role.API_CLIENT, starts_on=STARTS)
    calls = APIClient()
    calls.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(outside).text}")
    return calls


def do(calls: APIClient, case: Case, act: str, body: Any = None) -> Any:
    return calls.post(address(case, act), body or {}, format="json")


def a_letter(ground: Ground, case: Case) -> Document:
    """A letter of supervision to the station that handles the case, signed and issued."""
    return papers.signed(ground, case=case, addressee=ground.juri_police)


def to_the_station(ground: Ground) -> Case:
    """A case handed to the police station with its slip."""
    return dispatch_with_slip(
        ways.accepted(ground), actor=ground.dispatcher, organisation=ground.juri_police, instruction="请实地丈量"
    )


def test_the_station_s_system_signs_asks_for_time_uploads_and_reports_by_token(ground: Ground) -> None:
    case, station = to_the_station(ground), a_system(ground.juri_police, *STATION)
    shown = station.get(address(case)).json()
    assert shown["status"] == "dispatched"
    assert {"sign", "return", "write-note"} <= set(shown["acts"])
    assert do(station, case, "sign").json()["status"] == "handling"
    assert do(station, case, "ask-extension", {"reason": "等待鉴定结论"}).status_code == 200
    assert do(as_person(ground.dispatcher), case, "decide-extension", {"granted": True}).status_code == 200
    file = station.post(address(case, "attachments"), {"file": upload("界桩.jpg", picture())}, format="multipart")
    assert file.status_code == 201
    answer = do(station, case, "report-outcome", REPORT)
    assert (answer.status_code, answer.json()["status"]) == (200, "concluded")
    last = Case.objects.get(pk=case.pk).status_changes.order_by("pk").last()
    assert last is not None
    assert last.actor is not None
    assert last.actor.name == "派出所警务平台"


def test_the_station_s_system_signs_for_a_letter_and_answers_it(ground: Ground) -> None:
    case, station = to_the_station(ground), a_system(ground.juri_police, *STATION)
    letter = a_letter(ground, case)
    path = f"/api/v1/referrals/{letter.uid}/"
    assert "receive" in station.get(path).json()["acts"]
    assert station.post(f"{path}receive/", {}, format="json").json()["status"] == "received"
    assert station.post(f"{path}extend/", {"reason": "等待鉴定"}, format="json").status_code == 200
    assert "answer" in station.get(path).json()["acts"]
    assert station.post(f"{path}answer/", {"text": "已上门处理。"}, format="json").json()["status"] == "answered"


def test_without_its_scope_a_letter_is_read_and_not_answered(ground: Ground) -> None:
    case, station = to_the_station(ground), a_system(ground.juri_police, "cases:read", "cases:handle")
    path = f"/api/v1/referrals/{a_letter(ground, case).uid}/"
    assert station.get(path).json()["acts"] == []
    answer = station.post(f"{path}receive/", {}, format="json")
    assert problem_of(answer)[:2] == (403, "scope_missing")
    assert "referrals:answer" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("act", "body", "scope"),
    [
        ("sign", {}, "cases:handle"),
        ("report-outcome", REPORT, "cases:handle"),
        ("return", {"reason": "不属本所"}, "cases:handle"),
        ("ask-extension", {"reason": "等待"}, "cases:handle"),
        ("withdraw", {"reason": "和解"}, "cases:supplement"),
        ("supplement", {"request": "尽快"}, "cases:supplement"),
        ("mediations", {}, "mediations:write"),
    ],
)
def test_an_act_out_of_scope_is_403_and_names_the_scope(
    act: str, body: dict[str, Any], scope: str, ground: Ground
) -> None:
    case = to_the_station(ground)
    others = [s for s in Scope.values if s not in (scope, "cases:write")]
    others = [s for s in others if not (act == "supplement" and s == "cases:handle")]
    station = a_system(ground.juri_police, *others)
    answer = do(station, case, act, body)
    assert problem_of(answer)[:2] == (403, "scope_missing")
    assert scope in answer.json()["detail"]
    assert act not in station.get(address(case)).json()["acts"]
    case.refresh_from_db()
    assert case.status == "dispatched"


def test_what_the_token_can_do_is_what_acts_shows(ground: Ground) -> None:
    """With all scopes: whatever is not shown is refused, whatever is shown is not refused for who calls."""
    case = to_the_station(ground)
    station = a_system(ground.juri_police, *Scope.values)
    shown = set(station.get(address(case)).json()["acts"])
    for act in ACTS:
        if act.run is None or not act.in_api:
            continue
        status = do(station, case, act.name, {"reason": " "}).status_code
        assert (act.name in shown) <= (status != 403), act.name
        assert (not act.scope) <= (status == 403), act.name
    assert "close" not in shown


def test_the_organisation_elsewhere_does_not_act(ground: Ground) -> None:
    case = to_the_station(ground)
    other = a_system(ground.juri_centre, *Scope.values)
    assert problem_of(do(other, case, "sign"))[0] in (403, 404)
    case.refresh_from_db()
    assert case.status == "dispatched"


def test_the_acts_of_the_office_have_no_scope(ground: Ground) -> None:
    office = {
        "accept",
        "close",
        "archive",
        "merge",
        "escalate",
        "decide-extension",
        "decide-return",
        "hang-up",
        "recuse",
    }
    assert not {act.name for act in ACTS if act.scope} & office
    answering = {act.name for act in DOCUMENT_ACTS if act.scope}
    assert answering == {"receive", "answer", "extend", "return"}


def registered(hotline: APIClient) -> Case:
    body = LAND | {"external_system": "12345", "external_number": "GD1"}
    return Case.objects.get(code=hotline.post("/api/v1/cases/", body, format="json").json()["code"])


def a_hotline(ground: Ground, *scopes: str) -> APIClient:
    return a_system(
        ground.county_centre, "cases:read", *(scopes or ("cases:register", "cases:supplement")), name="12345"
    )


def test_the_registrar_supplements_and_uploads_until_the_case_ends(ground: Ground) -> None:
    hotline = a_hotline(ground)
    case = registered(hotline)
    case = actions.accept_case(case, actor=ground.people["village_manager"])
    case = actions.dispatch_case(
        case, actor=ground.people["village_manager"], organisation=ground.juri_police, instruction="请处理"
    )
    assert "supplement" in hotline.get(address(case)).json()["acts"]
    more = {"place_detail": "村东头", "parties": [{"side": "respondent", "name": "付某", "phone": "13847500002"}]}
    answer = do(hotline, case, "supplement", more)
    assert answer.status_code == 200, answer.content.decode()
    case.refresh_from_db()
    assert (case.place_detail, [p.name for p in case.parties.order_by("ordinal")]) == ("村东头", ["岳某某", "付某"])
    first = case.parties.order_by("ordinal")[0]
    assert (first.phone, first.paper_number) == ("13847500001", "152327196503152419")
    file = hotline.post(address(case, "attachments"), {"file": upload("界桩.jpg", picture())}, format="multipart")
    assert file.status_code == 201


def test_what_is_said_of_a_known_party_is_put_to_it_and_needs_a_reason(ground: Ground) -> None:
    hotline = a_hotline(ground)
    case = registered(hotline)
    change = {"parties": [{"name": "岳某某", "phone": "13847500099"}]}
    assert problem_of(do(hotline, case, "supplement", change)) == (422, "rule_broken", ["reason"])
    assert do(hotline, case, "supplement", change | {"reason": "来电更正号码"}).status_code == 200
    party = Case.objects.get(pk=case.pk).parties.get()
    assert (party.phone, party.paper_number) == ("13847500099", "152327196503152419")


def test_the_registrar_withdraws_for_the_applicant(ground: Ground) -> None:
    hotline = a_hotline(ground)
    case = registered(hotline)
    assert "withdraw" in hotline.get(address(case)).json()["acts"]
    assert do(hotline, case, "withdraw", {"reason": "来电人自行和解"}).json()["status"] == "withdrawn"
    assert problem_of(do(hotline, case, "supplement", {"request": "再看看"}))[0] == 403
    assert "supplement" not in hotline.get(address(case)).json()["acts"]


def test_a_system_takes_off_only_the_files_it_uploaded(ground: Ground) -> None:
    hotline = a_hotline(ground)
    case = registered(hotline)
    row = actions.attach_file(case, upload("界桩.jpg", picture()), actor=ground.people["village_manager"])
    answer = hotline.delete(address(case, f"attachments/{row.file_id}"))
    assert problem_of(answer)[0] == 403


def test_cases_write_goes_on_to_open_what_it_opened(ground: Ground) -> None:
    hotline = a_hotline(ground, "cases:write")
    case = registered(hotline)
    assert do(hotline, case, "supplement", {"place_detail": "村东头"}).status_code == 200
    station = a_system(ground.juri_police, "cases:read", "cases:write")
    case = to_the_station(ground)
    assert problem_of(do(station, case, "sign"))[:2] == (403, "scope_missing")


def test_no_system_finds_special_care(ground: Ground) -> None:
    case = to_the_station(ground)
    station = a_system(ground.juri_police, *Scope.values)
    do(station, case, "sign")
    assert station.get(address(case, "care")).status_code == 404
    assert "mark-care" not in station.get(address(case)).json()["acts"]


def test_no_system_is_told_or_counted_as_a_colleague(ground: Ground) -> None:
    a_system(ground.juri_police, *Scope.values)
    assert not members_of(ground.juri_police, Capability.HANDLE).filter(kind="service").exists()
