"""Mediations, agreements and obligations through the API: reading, acting, refusals, scopes, sight."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mediation.models import Booking, Mediation
from tests.intake.api import as_person, as_system, problem_of
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground

API = "/api/v1/"


def test_a_mediation_from_opening_to_performance(ground: Ground, house: House) -> None:
    case = ways.accepted(ground)
    client = as_person(ground.town_dispatcher)
    opened = client.post(
        f"{API}cases/{case.code}/mediations/",
        {"mediators": [house.mediator.pk], "mode": "peoples", "origin": "application"},
        format="json",
    )
    assert opened.status_code == 201, opened.json()
    uid = opened.json()["uid"]
    assert opened.json()["status"] == "opened"
    assert "consent" in opened.json()["acts"]
    today = timezone.localdate().isoformat()
    people = {p.name: str(p.uid) for p in case.parties.all()}
    answers = [{"party": party, "agreed": True} for party in people.values()]
    body: dict[str, Any] = {"answers": answers, "on": today, "told_on": today}
    assert client.post(f"{API}mediations/{uid}/consent/", body, format="json").json()["status"] == "running"
    obligation = {
        "debtor": people["付某"],
        "creditor": people["岳某某"],
        "kind": "money",
        "what": "赔偿",
        "amount": "100",
        "parts": [{"due_on": today, "amount": "60"}],
    }
    draft = {"form": "oral", "facts": "事实", "terms": "赔偿", "reached_on": today, "obligations": [obligation]}
    refused = client.post(f"{API}mediations/{uid}/agreement/", draft, format="json")
    assert problem_of(refused) == (422, "rule_broken", ["obligations"])
    obligation["parts"] = [{"due_on": today, "amount": "100"}]
    made = client.post(f"{API}mediations/{uid}/agreement/", draft, format="json")
    assert made.status_code == 201
    agreement = made.json()["uid"]
    assert client.post(f"{API}agreements/{agreement}/take-force/").json()["status"] == "in_force"
    listed = client.get(f"{API}obligations/?state=open").json()["results"]
    assert [row["what"] for row in listed] == ["赔偿"]
    paid = {"on": today, "note": "转账", "amount": "100"}
    done = client.post(f"{API}obligations/{listed[0]['uid']}/perform/", paid, format="json")
    assert done.json()["performed_on"] == today
    assert client.get(f"{API}agreements/{agreement}/").json()["status"] == "performed"
    assert client.get(f"{API}mediations/?status=agreed").json()["results"][0]["uid"] == uid


def test_signatures_come_by_uid(ground: Ground, house: House) -> None:
    agreement = ways.drafted(ground, ways.running(ground, house))
    today = timezone.localdate().isoformat()
    signatures: list[dict[str, Any]] = [
        {"kind": "party", "party": str(p.uid), "signed_on": today} for p in agreement.mediation.case.parties.all()
    ]
    signatures += [{"kind": "mediator", "mediator": house.mediator.pk, "signed_on": today}]
    signatures += [{"kind": "seal", "signed_on": today}]
    client = as_person(ground.town_mediator)
    answer = client.post(f"{API}agreements/{agreement.uid}/sign/", {"signatures": signatures}, format="json")
    assert (answer.status_code, answer.json()["in_force_on"]) == (200, today)


def test_no_agreement_tells_the_roads(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    typed = {"reason": "apart", "note": "分歧大", "told": ["litigation"], "road": "litigation"}
    answer = as_person(ground.town_mediator).post(f"{API}mediations/{mediation.uid}/fail/", typed, format="json")
    assert (answer.json()["status"], answer.json()["road_label"]) == ("failed", "诉讼")
    again = as_person(ground.town_mediator).post(f"{API}mediations/{mediation.uid}/fail/", typed, format="json")
    assert problem_of(again)[:2] == (409, "wrong_state")


def test_what_is_out_of_sight_is_not_found_and_posts_decide_what_is_refused(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    address = f"{API}mediations/{mediation.uid}/"
    assert as_person(ground.stranger).get(address).status_code == 404
    typed = {"reason": "apart", "note": "x", "told": ["litigation"]}
    assert as_person(ground.leader).post(f"{address}fail/", typed, format="json").status_code == 403


def test_names_are_masked_for_who_does_not_handle_the_case(ground: Ground, house: House) -> None:
    agreement = ways.in_force(ground, ways.running(ground, house))
    address = f"{API}agreements/{agreement.uid}/"
    assert as_person(ground.town_mediator).get(address).json()["obligations"][0]["debtor"]["name"] == "付某"
    assert as_person(ground.leader).get(address).json()["obligations"][0]["debtor"]["name"] == "付*"


def test_outside_systems_need_the_scope(ground: Ground, house: House) -> None:
    ways.running(ground, house)
    reader = as_system(ground, "cases:read", sight="subtree")
    assert len(reader.get(f"{API}mediations/").json()["results"]) == 1
    mediation = Mediation.objects.get()
    assert problem_of(reader.post(f"{API}mediations/{mediation.uid}/fail/", {}))[:2] == (403, "scope_missing")


def test_unknown_filters_are_named(ground: Ground, house: House) -> None:
    answer = as_person(ground.town_mediator).get(f"{API}obligations/?stat=open")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["mediations/", "agreements/", "obligations/"])
def test_lists_run_the_same_queries_for_few_and_many(path: str, ground: Ground, house: House) -> None:
    def one() -> None:
        Booking.objects.all().delete()
        ways.in_force(ground, ways.running(ground, house))

    client = as_person(ground.town_mediator)
    one()
    client.get(f"{API}{path}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{API}{path}")
    for _ in range(9):
        one()
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(f"{API}{path}").json()["results"]) >= 10
    assert len(many) == len(few)


def test_pages_of_obligations_hold_every_one_once(ground: Ground, house: House) -> None:
    for n in range(3):
        mediation = ways.running(ground, house)
        due = timezone.localdate() + timedelta(days=n % 2)
        ways.in_force(ground, mediation, obligations=ways.obligations(mediation.case, due))
    client = as_person(ground.town_mediator)
    seen: list[str] = []
    address = f"{API}obligations/?limit=2"
    while address:
        answer = client.get(address).json()
        seen += [row["uid"] for row in answer["results"]]
        address = answer["next"]
    assert len(seen) == len(set(seen)) == 6
