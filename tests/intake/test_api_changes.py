"""The feed of changes: in commit order, nothing missed, nothing twice, and only what the reader may see."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from grids.actions import post_person
from grids.models import Role
from intake import actions
from intake.deadlines.models import Clock
from intake.models import Case, CaseChange
from intake.queries import changes_for
from tests.intake import ways
from tests.intake.api import LAND, as_person, as_system, problem_of
from tests.people import STARTS, Ground, an_entry, make_ground
from zhongzhi.accounts.actions import issue_token, limit_client, register_client
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput

CHANGES = "/api/v1/changes/"


def committed() -> None:
    """What was written so far was written by transactions that have ended: as after a commit."""
    CaseChange.objects.update(xid=1)


def once_passed(system: APIClient, after: str) -> Any:
    """The answer, as soon as the reader has gone on from this place."""
    until = time.monotonic() + 30
    while True:
        body = system.get(CHANGES, {"after": after}).json()
        if body["next"] != after or time.monotonic() > until:
            return body
        time.sleep(0.05)


def kinds(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["change"], row["code"]) for row in body["results"]]


def here() -> str:
    """The place behind everything that was written so far, shown already or not."""
    row = CaseChange.objects.order_by("xid", "case_id").last()
    database = str(changes_for(User(), after="latest").after).split("-")[0]
    return f"{database}-{row.xid}-{row.case_id}" if row else ""


def once_shown(read: Callable[[], Any], number: int) -> Any:
    """The answer, as soon as it holds so many changes: the server's own workers may hold the feed back for a moment."""
    until = time.monotonic() + 30
    while True:
        answer = read()
        rows = answer["results"] if isinstance(answer, dict) else answer.changes
        if len(rows) >= number or time.monotonic() > until:
            return answer
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_an_outside_system_keeps_its_copy_in_step() -> None:
    ground = make_ground()
    system = as_system(ground, "changes:read", "cases:read")
    place = system.get(CHANGES, {"after": "latest"}).json()
    assert (place["results"], place["more"]) == ([], False)
    case = ways.accepted(ground)
    body = once_shown(lambda: system.get(CHANGES, {"after": place["next"]}).json(), 2)
    assert kinds(body) == [("created", case.code), ("changed", case.code)]
    assert body["results"][-1]["case"] == {
        "code": case.code,
        "version": case.version,
        "status": "accepted",
        "status_label": "已受理",
        "merged_into": None,
    }
    again = system.get(CHANGES, {"after": body["next"]}).json()
    assert (again["results"], again["next"]) == ([], body["next"])
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    last = once_shown(lambda: system.get(CHANGES, {"after": body["next"]}).json(), 1)
    assert kinds(last) == [("changed", case.code)]


@pytest.mark.django_db(transaction=True)
def test_a_younger_transaction_is_not_shown_before_an_older_one_has_ended() -> None:
    ground = make_ground()
    first, second = ways.registered(ground), ways.registered(ground)
    start = here()
    written, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Case.objects.filter(pk=first.pk).update(place_detail="甲")
            written.set()
            may_end.wait(20)
        connection.close()

    older = threading.Thread(target=slow)
    older.start()
    assert written.wait(20)
    Case.objects.filter(pk=second.pk).update(place_detail="乙")
    try:
        early = changes_for(ground.clerk, after=start)
        assert (early.changes, str(early.after)) == ([], start)
    finally:
        may_end.set()
        older.join()
    late = once_shown(lambda: changes_for(ground.clerk, after=start), 2)
    assert [change.case.code for change in late.changes] == [first.code, second.code]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_a_neighbouring_database_does_not_hold_the_feed_back() -> None:
    ground = make_ground()
    case = ways.registered(ground)
    start = here()
    with neighbour_writes():
        Case.objects.filter(pk=case.pk).update(place_detail="甲")
        shown = once_shown(lambda: changes_for(ground.clerk, after=start), 1)
        assert [change.case.code for change in shown.changes] == [case.code]
        latest = changes_for(ground.clerk, after="latest").after
        assert latest.xid >= shown.changes[0].place.xid


