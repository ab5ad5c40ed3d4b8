"""One act on many cases from a list: each for itself, with a result for each."""

from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.db import connection

from intake import actions
from intake.lifecycle import LIFECYCLE, State
from intake.models import Case
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground, make_ground
from workbench.bulk.table import BULK_ACTS, MOST, bulk_acts_for
from zhongzhi.audit.models import TrailEntry

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return str(answer.content.decode())


def codes(*cases: Case) -> list[str]:
    return [str(case.code) for case in cases]


def states_of(cases: list[Case]) -> list[str]:
    return [Case.objects.get(pk=case.pk).status for case in cases]


def test_of_fifty_dispatched_at_once_three_are_refused_by_name_and_the_others_are_done(ground: Ground) -> None:
    cases = [ways.accepted(ground, title=f"第{n}件") for n in range(50)]
    for case in cases[10:13]:
        actions.withdraw_case(case, actor=ground.dispatcher, reason="已自行和解")
    form = {"case": codes(*cases), "organisation": ground.justice_bureau.pk, "instruction": "请实地丈量"}
    answer = signed_in(ground.dispatcher).post("/bulk/dispatch/", form)
    assert "交办：已办 47 件，未办 3 件" in text(answer)
    refused = [result for result in answer.context["results"] if result.refusal]
    assert [result.title for result in refused] == ["第10件", "第11件", "第12件"]
    assert answer.context["results"][:3] == refused
    assert sorted(set(states_of(cases[:10] + cases[13:]))) == ["dispatched"]
    assert states_of(cases[10:13]) == ["withdrawn"] * 3
    assert TrailEntry.objects.filter(verb="case_dispatched").count() == 47
    for case in (cases[0], cases[49]):
        assert case.documents.count() == 1


def test_each_goes_to_the_organisation_suggested_for_it_and_one_without_is_named(ground: Ground) -> None:
    usual, none = ways.accepted(ground), ways.accepted(ground, title="无类别")
    Case.objects.filter(pk=none.pk).update(category=None)
    shown = text(signed_in(ground.dispatcher).get("/bulk/dispatch/", {"case": codes(usual, none)}))
    assert "没有建议单位" in shown
    answer = signed_in(ground.dispatcher).post("/bulk/dispatch/", {"case": codes(usual, none)})
    assert "没有明确的建议单位，请单独办理。" in text(answer)
    assert states_of([usual, none]) == ["dispatched", "accepted"]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_another_holds_at_the_moment_stops_none_of_the_others() -> None:
    ground = make_ground()
    cases = [ways.registered(ground, title=f"第{n}件") for n in range(3)]
    with (
        closing(psycopg2.connect(**connection.get_connection_params())) as other,
        other.cursor() as holder,
        connection.cursor() as cursor,
    ):
        holder.execute("SELECT id FROM intake_case WHERE id = %s FOR UPDATE", [cases[1].pk])
        cursor.execute("SET lock_timeout = '200ms'")
        answer = signed_in(ground.dispatcher).post("/bulk/accept/", {"case": codes(*cases)})
        cursor.execute("RESET lock_timeout")
    assert "正有别人在办理这件" in text(answer)
    assert states_of(cases) == ["accepted", "registered", "accepted"]


def test_what_each_case_has_of_its_own_stays(ground: Ground) -> None:
    first, second = ways.registered(ground, risk="red", category="0301"), ways.registered(ground, risk="blue")
    signed_in(ground.dispatcher).post(
        "/bulk/accept/", {"case": codes(first, second), "category": "0301", "risk": "red"}
    )
    kept = Case.objects.get(pk=second.pk)
    assert (kept.status, kept.risk, kept.category) == ("accepted", "blue", second.category)


def test_what_is_typed_wrong_is_told_before_anything_is_done(ground: Ground) -> None:
    case = ways.handling(ground)
    answer = signed_in(ground.manager).post("/bulk/urge/", {"case": codes(case), "reason": ""})
    assert answer.status_code == 422
    assert not case.urgings.exists()


def test_a_case_out_of_sight_is_not_among_them(ground: Ground) -> None:
    case = ways.registered(ground)
    answer = signed_in(ground.stranger).post("/bulk/accept/", {"case": codes(case)})
    assert answer.status_code == 400
    assert states_of([case]) == ["registered"]


def test_none_and_too_many_are_refused(ground: Ground) -> None:
    client = signed_in(ground.dispatcher)
    assert client.get("/bulk/accept/").status_code == 400
    assert client.get("/bulk/accept/", {"case": [f"ZJ{n}" for n in range(MOST + 1)]}).status_code == 400
    assert client.get("/bulk/nothing/").status_code == 404


def test_who_does_no_such_work_is_refused_and_not_offered_it(ground: Ground) -> None:
    case = ways.accepted(ground)
    for person in (ground.handler, ground.leader):
        assert signed_in(person).post("/bulk/dispatch/", {"case": codes(case)}).status_code == 403
        assert "dispatch" not in [bulk.name for bulk in bulk_acts_for(person)]
    assert states_of([case]) == ["accepted"]


def test_the_window_accepts_only_what_it_may_and_the_rest_is_said(ground: Ground) -> None:
    simple, hard = ways.registered(ground, complexity="simple"), ways.registered(ground, complexity="hard")
    answer = signed_in(ground.clerk).post("/bulk/accept/", {"case": codes(simple, hard)})
    assert "已办 1 件，未办 1 件" in text(answer)
    assert states_of([simple, hard]) == ["accepted", "registered"]


def test_handlers_sign_for_all_that_was_handed_to_them(ground: Ground) -> None:
    cases = [ways.dispatched(ground) for _ in range(3)]
    answer = signed_in(ground.handler).post("/bulk/sign/", {"case": codes(*cases)})
    assert "签收：已办 3 件" in text(answer)
    assert states_of(cases) == ["handling"] * 3


def test_lists_offer_the_acts_with_the_states_that_take_them(ground: Ground) -> None:
    ways.registered(ground)
    for path in ("/cases/", "/todo/triage/"):
        page = text(signed_in(ground.dispatcher).get(path))
        assert 'data-bulk-act="/bulk/dispatch/" data-states="accepted "' in page
        assert "data-tick" in page
    page = text(signed_in(ground.leader).get("/cases/"))
    assert "data-bulk-act" not in page
    assert "data-tick" not in page


def test_every_act_for_many_is_one_for_one_and_takes_some_state() -> None:
    for bulk in BULK_ACTS:
        assert bulk.act.name == bulk.name
        assert bulk.states
        if bulk.act.event is not None and not bulk.also_in:
            assert all(LIFECYCLE.allows(State(state), bulk.act.event) for state in bulk.states)  # type: ignore[arg-type]
