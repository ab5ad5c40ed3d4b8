"""A stream says of each case what a list says of it, whoever asks."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from intake import actions, queries
from intake.api.serializers import CaseRow
from intake.entries import PartyEntry
from intake.lifecycle import State
from intake.models import Case
from intake.models.personal_data import DataRequest, RestrictedParty, Restriction
from tests.intake import ways
from tests.intake.api import as_person
from tests.people import Ground, an_entry
from zhongzhi.core import masking
from zhongzhi.core.masking import mask_name
from zhongzhi.web.sheets import FORMULA

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def alone(user: Any) -> dict[str, Any]:
    """Each case in sight, put into the shape of the API by itself."""
    request = RequestFactory().get(CASES)
    request.user = user
    rows = queries.cases_for_list(user)
    shown = {str(row.code): CaseRow(row, context={"request": request}).data for row in rows}
    return dict(json.loads(json.dumps(shown, default=str)))


NAMES = (
    "",
    "王",
    "王明",
    "王小明",
    "欧阳",
    "欧阳明",
    "欧阳小明",
    "乌云其木格",
    "通辽市某某公司",
    "司马相如",
    "A",
    "Ab c",
    "𠮷田",
)


def cases_of_all_kinds(ground: Ground) -> None:
    """Every state, every level of sight, every way in which a name may stand."""
    for state in (ways.registered, ways.accepted, ways.handling, ways.concluded, ways.closed):
        state(ground)
    for state in (State.ARCHIVED, State.SUSPENDED, State.GUIDED, State.WITHDRAWN, State.DRAFT):
        ways.in_state(ground, state)
    ways.merged(ground)
    back = ways.dispatched(ground, title="王小明的事，王小明不满", internal_number="内-7")
    actions.return_case(back, actor=ground.handler, reason="不属于本单位职责")
    actions.register_case(an_entry(category="", is_restricted=True), actor=ground.clerk)
    withheld = (PartyEntry(name_withheld=True), PartyEntry(side="respondent", name="某公司"))
    actions.register_case(an_entry(parties=withheld, risk="red"), actor=ground.clerk)
    holding = tuple(PartyEntry(name=name, side="respondent" if "公司" in name else "applicant") for name in NAMES[1:])
    known = {"external_system": "12345", "external_number": "GD7", "internal_number": '甲,乙"丙'}
    actions.register_case(an_entry(parties=holding, title='=欧阳小明、欧阳,王小明"王明', **known), actor=ground.clerk)
    kept = ways.registered(ground, parties=(PartyEntry(name="赵限制", phone="13847500077"),))
    block(kept, ground)


def block(case: Case, ground: Ground) -> None:
    """The data of its applicant are only stored."""
    asked = DataRequest.objects.create(kind="restrict", reason="争议", centre=case.centre, received_by=ground.clerk)
    row = Restriction.objects.create(request=asked, reason="争议", restricted_by=ground.clerk)
    RestrictedParty.objects.create(restriction=row, party=case.parties.first())


@pytest.mark.parametrize("person", ["clerk", "leader", "handler", "town_manager", "stranger"])
@pytest.mark.parametrize("ordering", ["-registered", "due"])
def test_every_line_of_a_stream_is_the_row_of_its_case(person: str, ordering: str, ground: Ground) -> None:
    cases_of_all_kinds(ground)
    user = ground.people[person]
    client = as_person(user)
    streamed = [json.loads(line) for line in text_of(client, "application/x-ndjson", ordering).splitlines()]
    listed = client.get(f"{CASES}?limit=100&ordering={ordering}").json()["results"]
    assert streamed == listed
    assert [list(row) for row in streamed] == [list(row) for row in listed]
    by_code, expected = {row["code"]: row for row in streamed}, alone(user)
    if ordering != "due":
        assert by_code.keys() == expected.keys()
    for code, row in by_code.items():
        same = {name: value for name, value in row.items() if not name.endswith("_at")}
        assert same == {name: expected[code][name] for name in same}
    assert list(csv.reader(io.StringIO(text_of(client, "text/csv", ordering)))) == table(listed)


def text_of(client: Any, accept: str, ordering: str = "-registered") -> str:
    answer = client.get(f"{CASES}?ordering={ordering}", HTTP_ACCEPT=accept)
    return str(b"".join(answer.streaming_content).decode("utf-8-sig"))


def table(rows: list[dict[str, Any]]) -> list[list[str]]:
    """The rows of a list as a spreadsheet shows them: cells that would be formulas stand behind an apostrophe."""
    nested = {
        "category": ("code", "name"),
        "territory": ("code", "full_name"),
        "centre": ("name",),
        "holder": ("name",),
    }
    head = [f"{name}_{part}" if part else name for name in CaseRow().fields for part in nested.get(name, ("",))]
    lines = []
    for row in rows:
        cells: list[Any] = []
        for name, value in row.items():
            if name in nested:
                cells += [(value or {}).get(part, "") for part in nested[name]]
            elif name == "senders":
                cells.append("、".join(f"{one['system']} {one['number']}" for one in value))
            else:
                cells.append("、".join(value) if isinstance(value, list) else value)
        texts = ["" if cell is None else str(cell) for cell in cells]
        lines.append([f"'{text}" if text.startswith(FORMULA) else text for text in texts])
    return [head, *lines]


def test_names_are_masked_by_the_database_as_everywhere() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT intake_mask_name(n) FROM unnest(%s::text[]) WITH ORDINALITY AS u (n, at) ORDER BY at", [list(NAMES)]
        )
        assert [name for (name,) in cursor.fetchall()] == [mask_name(name) for name in NAMES]


def test_surnames_of_two_characters_are_known_to_the_database_too() -> None:
    compound = masking._COMPOUND_SURNAMES.pattern.split("|")
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_mask_name(n || '小明') FROM unnest(%s::text[]) AS n", [compound])
        assert [name for (name,) in cursor.fetchall()] == [f"{surname}*明" for surname in compound]
