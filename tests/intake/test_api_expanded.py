"""Rows of the case list with parts of the case: what the detail says to the same reader, without a call for each."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from intake import actions
from intake.actions import MemberRow
from intake.api.case_list import MOST_EXPANDED, ROW_FIELDS
from intake.api.parts import PARTS
from intake.models import Case
from intake.verbs import Verb
from tests.intake import ways
from tests.intake.api import address, as_person, as_system, problem_of
from tests.intake.test_streams import block, cases_of_all_kinds
from tests.people import Ground, an_entry
from zhongzhi.audit.models import TrailEntry

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
ALL = f"{CASES}?expand={','.join(PARTS)}"
NDJSON = {"HTTP_ACCEPT": "application/x-ndjson"}
READERS: dict[str, Callable[[Ground], APIClient]] = {
    "full": lambda ground: as_person(ground.clerk),
    "masked": lambda ground: as_person(ground.leader),
    "outline": lambda ground: as_person(ground.handler),
    "token": lambda ground: as_system(ground, "cases:read", sight="subtree"),
}


def parts_of(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in PARTS}


def listed(client: APIClient, path: str, **headers: str) -> list[dict[str, Any]]:
    answer = client.get(path, **headers)  # type: ignore[arg-type]
    if not headers:
        return list(answer.json()["results"])
    return [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]  # type: ignore[attr-defined]


def group_named_in_an_instruction(ground: Ground) -> Case:
    """A member of a group is named in what an organisation is asked to do, as are two parties."""
    case = ways.accepted(ground, scale="03")
    actions.list_members(case, [MemberRow("聂小倩", "", "13847500199")], actor=ground.clerk, side="applicant")
    words = "请先找岳某某、付某，再找聂小倩"
    case.refresh_from_db()
    return actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau, instruction=words)


@pytest.mark.parametrize("reader", READERS)
def test_parts_of_a_row_are_those_of_the_detail_for_the_same_reader(reader: str, ground: Ground) -> None:
    cases_of_all_kinds(ground)
    group_named_in_an_instruction(ground)
    client = READERS[reader](ground)
    rows = listed(client, ALL)
    assert {row["code"] for row in rows} == {row["code"] for row in listed(client, CASES)}
    assert {name for row in rows for name in PARTS if row[name]} == set(PARTS)
    kept = 0
    for row in rows:
        shown, whole = parts_of(row), parts_of(client.get(f"{CASES}{row['code']}/").json())
        for mine, theirs in zip(shown["parties"], whole["parties"], strict=True):
            kept += theirs["restricted"]
            assert theirs["restricted"] or mine == theirs
        assert shown | {"parties": []} == whole | {"parties": []}
    assert kept == (1 if reader != "outline" else 0)


def test_each_reader_sees_of_a_name_what_is_theirs_to_see(ground: Ground) -> None:
    group_named_in_an_instruction(ground)
    back = actions.return_case(ways.dispatched(ground), actor=ground.handler, reason="不属于本单位职责")
    for reader, names in {"full": True, "masked": False, "token": False}.items():
        said = str(listed(READERS[reader](ground), ALL))
        assert [name in said for name in ("岳某某", "聂小倩")] == [names, names], reader
    (row,) = (row for row in listed(as_person(ground.handler), ALL) if row["code"] == back.code)
    assert (row["parties"], {one["instruction"] for one in row["handlings"]}) == ([], {""})


def test_rows_stay_what_they_are_beside_their_parts(ground: Ground) -> None:
    cases_of_all_kinds(ground)
    for person in (ground.clerk, ground.leader, ground.handler):
        client = as_person(person)
        rows = [{name: row[name] for name in row if name not in PARTS} for row in listed(client, ALL)]
        assert rows == listed(client, CASES)


def test_of_whose_data_are_restricted_a_list_tells_no_more_than_that(ground: Ground) -> None:
    case = ways.registered(ground)
    block(case, ground)
    client = as_person(ground.clerk)
    (row,) = listed(client, ALL)
    party = row["parties"][0]
    told = ("name", "age", "sex_label", "paper_number", "phone", "address")
    assert [party[name] for name in told] == ["（限制处理）", None, "", "", "", ""]
    assert party["restricted"] and row["parties"][1]["name"] == "付某"
    assert "岳某某" in str(client.get(address(case)).json()["parties"])


def test_fields_choose_among_those_of_the_row_and_parts_come_beside(ground: Ground) -> None:
    ways.registered(ground)
    client = as_person(ground.clerk)
    for asked, names in {
        "expand=clocks": {*ROW_FIELDS, "clocks"},
        "fields=code&expand=parties,handlings": {"code", "parties", "handlings"},
        "fields=code,code&expand=clocks,,clocks,": {"code", "clocks"},
        "fields=code&fields=title&expand=clocks&expand=parties": {"code", "title", "clocks", "parties"},
        "fields=code": {"code"},
    }.items():
        for headers in ({}, NDJSON):
            (row,) = listed(client, f"{CASES}?{asked}", **headers)
            assert set(row) == names, asked


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ("expand=partys", "expand", "parties"),
        ("expand=parties,handling", "expand", "handlings"),
        ("expand=follow_ups", "expand", "parties"),
        ("expand=", "expand", "空"),
        ("expand=,", "expand", "空"),
        ("fields=,", "fields", "空"),
        ("fields=titel", "fields", "title"),
        ("fields=code,parties", "fields", "parties"),
        ("expnad=parties", "expnad", "expand"),
    ],
)
@pytest.mark.parametrize("headers", [{}, NDJSON, {"HTTP_ACCEPT": "text/csv"}])
def test_what_is_not_known_or_empty_is_refused_on_an_empty_list_too(
    asked: str, field: str, words: str, headers: dict[str, str], ground: Ground
) -> None:
    answer = as_person(ground.clerk).get(f"{CASES}?{asked}", **headers)  # type: ignore[arg-type]
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert words in answer.json()["errors"][field][0]


def test_a_table_has_no_parts(ground: Ground) -> None:
    answer = as_person(ground.clerk).get(ALL, HTTP_ACCEPT="text/csv")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["expand"])
    assert problem_of(as_person(ground.clerk).get(f"{CASES}?expand=acts")) == (400, "invalid", ["expand"])


@pytest.mark.parametrize("ordering", ["-registered", "due"])
def test_a_stream_has_the_rows_of_the_pages(ordering: str, ground: Ground) -> None:
    ways.copies(ways.registered(ground), MOST_EXPANDED + 9)
    client, path = as_person(ground.leader), f"{ALL}&ordering={ordering}"
    first = client.get(f"{path}&limit=200").json()
    assert len(first["results"]) == MOST_EXPANDED
    last = client.get(first["next"]).json()
    assert last["next"] is None
    streamed = listed(client, path, **NDJSON)
    assert len(streamed) == MOST_EXPANDED + 10
    assert streamed == [*first["results"], *last["results"]]


def statements(client: APIClient, limit: int, **headers: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert len(listed(client, f"{ALL}&limit={limit}", **headers)) >= limit
    return len(caught)


@pytest.mark.parametrize("reader", ["full", "masked", "token"])
def test_one_row_and_ten_cost_the_same_statements(reader: str, ground: Ground) -> None:
    for _ in range(10):
        ways.dispatched(ground)
    client = READERS[reader](ground)
    client.get(CASES)
    assert statements(client, 1) == statements(client, 10)


def test_restricted_cases_are_looked_at_and_cost_no_statement_more_for_each(ground: Ground) -> None:
    def looks() -> int:
        return TrailEntry.objects.filter(verb=Verb.RESTRICTED_SEEN).count()

    for _ in range(10):
        case = actions.register_case(an_entry(), actor=ground.clerk)
        actions.mark_violence(case, actor=ground.clerk, hurt=case.parties.get(name="岳某某"))
    client = as_person(ground.clerk)
    listed(client, CASES)
    assert looks() == 0
    assert statements(client, 1) == statements(client, 10)
    assert looks() == 11
    assert {row["parties"][0]["phone"] for row in listed(client, ALL)} == {"依法保密"}
    client.get(address(case))
    assert looks() == 22
