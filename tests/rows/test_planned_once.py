"""Statements that the database plans once for a connection: the same rows, and a way on wherever that does not work."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import NotSupportedError, connection, transaction
from django.db.models import BigIntegerField, BooleanField, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from grids.models import Posting
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.rows import planned_once
from zhongzhi.rows.statements import Given, PreparedRows

USER = Given("user", BigIntegerField())


BEFORE: list[int] = []
"""The number of the last name that was given before the test."""


@pytest.fixture(autouse=True)
def nothing_planned() -> Iterator[None]:
    BEFORE[:] = [int(planned_once.new_name().removeprefix("zz_"))]
    yield
    planned_once.give_up_plans(connection)


def of_user(**how: Any) -> PreparedRows[Posting]:
    return PreparedRows(Posting.objects.filter(user=USER).order_by("pk"), **how)


def asked_for(rows: PreparedRows[Posting], user: User) -> str:
    with CaptureQueriesContext(connection) as asked:
        assert [post.user_id for post in rows.read(user=user.pk)] == [user.pk]
    (statement,) = asked.captured_queries
    return str(statement["sql"])


def plans() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY name")
        found = [row[0] for row in cursor.fetchall()]
    return [name for name in found if int(name.removeprefix("zz_")) > BEFORE[0]]


@pytest.mark.django_db
def test_it_is_planned_once_and_asked_for_by_its_name(ground: Ground) -> None:
    rows = of_user()
    for user in (ground.clerk, ground.leader, ground.clerk):
        assert asked_for(rows, user).startswith(f"EXECUTE {rows._name} ({user.pk}) /* SELECT")
    assert plans() == [rows._name]


@pytest.mark.django_db
def test_lists_are_planned_for_who_asks(ground: Ground) -> None:
    assert asked_for(of_user(planned_once=False), ground.clerk).startswith("SELECT")
    assert plans() == []


@pytest.mark.django_db
def test_behind_a_pooler_nothing_is_prepared(ground: Ground, settings: Any) -> None:
    settings.DATABASE_POOLED = True
    assert asked_for(of_user(), ground.clerk).startswith("SELECT")
    assert plans() == []


@pytest.mark.django_db
def test_what_cannot_be_planned_is_asked_as_it_is_and_the_transaction_goes_on(ground: Ground) -> None:
    """A value alone has no type before it is known."""
    untyped = Subquery(Posting.objects.order_by().values(found=Value(True))[:1])
    rows = PreparedRows(Posting.objects.filter(Q(untyped), user=USER))
    User.objects.filter(pk=ground.clerk.pk).update(name="改过的名字")
    for _ in range(2):
        assert asked_for(rows, ground.clerk).startswith("SELECT")
    assert User.objects.get(pk=ground.clerk.pk).name == "改过的名字"
    assert plans() == []


@pytest.mark.django_db
def test_a_sign_in_the_statement_is_no_value(ground: Ground) -> None:
    """`%%s` is a sign and a letter."""
    like = RawSQL("title LIKE '%%service%%'", (), BooleanField())
    rows = PreparedRows(Posting.objects.filter(~Q(like), user=USER))
    assert asked_for(rows, ground.clerk).startswith("EXECUTE")


@pytest.mark.django_db
def test_no_more_plans_are_kept_than_a_connection_keeps(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    planned_once.give_up_plans(connection)
    monkeypatch.setattr(planned_once, "MOST", 2)
    rows = [of_user() for _ in range(3)]
    for one in (*rows, rows[0]):
        assert asked_for(one, ground.clerk).startswith("EXECUTE")
    assert plans() == sorted([rows[2]._name, rows[0]._name])


@pytest.mark.django_db(transaction=True)
def test_another_connection_plans_for_itself(ground: Ground) -> None:
    rows = of_user()
    asked_for(rows, ground.clerk)
    connection.close()
    assert asked_for(rows, ground.clerk).startswith("EXECUTE")
    assert plans() == [rows._name]


@pytest.mark.django_db(transaction=True)
def test_a_column_that_has_another_type_by_now_is_planned_anew(ground: Ground) -> None:
    """An upgrade widens a column beside the running program."""
    rows = PreparedRows(User.objects.filter(pk=USER))
    assert rows.first(user=ground.clerk.pk) == ground.clerk
    length = User._meta.get_field("email").max_length
    assert length is not None
    try:
        _widen(length + 1)
        assert rows.first(user=ground.clerk.pk) == ground.clerk
        assert plans() == [rows._name]
        _widen(length + 2)
        with pytest.raises(NotSupportedError), transaction.atomic():
            rows.first(user=ground.clerk.pk)
        assert rows.first(user=ground.clerk.pk) == ground.clerk, "but once"
    finally:
        _widen(length)


def _widen(length: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE accounts_user ALTER COLUMN email TYPE varchar({length})")


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_within_a_transaction_only(ground: Ground) -> None:
    rows = PreparedRows(Posting.objects.select_for_update().filter(user=USER))
    with transaction.atomic():
        assert rows.first(user=ground.clerk.pk) is not None
    with pytest.raises(TransactionManagementError):
        rows.first(user=ground.clerk.pk)
