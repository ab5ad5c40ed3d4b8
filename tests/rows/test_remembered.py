"""Rows that a process remembers while nobody changes them: never behind what is there, and each reader's own."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import BigIntegerField
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grids.models import Organisation, Territory
from grids.queries import find_open_territory, members_with, organisations_by_id, territory_of
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import Case, Category
from intake.queries import find_leaf
from mediation.models import Body, BodyKind
from tests.intake.api import as_person, as_system
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import gather_reference_changes
from zhongzhi.accounts.models import ReferenceChange, User
from zhongzhi.rows import remembered
from zhongzhi.rows.remembered import RememberedRows, remember_for, version_there
from zhongzhi.rows.statements import Given

pytestmark = pytest.mark.django_db
NAMED = Given("key", BigIntegerField())


def version() -> str:
    """What a request that begins now would read."""
    return str(User.objects.annotate(there=version_there()).values_list("there", flat=True)[0])


def asked(work: Any) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        work()
    return [one["sql"] for one in found.captured_queries]


def test_what_nobody_changed_is_read_once(ground: Ground) -> None:
    remember_for(version())
    assert asked(lambda: find_open_territory("150526103201"))
    assert asked(lambda: find_open_territory("150526103201")) == []
    remember_for(version())
    assert asked(lambda: find_open_territory("150526103201")) == []


def test_without_a_request_rows_are_read(ground: Ground) -> None:
    for _ in range(2):
        assert len(asked(lambda: find_open_territory("150526103201"))) == 1


def test_who_comes_after_a_change_reads_it(ground: Ground) -> None:
    leaf = find_leaf("0202")
    remember_for(version())
    find_leaf("0202")
    remember_for("")
    Category.objects.filter(pk="0202").update(name="新的名称")
    remember_for(version())
    assert find_leaf("0202").name == "新的名称" != leaf.name


def test_who_changes_a_table_reads_from_then_on_what_is_there(ground: Ground) -> None:
    remember_for(version())
    before = members_with(ground.county_centre, Capability.SORT)
    ground.dispatcher.is_active = False
    ground.dispatcher.save(update_fields=["is_active"])
    after = members_with(ground.county_centre, Capability.SORT)
    assert ground.dispatcher in before and ground.dispatcher not in after
    assert len(asked(lambda: members_with(ground.county_centre, Capability.SORT))) == 1


def test_when_somebody_last_signed_in_is_no_change(ground: Ground) -> None:
    before = version()
    ground.dispatcher.save(update_fields=["last_login"])
    assert version() == before


def test_what_was_undone_is_remembered_by_nobody(ground: Ground) -> None:
    before, code = version(), "150526103201"
    with pytest.raises(RuntimeError), transaction.atomic():
        Territory.objects.filter(code=code).update(full_name="没有发生")
        inside = version()
        remember_for(inside)
        assert territory_of(code).full_name == "没有发生"
        raise RuntimeError
    assert version() == before != inside
    remember_for(version())
    assert territory_of(code).full_name != "没有发生"
    remember_for("")
    Territory.objects.filter(code=code).update(full_name="后来")
    assert version() not in (before, inside)


def test_notes_are_gathered_into_one_that_none_had(ground: Ground) -> None:
    seen = {version()}
    for name in "甲乙":
        with transaction.atomic():
            Organisation.objects.filter(pk=ground.justice_bureau.pk).update(short_name=name)
        seen.add(version())
    ReferenceChange.objects.create(xact=1)  # of another transaction
    assert gather_reference_changes() >= 2
    assert ReferenceChange.objects.count() == 1 and version() not in seen
    assert gather_reference_changes() == 0


def test_every_reader_has_rows_of_its_own(ground: Ground) -> None:
    remember_for(version())
    first = find_open_territory("150526103201")
    first.name = first.full_name = "改了"
    second = find_open_territory("150526103201")
    assert second.name != "改了" and second == first and second is not first
    posts = scope_of(User.objects.get(pk=ground.clerk.pk)).postings
    posts[0].organisation.territory.current_code = "99"
    assert scope_of(User.objects.get(pk=ground.clerk.pk)).postings[0].organisation.territory.current_code != "99"


def test_rows_that_know_each_other_are_copied_as_they_stand(ground: Ground) -> None:
    body = Body.objects.create(
        organisation=ground.branded_room, kind=BodyKind.TOWN, seal="调委会", doc_mark="调", starts_on=STARTS
    )
    bodies = RememberedRows(Body.objects.filter(pk=NAMED).select_related("organisation"))
    remember_for(version())
    for _ in range(2):
        (found,) = bodies.read(key=body.pk)
        assert found.organisation._state.fields_cache.get("mediation_body", found) is found


def test_a_table_that_notes_nothing_is_not_remembered(ground: Ground) -> None:
    cases = RememberedRows(Case.objects.filter(pk=NAMED))
    assert cases.read(key=1) == []
    remember_for(version())
    with pytest.raises(TypeError, match="intake_case"):
        cases.read(key=1)
    with pytest.raises(TypeError, match="locked"):
        RememberedRows(Category.objects.select_for_update())


def test_few_answers_are_remembered(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    remember_for(version())
    for pk in range(1, 9):
        organisations_by_id([pk])
    assert len(remembered._held_for(version())) <= 3


@pytest.mark.parametrize("comes_with", ["session", "token"])
def test_a_request_remembers_and_leaves_nothing_behind(comes_with: str, ground: Ground) -> None:
    client = as_person(ground.clerk) if comes_with == "session" else as_system(ground, "cases:read")
    posts = 'FROM "grids_posting" INNER JOIN'
    first, second = (asked(lambda: client.get("/api/v1/cases/")) for _ in range(2))
    assert any(posts in sql for sql in first) and not any(posts in sql for sql in second)
    assert remembered._version.get() == ""


def test_a_session_that_is_over_remembers_nothing(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.clerk)
    client.logout()
    assert client.get("/").status_code == 302
    assert remembered._version.get() == ""


def test_a_table_that_is_emptied_is_a_change(ground: Ground) -> None:
    before = version()
    connection.cursor().execute("TRUNCATE accounts_passkey")
    assert version() != before


def test_changes_are_noticed_once_however_often_one_connects() -> None:
    before = list(connection.execute_wrappers)
    assert before.count(remembered._noticing) == 1
    with connection.execute_wrapper(lambda execute, *asked: execute(*asked)):
        remembered.notice_changes(None, connection)
    assert connection.execute_wrappers == before
