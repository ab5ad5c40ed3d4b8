"""Statements kept for a scope: the same person gets the same, everybody else and everything new another."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids import kept_statements
from grids.actions.api_clients import ClientTerms, open_client
from grids.kept_statements import KeptRows, Statement, kept_rows, kept_statement
from grids.models import Organisation, Posting, Role, Territory
from grids.scope import Scope, scope_of
from intake import queries
from tests.intake import ways
from tests.people import Ground
from workbench.todo import KINDS, todo_of
from zhongzhi.accounts.models import ApiClient, User
from zhongzhi.core.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_statements, "_kept", type(kept_statements._kept)())


def fresh(user: User) -> Scope:
    return scope_of(User.objects.get(pk=user.pk))


def test_it_is_written_once_for_a_scope_that_is_the_same(ground: Ground) -> None:
    written: list[int] = []

    def write() -> Statement:
        written.append(1)
        return "SELECT 1", (len(written),)

    first = kept_statement(fresh(ground.clerk), "a", write)
    assert kept_statement(fresh(ground.clerk), "a", write) == first
    assert kept_statement(fresh(ground.clerk), "b", write) != first
    assert kept_statement(fresh(ground.dispatcher), "a", write) != first
    assert len(written) == 3


CHANGES = [
    lambda g: Posting.objects.filter(user=g.dispatcher).update(role=Role.CLERK),
    lambda g: Posting.objects.filter(user=g.dispatcher).update(organisation=g.juri_centre),
    lambda g: Posting.objects.filter(user=g.dispatcher).delete(),
    lambda g: Posting.objects.create(
        user=g.dispatcher, role=Role.CLERK, organisation=g.juri_centre, starts_on=timezone.localdate()
    ),
    lambda g: User.objects.filter(pk=g.dispatcher.pk).update(name="另一个名字"),
    lambda g: Territory.objects.filter(pk=g.county_centre.territory_id).update(name="改名的旗"),
    lambda g: Organisation.objects.filter(pk=g.juri_centre.pk).update(successor=g.county_centre),
]


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_whatever_changes_of_the_person_or_the_posts_is_written_anew(change: Any, ground: Ground) -> None:
    before = kept_statement(fresh(ground.dispatcher), "a", lambda: ("SELECT 1", ()))
    change(ground)
    assert kept_statement(fresh(ground.dispatcher), "a", lambda: ("SELECT 2", ())) != before


def test_another_day_is_written_anew(ground: Ground) -> None:
    before = kept_statement(fresh(ground.dispatcher), "a", lambda: ("SELECT 1", ()))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert kept_statement(fresh(ground.dispatcher), "a", lambda: ("SELECT 2", ())) != before


CHANGES_OF_A_CLIENT = [
    lambda c: ApiClient.objects.filter(pk=c.pk).update(sight="subtree"),
    lambda c: ApiClient.objects.filter(pk=c.pk).update(scopes=["cases:read", "cases:register"]),
    lambda c: setattr(c, "narrowed_to", frozenset()),
]


@pytest.mark.parametrize("change", CHANGES_OF_A_CLIENT, ids=range(len(CHANGES_OF_A_CLIENT)))
def test_for_an_outside_system_it_is_that_of_its_sight_and_its_token(change: Any, ground: Ground) -> None:
    client = open_client("12345 热线", ground.juri_centre, ClientTerms(("cases:read",)), actor=ground.system_admin)
    before = kept_statement(fresh(client.user), "a", lambda: ("SELECT 1", ()))
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=timezone.now())
    assert kept_statement(fresh(client.user), "a", lambda: ("SELECT 2", ())) == before, "only that it called"
    change(client)
    caller = User.objects.get(pk=client.user_id)
    if client.narrowed_to is not None:
        caller.api_client.narrowed_to = client.narrowed_to
    assert kept_statement(scope_of(caller), "a", lambda: ("SELECT 2", ())) != before


def test_rows_that_are_kept_are_those_of_a_statement_that_was_just_written(ground: Ground) -> None:
    """One case by its code and the newest of a list, for everybody, what hangs on them as it is read elsewhere."""
    cases = [state(ground) for state in (ways.registered, ways.accepted, ways.handling, ways.concluded, ways.closed)]
    newest = queries.newest_in_sight
    for user in User.objects.filter(kind="person"):
        for _ in range(2):
            again = User.objects.get(pk=user.pk)
            seen = list(queries.cases_for_list(again).order_by("-id"))
            page = newest(again, (), lambda rows: rows).page(None, 3)
            assert page.items == seen[:3], user
            for ours, plain in zip(page.items, seen, strict=False):
                for name in ("next_due", "is_overdue", "senders", "holder", "principals"):
                    assert getattr(ours, name) == getattr(plain, name), (user, name)
                assert [p.restricted for p in ours.principals] == [p.restricted for p in plain.principals]
                assert list(ours.handlings.all()) == list(plain.handlings.all())
            rest = newest(again, (), lambda rows: rows).page(page.next_cursor, 50) if page.next_cursor else None
            assert [*page.items, *(rest.items if rest else ())] == seen, user
            for case in cases:
                if case in seen:
                    assert queries.case_visible_to(again, case.code) == case
                    assert queries.whole_case_visible_to(again, case.code) == case
                else:
                    with pytest.raises(NotFound):
                        queries.whole_case_visible_to(again, case.code)


def test_two_people_of_one_post_share_how_rows_are_made_and_nothing_else(ground: Ground) -> None:
    def mine(scope: Scope) -> KeptRows[Posting]:
        return kept_rows(scope, "mine", lambda: Posting.objects.filter(user=scope.user).order_by("pk"))

    ours, theirs = mine(fresh(ground.clerk)), mine(fresh(ground.dispatcher))
    assert ours._rows is theirs._rows
    assert {post.user_id for post in ours.read()} == {ground.clerk.pk}
    assert {post.user_id for post in theirs.read()} == {ground.dispatcher.pk}


def test_what_reads_while_it_is_written_or_holds_a_moment_is_refused(ground: Ground) -> None:
    scope = fresh(ground.clerk)
    with pytest.raises(RuntimeError, match="reads while"):
        kept_statement(scope, "a", lambda: ("SELECT 1", (User.objects.count(),)))
    with pytest.raises(RuntimeError, match="moment"):
        kept_statement(scope, "a", lambda: ("SELECT 1", (timezone.now(),)))


def test_no_more_are_kept_than_a_process_keeps(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_statements, "MOST", 2)
    for name in "abca":
        kept_statement(fresh(ground.clerk), name, lambda name=name: (name, ()))  # type: ignore[misc]
    assert [key[0] for key in kept_statements._kept] == ["c", "a"]  # type: ignore[index]


def test_the_lists_of_the_day_are_those_of_a_statement_that_was_just_written(ground: Ground) -> None:
    """For everybody, and again after something happened."""
    for state in (ways.registered, ways.accepted, ways.handling, ways.concluded, ways.closed):
        state(ground)
    for user in User.objects.filter(kind="person"):
        for _ in range(2):
            again = User.objects.get(pk=user.pk)
            shown = {section.name: ([one.pk for one in section.first], section.total) for section in todo_of(again)}
            for kind in KINDS:
                if kind.name in shown:
                    rows = list(kind.cases(again).values_list("pk", flat=True))
                    assert shown[kind.name] == (rows[:25], len(rows)), (user, kind.name)
            ways.accepted(ground)


def test_a_home_page_that_was_opened_before_writes_no_list_again(ground: Ground) -> None:
    todo_of(User.objects.get(pk=ground.dispatcher.pk))
    user = User.objects.get(pk=ground.dispatcher.pk)
    with CaptureQueriesContext(connection) as asked:
        todo_of(user)
    assert len(asked) == 2  # the scope, and the lists
    kinds = [kind.cases for kind in KINDS if kind.concerns(user)]
    assert queries.heads_of(user, kinds, shown=25)
    assert len(kept_statements._kept) == 1
