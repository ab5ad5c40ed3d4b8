"""An act costs the act: how many statements the acts and answers of the API take, and the pages of a case."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from intake import queries
from intake.models import Case
from intake.queries.whole_case import hanging_function
from tests.intake import ways
from tests.intake.api import LAND, address
from tests.people import Ground
from workbench.todo import KINDS
from zhongzhi.accounts.models import User

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
POINTS = ("SAVEPOINT", "RELEASE")


def signed_in(user: User) -> Client:
    """As the project's own pages are."""
    client = Client()
    client.force_login(user)
    return client


class Statements(list[str]):
    """What the database was asked; a test that fails shows all of it."""

    def __repr__(self) -> str:
        return "\n" + "\n".join(f"{at:3} {one[:300]}" for at, one in enumerate(self, 1))


def statements(ask: Callable[[], Any]) -> Statements:
    """What the database was asked for one answer; what a test's own transaction adds is left out."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = ask()
    assert answer.status_code < 300, answer.content
    return Statements(query["sql"] for query in asked.captured_queries if not query["sql"].startswith(POINTS))


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(path, json.dumps(body or {}), content_type="application/json")


def test_registering_costs_what_it_writes(ground: Ground) -> None:
    """What came a moment ago as well is read to be told; of somebody else's matter nothing more is asked, but for a
    place that nobody has named yet."""
    client = signed_in(ground.clerk)
    post(client, CASES, LAND)
    assert len(statements(lambda: post(client, CASES, LAND))) <= 12
    other = LAND | {"territory": "150526100001", "parties": [{"name": "徐某", "phone": "13847500009"}]}
    assert len(statements(lambda: post(client, CASES, other))) <= 12


def test_taking_a_case_on_costs_what_it_changes(ground: Ground) -> None:
    client, first, case = signed_in(ground.dispatcher), ways.registered(ground), ways.registered(ground)
    post(client, address(first, "accept"))
    assert len(statements(lambda: post(client, address(case, "accept")))) <= 10


@pytest.mark.parametrize("state", [ways.registered, ways.handling, ways.closed])
def test_a_case_is_read_in_few_statements(state: Callable[[Ground], Case], ground: Ground) -> None:
    case, client = state(ground), signed_in(ground.clerk)
    client.get(address(case))
    assert len(statements(lambda: client.get(address(case)))) <= 5


def test_the_page_of_a_case_is_read_in_few_statements(ground: Ground) -> None:
    case, client = ways.handling(ground), signed_in(ground.clerk)
    client.get(f"/cases/{case.code}/")
    assert len(statements(lambda: client.get(f"/cases/{case.code}/"))) <= 14


@pytest.mark.parametrize(("path", "most"), [("/cases/", 7), (CASES, 5)])
def test_a_list_is_read_in_statements_that_do_not_grow_with_it(path: str, most: int, ground: Ground) -> None:
    for state in (ways.registered, ways.handling, ways.closed):
        state(ground)
    client = signed_in(ground.clerk)
    client.get(path)
    assert len(statements(lambda: client.get(path))) <= most


def test_what_a_case_has_none_of_is_not_asked_for_again(ground: Ground) -> None:
    case = queries.whole_case_visible_to(ground.clerk, str(ways.registered(ground).code))
    with CaptureQueriesContext(connection) as asked:
        assert not case.roads.filter(ended_on__isnull=True).select_related("led_by").order_by("pk").exists()
        assert case.handlings.exclude(closed_at=None).first() is None
        assert list(case.directions.values_list("pk", flat=True)) == []
        assert case.work_notes.count() == 0
    assert not asked.captured_queries


def test_what_hangs_on_a_case_is_read_as_ever(ground: Ground) -> None:
    known = ways.closed(ground)
    case = queries.whole_case_visible_to(ground.clerk, str(known.code))
    for relation in Case._meta.related_objects:
        name = relation.get_accessor_name()
        if not relation.one_to_one:
            assert set(getattr(case, name).all()) == set(getattr(known, name).all()), name
    assert case.running == list(known.clocks.filter(stopped_at=None))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("person", "most"),
    [
        ("clerk", 9),
        ("dispatcher", 9),
        ("handler", 9),
        ("town_clerk", 8),
        ("manager", 10),
        ("village_manager", 10),
        ("leader", 7),
    ],
)
def test_home_is_read_in_statements_that_do_not_grow_with_its_lists(person: str, most: int, ground: Ground) -> None:
    for state in (ways.registered, ways.accepted, ways.handling, ways.concluded, ways.closed):
        state(ground)
    client = signed_in(ground.people[person])
    client.get("/")
    asked = statements(lambda: client.get("/"))
    assert len(asked) <= most


def test_the_head_of_a_list_is_its_first_cases_in_its_order_and_its_number(ground: Ground) -> None:
    for _ in range(4):
        ways.registered(ground)
        ways.accepted(ground)
    user = ground.dispatcher
    kinds = [kind.cases for kind in KINDS if kind.concerns(user)]
    lists = [cases(user) for cases in kinds]
    for shown in (2, 8):
        heads = queries.heads_of(user, kinds, shown=shown)
        assert [[(c.pk, c.due) for c in head.cases] for head in heads] == [
            [(case.pk, case.next_due) for case in rows[:shown]] for rows in lists
        ]
        assert [head.total for head in heads] == [rows.count() for rows in lists]
    with CaptureQueriesContext(connection) as asked:
        queries.heads_of(user, kinds, shown=2)
    assert len(asked.captured_queries) == 1


def test_of_no_lists_nothing_is_asked(ground: Ground) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert queries.heads_of(ground.clerk, [], shown=8) == []
    assert not asked.captured_queries


def test_the_database_knows_all_that_hangs_on_a_case() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'intake_case_hanging'")
        (kept,) = cursor.fetchone()
    wanted = hanging_function()
    assert wanted in kept, f"a new migration has to replace the body of intake_case_hanging(bigint) by:\n{wanted}"