@contextmanager
def neighbour_writes() -> Iterator[None]:
    """A transaction is under way in another database of this server."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    with closing(psycopg2.connect(**parameters)) as neighbour, neighbour.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        yield


@pytest.mark.django_db(transaction=True)
def test_who_polls_while_many_write_sees_every_change_once() -> None:
    ground = make_ground()
    cases = [ways.registered(ground) for _ in range(4)]
    place = here()
    each, seen, until = 25, [], time.monotonic() + 60

    def write(case: Case) -> None:
        for at in range(each):
            Case.objects.filter(pk=case.pk).update(place_detail=str(at))
        connection.close()

    writers = [threading.Thread(target=write, args=[case]) for case in cases]
    for writer in writers:
        writer.start()
    while True:
        busy = any(writer.is_alive() for writer in writers)
        feed = changes_for(ground.clerk, after=place, limit=7)
        seen += [(change.place.xid, change.case.pk) for change in feed.changes]
        place = str(feed.after)
        done = not busy and len(seen) >= each * len(cases) and not feed.more
        if done or time.monotonic() > until:
            break
    assert len(seen) == len(set(seen)) == each * len(cases)
    assert seen == sorted(seen)


@pytest.mark.django_db(transaction=True)
def test_a_case_that_leaves_the_readers_sight_is_told_and_no_more_than_that() -> None:
    ground = make_ground()
    outside = register_client("镇平台", ["changes:read"])
    limit_client(outside, sight="subtree")
    post_person(outside.user, ground.juri_centre, Role.API_CLIENT, starts_on=STARTS)
    system = as_person(ground.clerk)
    system.force_authenticate(None)
    system.logout()
    system.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(outside).text}")
    case = ways.registered(ground)
    place = here()
    Case.objects.filter(pk=case.pk).update(territory=ground.places["150526100001"])
    gone = once_shown(lambda: system.get(CHANGES, {"after": place}).json(), 1)
    assert kinds(gone) == [("left", case.code)]
    assert gone["results"][0]["case"] is None
    Case.objects.filter(pk=case.pk).update(place_detail="别处")
    away = once_passed(system, gone["next"])
    assert away["results"] == []
    Case.objects.filter(pk=case.pk).update(territory=ground.places["150526103200"])
    back = once_shown(lambda: system.get(CHANGES, {"after": away["next"]}).json(), 1)
    assert kinds(back) == [("entered", case.code)]


@pytest.mark.django_db(transaction=True)
def test_a_breached_clock_is_a_change_and_a_draft_is_none() -> None:
    ground = make_ground()
    case = ways.registered(ground)
    place = here()
    actions.save_draft(an_entry(title="草稿"), actor=ground.clerk)
    clock = Clock.objects.get(case=case, stopped_at=None)
    Clock.objects.filter(pk=clock.pk).update(breached_at=clock.due_at, next_at=None)
    feed = once_shown(lambda: changes_for(ground.clerk, after=place), 1)
    assert [(change.kind, change.case.pk) for change in feed.changes] == [("changed", case.pk)]


@pytest.mark.django_db
def test_the_feed_runs_the_same_queries_however_much_changed(ground: Ground) -> None:
    counts = []
    for number in (3, 60):
        for _ in range(number):
            ways.registered(ground)
        committed()
        system = as_person(ground.clerk)
        system.get(CHANGES)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body = system.get(CHANGES, {"limit": 200}).json()
        assert len(body["results"]) >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_pages_of_the_feed_hold_every_change_once(ground: Ground) -> None:
    codes = [ways.registered(ground).code for _ in range(5)]
    committed()
    system, after, found = as_person(ground.clerk), "", []
    while True:
        body = system.get(CHANGES, {"after": after, "limit": 2}).json()
        found += [row["code"] for row in body["results"]]
        after = body["next"]
        if not body["more"]:
            break
    assert found == codes


@pytest.mark.django_db(transaction=True)
def test_a_feed_that_began_anew_refuses_old_places_and_tells_every_case_once() -> None:
    ground = make_ground()
    case, other = ways.accepted(ground), ways.registered(ground)
    Case.objects.filter(pk=other.pk).update(territory=ground.places["150526100001"])
    held = str(changes_for(ground.clerk, after="latest").after)
    for _ in range(2):
        actions.restart_feed()
        with pytest.raises(BadInput, match="请重新全量拉取"):
            changes_for(ground.clerk, after=held)
        feed = changes_for(ground.clerk)
        assert [(change.kind, change.case.pk) for change in feed.changes] == [
            ("created", case.pk),
            ("created", other.pk),
        ]
        held = str(feed.after)
    Case.objects.filter(pk=case.pk).update(place_detail="甲")
    then = once_shown(lambda: changes_for(ground.clerk, after=held), 1)
    assert [(change.kind, change.case.pk) for change in then.changes] == [("changed", case.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["x", "1-2-3", "1-2", "王-1-1", "1-2-99999999999999999999", "-1--1-2"])
def test_a_place_that_is_none_or_of_another_database_is_refused(after: str, ground: Ground) -> None:
    assert problem_of(as_person(ground.clerk).get(CHANGES, {"after": after})) == (422, "rule_broken", ["after"])


@pytest.mark.django_db
def test_the_feed_needs_its_scope_and_a_login(ground: Ground) -> None:
    assert problem_of(as_system(ground, "cases:read").get(CHANGES))[:2] == (403, "scope_missing")
    fresh = as_person(ground.clerk)
    fresh.logout()
    assert fresh.get(CHANGES).status_code == 401
    assert fresh.post(CHANGES, LAND).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_town_that_a_case_no_longer_concerns_is_told_that_it_left() -> None:
    ground = make_ground()
    case = ways.registered(ground, other_places=("150526100001",))
    assert case.code
    place = here()
    actions.supplement_case(Case.objects.get(pk=case.pk), {"other_places": ()}, actor=ground.clerk, reason="界址查明")
    told = once_shown(lambda: changes_for(ground.stranger, after=place), 1)
    assert [(change.kind, change.case.pk) for change in told.changes] == [("left", case.pk)]
    leading = once_shown(lambda: changes_for(ground.town_dispatcher, after=place), 1)
    assert [change.kind for change in leading.changes] == ["changed"]
    place = here()
    actions.supplement_case(
        Case.objects.get(pk=case.pk), {"place_detail": "河东"}, actor=ground.clerk, reason="补充地点"
    )
    assert once_shown(lambda: changes_for(ground.town_dispatcher, after=place), 1).changes
    assert changes_for(ground.stranger, after=place).changes == []
