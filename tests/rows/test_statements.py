"""Statements that are written once, and keys that are looked up first."""

import pytest
from django.db import connection
from django.db.models import BigIntegerField
from django.test.utils import CaptureQueriesContext

from grids.models import Posting
from grids.scope import scope_of
from intake.models import Case
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.rows.arrays import among
from zhongzhi.rows.statements import Given, PreparedRows

pytestmark = pytest.mark.django_db


def test_prepared_rows_are_those_of_the_values_they_are_asked_with(ground: Ground) -> None:
    user = Given("user", BigIntegerField())
    prepared = PreparedRows(Posting.objects.filter(user=user).select_related("organisation__territory").order_by("pk"))
    for one in (ground.clerk, ground.leader, ground.clerk):
        with CaptureQueriesContext(connection) as asked:
            found = prepared.read(user=one.pk)
            assert [post.organisation.territory.name for post in found]
        assert found == list(Posting.objects.filter(user=one).order_by("pk"))
        assert len(asked) == 1


def test_tuples_stay_tuples(ground: Ground) -> None:
    rows = Posting.objects.filter(user=Given("user", BigIntegerField())).values_list("pk", "role")
    found = PreparedRows(rows).read(user=ground.clerk.pk)
    assert found == list(Posting.objects.filter(user=ground.clerk).values_list("pk", "role"))


def test_the_statement_is_written_once(ground: Ground) -> None:
    prepared = PreparedRows(Posting.objects.filter(user=Given("user", BigIntegerField())))
    prepared.read(user=ground.clerk.pk)
    written = prepared._compiled
    prepared.read(user=ground.leader.pk)
    assert prepared._compiled is written
    assert not any(one in (ground.clerk.pk, ground.leader.pk) for one in written[2])


def test_a_value_that_is_not_given_is_a_fault() -> None:
    with pytest.raises(KeyError):
        PreparedRows(Posting.objects.filter(user=Given("user", BigIntegerField()))).read()


def test_each_person_has_the_scope_of_their_own_posts(ground: Ground) -> None:
    people = User.objects.filter(postings__isnull=False).distinct()
    assert len(people) > 5
    for one in people:
        own = set(Posting.objects.filter(user=one).values_list("pk", flat=True))
        assert {post.pk for post in scope_of(one).postings} == own, one


def test_keys_among_others_are_those_of_pk_in(ground: Ground) -> None:
    keys = User.objects.filter(postings__isnull=False).values("pk")
    found = User.objects.filter(among("pk", keys))
    assert set(found) == set(User.objects.filter(pk__in=keys))
    assert " = ANY(ARRAY(" in str(found.query)
    assert set(User.objects.exclude(among("pk", keys))) == set(User.objects.exclude(pk__in=keys))
    assert not Case.objects.filter(among("pk", Case.objects.none().values("pk"))).exists()
