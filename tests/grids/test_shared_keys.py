"""Keys that the lists of one statement share: found once in it, the lists the same as alone."""

import pytest
from django.db import connection

from grids.scope import scope_of
from grids.shared_keys import sharing_keys
from intake.models import Case
from intake.queries import cases_for_list
from intake.sight import cases_in_sight
from tests.intake import ways
from tests.people import Ground
from workbench.todo import KINDS
from zhongzhi.accounts.models import User
from zhongzhi.rows.statements import statement_of

pytestmark = pytest.mark.django_db


def test_lists_within_are_those_of_lists_alone(ground: Ground) -> None:
    for state in (ways.registered, ways.accepted, ways.handling, ways.concluded, ways.closed):
        state(ground)
    for user in User.objects.filter(kind="person", postings__isnull=False).distinct():
        lists = [kind.cases for kind in KINDS if kind.concerns(user)]
        for of in (cases_for_list, *lists):
            with sharing_keys(user) as shared:
                sql, values = statement_of(of(user).values("pk"))
            head, before = shared.head
            with connection.cursor() as cursor:
                cursor.execute(head + sql, (*before, *values))
                found = [row[0] for row in cursor.fetchall()]
            assert sorted(found) == sorted(of(user).values_list("pk", flat=True)), (user, of)


def test_what_several_lists_ask_for_stands_once_in_the_statement(ground: Ground) -> None:
    user = ground.dispatcher
    with sharing_keys(user) as shared:
        texts = [statement_of(kind.cases(user))[0] for kind in KINDS if kind.concerns(user)]
    head, _ = shared.head
    assert head.count("intake_party") > 0
    assert sum("SELECT key FROM shared_" in text for text in texts) == len(texts) > 5
    assert not any('"works_at_id"' in text for text in texts)


def test_the_scope_of_the_person_is_as_it_was(ground: Ground) -> None:
    user = ground.dispatcher
    scope = scope_of(user)
    with pytest.raises(ZeroDivisionError), sharing_keys(user):
        cases_for_list(user)
        assert scope_of(user) is not scope
        raise ZeroDivisionError
    assert scope_of(user) is scope
    assert list(cases_in_sight(user)) == list(Case.objects.none()), "and what it wrote is nobody's else"
