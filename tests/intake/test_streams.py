"""A stream says of each case what a list says of it, whoever asks."""

import json
from typing import Any

import pytest
from django.test import RequestFactory

from intake import actions, queries
from intake.api.serializers import CaseRow
from intake.entries import PartyEntry
from tests.intake import ways
from tests.intake.api import as_person
from tests.people import Ground, an_entry

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def alone(user: Any) -> dict[str, Any]:
    """Each case in sight, put into the shape of the API by itself."""
    request = RequestFactory().get(CASES)
    request.user = user
    rows = queries.cases_for_list(user)
    shown = {str(row.code): CaseRow(row, context={"request": request}).data for row in rows}
    return dict(json.loads(json.dumps(shown, default=str)))


@pytest.mark.parametrize("person", ["clerk", "leader", "handler", "town_manager", "stranger"])
def test_every_line_of_a_stream_is_the_row_of_its_case(person: str, ground: Ground) -> None:
    for state in (ways.registered, ways.accepted, ways.handling, ways.concluded, ways.closed):
        state(ground)
    ways.merged(ground)
    actions.register_case(an_entry(category="", is_restricted=True), actor=ground.clerk)
    withheld = (PartyEntry(name_withheld=True), PartyEntry(side="respondent", name="某公司"))
    actions.register_case(an_entry(parties=withheld, risk="red"), actor=ground.clerk)
    user = ground.people[person]
    answer = as_person(user).get(CASES, HTTP_ACCEPT="application/x-ndjson")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    streamed = {line["code"]: line for line in map(json.loads, text.splitlines())}
    listed = {row["code"]: row for row in as_person(user).get(f"{CASES}?limit=50").json()["results"]}
    assert streamed == listed
    expected = alone(user)
    assert streamed.keys() == expected.keys()
    for code, row in streamed.items():
        same = {name: value for name, value in row.items() if not name.endswith("_at")}
        assert same == {name: expected[code][name] for name in same}
