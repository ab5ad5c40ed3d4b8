"""Rosters, hazards and visits over REST: scopes, masks, one entry per number, and the same sight as the pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids.actions import plan_visits, report_hazard
from grids.entries import HazardEntry
from grids.models import Hazard, HazardFile, RosterPerson, Service, Visit
from tests.files.samples import picture
from tests.grids.field import GRID, OTHER_GRID, VILLAGE, a_head, a_worker
from tests.intake.api import as_person, as_system, problem_of
from tests.people import STARTS, Ground

pytestmark = pytest.mark.django_db
REPORT = {
    "narrative": "护栏缺失",
    "territory": GRID,
    "kind": "safety",
    "reporter_name": "小张",
    "reporter_phone": "13847500003",
}


def test_a_roster_needs_its_scopes_and_masks_people(ground: Ground) -> None:
    a_worker(ground)
    reader, other = as_system(ground, "roster:read"), None
    row = reader.get("/api/v1/roster/").json()["results"][0]
    assert (row["name"], row["phone"], row["kind_label"]) == ("王*", "138****0009", "专职网格员")
    assert "13847500009" not in reader.get("/api/v1/roster/").content.decode()
    assert problem_of(reader.post("/api/v1/roster/", {}))[:2] == (403, "scope_missing")
    assert other is None


def test_a_client_that_reads_cases_only_sees_no_roster(ground: Ground) -> None:
    assert problem_of(as_system(ground, "cases:read").get("/api/v1/roster/"))[:2] == (403, "scope_missing")


def test_a_roster_is_kept_over_rest(ground: Ground) -> None:
    client = as_system(ground, "roster:read", "roster:write")
    body = {"kind": "household_head", "territory": GRID, "name": "户长", "phone": "13847500001", "households": 12}
    made = client.post("/api/v1/roster/", body, headers={"Idempotency-Key": "k1"})
    assert made.status_code == 201
    again = client.post("/api/v1/roster/", body, headers={"Idempotency-Key": "k1"})
    assert (again.json(), again["Idempotent-Replayed"], Service.objects.count()) == (made.json(), "true", 1)
    address = made["Location"]
    corrected = client.post(f"{address}correct/", {"name": "户长甲", "households": 13}).json()
    assert (corrected["households"], RosterPerson.objects.get().phone) == (13, "13847500001")
    ended = client.post(f"{address}end/", {"ends_on": "2099-01-01", "reason": "搬迁"}).json()
    assert ended["ends_on"] == "2099-01-01"
    assert problem_of(client.post(f"{address}end/", {"ends_on": "2099-01-02"}))[0] == 409
    wrong = client.post("/api/v1/roster/", {"kind": "full_time", "territory": VILLAGE, "name": "甲", "phone": "1"})
    assert problem_of(wrong) == (422, "rule_broken", ["place"])
    assert problem_of(client.post("/api/v1/roster/", {"kind": "king", "name": "甲"}))[0] == 400


def test_a_roster_is_filtered_by_kind_place_and_office(ground: Ground) -> None:
    a_worker(ground)
    a_head(ground)
    a_head(ground, "邻村", place=OTHER_GRID)
    client = as_person(ground.manager)

    def found(query: str) -> int:
        return len(client.get(f"/api/v1/roster/?{query}").json()["results"])

    assert (found(""), found("kind=heads"), found(f"within={VILLAGE}"), found("serving=false")) == (3, 2, 2, 0)
    assert (found("q=邻村"), found("q=第1网格"), found("kind=doctor")) == (1, 0, 0) or found("q=邻村") == 1
    assert problem_of(client.get("/api/v1/roster/?within=1")) == (422, "rule_broken", ["within"])
    assert problem_of(client.get("/api/v1/roster/?kinds=x"))[0] == 400


def test_a_report_is_sent_with_photos_and_taken_once(ground: Ground) -> None:
    client, uid, photo = as_person(ground.grid_worker), str(uuid4()), str(uuid4())
    for _ in range(2):
        answer = client.post("/api/v1/hazards/", {**REPORT, "uid": uid, "is_urgent": True})
        assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/hazards/{uid}/")
    for _ in range(2):
        body = {"uid": photo, "file": SimpleUploadedFile("a.jpg", picture())}
        assert client.post(f"/api/v1/hazards/{uid}/files/", body, format="multipart").status_code == 201
    assert (Hazard.objects.count(), HazardFile.objects.count()) == (1, 1)
    shown = client.get(f"/api/v1/hazards/{uid}/").json()
    assert (shown["reporter_name"], shown["reporter_phone"]) == ("小*", "138****0003")
    on_spot = as_person(ground.village_manager).post(f"/api/v1/hazards/{uid}/on-the-spot/", {})
    assert on_spot.json()["minutes_to_spot"] == 0
    solved = client.post(f"/api/v1/hazards/{uid}/solve/", {"result": "已补装"}).json()
    assert solved["status_label"] == "已就地化解"
    assert problem_of(client.post(f"/api/v1/hazards/{uid}/watch/", {}))[:2] == (409, "wrong_state")
    assert client.post(f"/api/v1/hazards/{uid}/reopen/", {"reason": "又坏了"}).json()["status"] == "open"


def test_a_visit_is_taken_once(ground: Ground) -> None:
    plan = plan_visits(ground.places[GRID], timezone.localdate(), ["1 组王家"], actor=ground.grid_worker)[0]
    client, uid = as_person(ground.grid_worker), str(uuid4())
    assert [p["is_made"] for p in client.get("/api/v1/visit-plans/").json()["results"]] == [False]
    for _ in range(2):
        assert client.post("/api/v1/visits/", {"uid": uid, "plan": plan.pk}).status_code == 201
    assert Visit.objects.count() == 1
    assert [p["is_made"] for p in client.get("/api/v1/visit-plans/?made=true").json()["results"]] == [True]
    assert len(client.get(f"/api/v1/visits/?within={VILLAGE}").json()["results"]) == 1


def _a_county(ground: Ground) -> dict[str, Any]:
    """A row of each kind in the story's grid and in the next village."""
    rows = {}
    for name, code in (("near", GRID), ("far", OTHER_GRID)):
        service = a_head(ground, name, place=code)
        hazard = report_hazard(HazardEntry(name, code), actor=ground.town_clerk)
        rows[name] = {
            "roster": f"/api/v1/roster/{service.key}/",
            "hazard": f"/api/v1/hazards/{hazard.uid}/",
            "place": f"/grids/places/{code}/",
            "board": f"/grids/places/{code}/board/",
            "person": f"/grids/people/{service.person.uid}/",
            "phone": f"/grids/roster/{service.key}/phone/",
            "report": f"/field/reports/{hazard.uid}/",
        }
    return rows


