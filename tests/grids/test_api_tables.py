"""Tables and mergers over REST: handed in, looked at, confirmed once; refusals as problem documents."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from grids.actions.table_imports import check_rows, write_rows
from grids.models import Service, Territory
from grids.queries.table_imports import CHECK, WRITE
from tests.grids.field import GRID, OTHER_GRID, OTHER_VILLAGE, VILLAGE, a_worker
from tests.intake.api import as_person, as_system, problem_of
from tests.people import Ground
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/tables/"
ROSTER = f"类别,区划代码,姓名\n村医,{VILLAGE},好人\n村医,1,坏行\n"
MERGE = {"sources": [OTHER_VILLAGE], "into": VILLAGE, "basis": "旗政发〔2026〕1号"}


def a_file(text: str = ROSTER, name: str = "名册.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def handed_in(client: APIClient, kind: str = "roster", text: str = ROSTER, key: str = "k1") -> str:
    answer = client.post(
        ADDRESS, {"kind": kind, "file": a_file(text)}, format="multipart", headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 201, answer.content
    return str(answer["Location"])


def test_a_roster_is_handed_in_looked_at_and_written_by_a_system(ground: Ground) -> None:
    client = as_system(ground, "roster:read", "roster:write")
    here = handed_in(client)
    assert handed_in(client) == here, "the same key, the same table"
    assert Job.objects.count() == 1
    waiting = client.get(here).json()
    assert (waiting["state"], waiting["kind"], waiting["writing"]) == ("waiting", "roster", None)
    early = client.post(f"{here}confirm/", {"mode": "valid"})
    assert problem_of(early)[:2] == (409, "wrong_state")
    run_due(CHECK, check_rows)
    done = client.get(here).json()
    assert (done["state"], done["counts"]["new"], done["counts"]["faulty"], done["done"]) == ("done", 1, 1, 2)
    faulty = client.get(f"{here}rows/").json()["results"]
    assert (faulty[0]["row"], "没有区划代码" in faulty[0]["faults"][0]) == (3, True)
    assert [row["row"] for row in client.get(f"{here}rows/?verdict=new").json()["results"]] == [2]
    assert problem_of(client.post(f"{here}confirm/", {"mode": "all"})) == (422, "rule_broken", ["mode"])
    confirmed = [client.post(f"{here}confirm/", {"mode": "valid"}, headers={"Idempotency-Key": "c"}) for _ in "ab"]
    assert [answer.status_code for answer in confirmed] == [200, 200]
    assert problem_of(client.post(f"{here}confirm/", {"mode": "valid"}))[:2] == (409, "wrong_state")
    run_due(WRITE, write_rows)
    writing = client.get(here).json()["writing"]
    assert (writing["state"], writing["written"], writing["refused"]) == ("done", 1, 0)
    assert Service.objects.get().person.name == "好人"
    assert [row["uid"] in here for row in client.get(ADDRESS).json()["results"]] == [True]


def test_bad_tables_are_refused_at_their_field(ground: Ground) -> None:
    client = as_person(ground.manager)
    assert problem_of(client.post(ADDRESS, {"kind": "kings", "file": a_file()}, format="multipart")) == (
        400,
        "invalid",
        ["kind"],
    )
    assert problem_of(client.post(ADDRESS, {"kind": "roster"}, format="multipart")) == (400, "invalid", ["file"])
    no_head = client.post(ADDRESS, {"kind": "roster", "file": a_file("甲,乙\n1,2\n")}, format="multipart")
    assert problem_of(no_head) == (422, "rule_broken", ["file"])
    other = client.post(ADDRESS, {"kind": "roster", "file": a_file(name="a.pdf")}, format="multipart")
    assert problem_of(other) == (415, "unsupported_type", ["file"])
    here = handed_in(client)
    assert problem_of(client.get(f"{here}rows/?verdict=odd")) == (400, "invalid", ["verdict"])
    assert problem_of(client.post(f"{here}confirm/", {"mode": "some"})) == (400, "invalid", ["mode"])
    assert Job.objects.count() == 1


def test_a_table_is_seen_by_its_owner_only(ground: Ground) -> None:
    here, other = handed_in(as_person(ground.manager)), as_person(ground.dispatcher)
    for answer in (other.get(here), other.get(f"{here}rows/"), other.post(f"{here}confirm/", {"mode": "valid"})):
        assert problem_of(answer)[0] == 404
    assert other.get(ADDRESS).json()["results"] == []


def test_scopes_and_posts_hold_for_reading(ground: Ground) -> None:
    reader = as_system(ground, "roster:read")
    assert reader.get(ADDRESS).status_code == 200
    assert problem_of(reader.post(ADDRESS, {"kind": "roster", "file": a_file()}, format="multipart"))[:2] == (
        403,
        "scope_missing",
    )
    assert problem_of(reader.post("/api/v1/territories/merge/", MERGE))[:2] == (403, "scope_missing")


def test_who_keeps_no_rosters_or_places_hands_none_in(ground: Ground) -> None:
    system = as_system(ground, "roster:read", "roster:write")
    assert problem_of(system.post(ADDRESS, {"kind": "places", "file": a_file()}, format="multipart"))[0] == 403
    for who in (ground.clerk, ground.grid_worker, ground.leader):
        assert (
            problem_of(as_person(who).post(ADDRESS, {"kind": "roster", "file": a_file()}, format="multipart"))[0] == 403
        )
    assert Job.objects.count() == 0


def test_villages_are_merged_once(ground: Ground) -> None:
    worker = a_worker(ground, place=OTHER_GRID)
    client = as_person(ground.manager)
    made = [
        client.post("/api/v1/territories/merge/", MERGE, format="json", headers={"Idempotency-Key": "m"}) for _ in "ab"
    ]
    assert [answer.json() for answer in made] == [
        {"into": VILLAGE, "pairs": {OTHER_VILLAGE: VILLAGE, OTHER_GRID: f"{VILLAGE}002"}, "services": 1, "posts": 0}
    ] * 2
    worker.refresh_from_db()
    assert worker.end_reason == "区划撤并"
    again = client.post("/api/v1/territories/merge/", MERGE, format="json")
    assert problem_of(again) == (422, "rule_broken", ["sources"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sources": []}, (400, "invalid", ["sources"])),
        ({"basis": " "}, (400, "invalid", ["basis"])),
        ({"sources": [VILLAGE]}, (422, "rule_broken", ["into"])),
        ({"sources": [GRID]}, (422, "rule_broken", ["sources"])),
        ({"sources": ["150526100001"]}, (422, "rule_broken", ["into"])),
        ({"into": "150526103999"}, (404, "not_found", [])),
    ],
)
def test_what_cannot_be_merged_is_refused(changes: dict, expected: tuple, ground: Ground) -> None:
    answer = as_person(ground.manager).post("/api/v1/territories/merge/", {**MERGE, **changes}, format="json")
    assert problem_of(answer) == expected
    assert not Territory.objects.filter(ends_on__isnull=False).exists()


@pytest.mark.parametrize("who", ["town_manager", "dispatcher", "clerk", "stranger", "grid_worker"])
def test_who_keeps_no_places_merges_none(who: str, ground: Ground) -> None:
    answer = as_person(ground.people[who]).post("/api/v1/territories/merge/", MERGE, format="json")
    assert problem_of(answer)[0] == 404