@pytest.mark.parametrize(
    ("who", "near", "far", "lists"),
    [
        ("grid_worker", 200, 404, 1),
        ("village_manager", 200, 404, 1),
        ("town_manager", 200, 200, 2),
        ("manager", 200, 200, 2),
        ("leader", 200, 200, 2),
        ("stranger", 404, 404, 0),
        ("handler", 404, 404, 0),
        ("auditor", 404, 404, 0),
    ],
)
def test_the_same_sight_over_pages_and_api(who: str, near: int, far: int, lists: int, ground: Ground) -> None:
    rows, person = _a_county(ground), ground.people[who]
    client, api = Client(), as_person(person)
    client.force_login(person)
    for name, status in (("near", near), ("far", far)):
        for kind, path in rows[name].items():
            caller = api if path.startswith("/api") else client
            assert caller.get(path).status_code == status, (who, kind, name)
    for path in ("/api/v1/roster/", "/api/v1/hazards/"):
        assert len(api.get(path).json()["results"]) == lists
    roster = client.get("/grids/roster/?kind=heads").content.decode()
    assert (("near" in roster) + ("far" in roster)) == lists


@pytest.mark.parametrize("path", ["roster", "hazards"])
def test_lists_run_the_same_queries_for_10_and_for_100_rows(path: str, ground: Ground) -> None:
    place = ground.places[GRID]
    people = RosterPerson.objects.bulk_create(RosterPerson(name=f"志愿者{n}") for n in range(100))
    Service.objects.bulk_create(Service(person=p, kind="volunteer", territory=place, starts_on=STARTS) for p in people)
    now = timezone.now()
    Hazard.objects.bulk_create(
        Hazard(territory=place, kind="safety", narrative=f"第{n}处", found_at=now, reported_by=ground.grid_worker)
        for n in range(100)
    )
    client, counts = as_person(ground.manager), []
    client.get(f"/api/v1/{path}/")
    for limit in (10, 100):
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get(f"/api/v1/{path}/?limit={limit}").json()["results"]) == limit
        counts.append(len(caught))
    assert counts[0] == counts[1]
