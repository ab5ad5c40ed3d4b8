"""What is due next is one list: cases, letters, tasks and drafts by what is due, an open red 督办单 above all.

Each has the act that answers it.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from intake import actions
from intake.available_actions import names_of_offers
from intake.coordination.actions.joint_handling import CoHandler, add_co_handlers
from intake.coordination.actions.joint_tasks import add_task
from intake.models import Case
from referrals.models import Document, Purpose
from tests.intake import ways as intake_ways
from tests.intake.ways import State
from tests.people import Ground
from tests.referrals import ways
from workbench.due_next import Line, due_next_for
from workbench.todo import todo_of
from zhongzhi.accounts.models import User

pytestmark = pytest.mark.django_db


def lines_of(user: User) -> list[Line]:
    fresh = User.objects.get(pk=user.pk)
    return due_next_for(fresh, todo_of(fresh))


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_letters_and_tasks_stand_by_what_is_due_and_the_red_one_on_top(ground: Ground) -> None:
    reminder = ways.signed(ground, Purpose.REMIND)
    red = ways.signed(ground, Purpose.SUPERVISE, case=reminder.case, level="red")
    Document.objects.filter(pk=red.pk).update(answer_due_at=timezone.now() + timedelta(days=9), receipt_due_at=None)
    assert reminder.case is not None
    lead = reminder.case.handlings.get(part="lead", closed_at=None)
    task = add_task(reminder.case, lead, actor=ground.dispatcher, what="复核地界", due_on=timezone.localdate())
    lines = lines_of(ground.handler)
    assert (lines[0].is_red, lines[0].address) == (True, f"/documents/{red.uid}/")
    assert {line.why for line in lines[1:]} == {reminder.kind.name, "联动任务", "待签收"}
    dues = [line.due for line in lines[1:] if line.due]
    assert dues == sorted(dues)
    page = client_of(ground.handler).get("/").content.decode()
    assert page.index("红色") < page.index(task.what)


def test_a_slip_waits_as_its_case_and_others_are_owed_nothing(ground: Ground) -> None:
    case = intake_ways.dispatched(ground)
    assert [(line.why, line.code) for line in lines_of(ground.handler)] == [("待签收", str(case.code))]
    assert lines_of(ground.other_handler) == []


@pytest.mark.parametrize(
    "state", [State.REGISTERED, State.ACCEPTED, State.DISPATCHED, State.HANDLING, State.CONCLUDED, State.CLOSED]
)
def test_the_act_in_a_row_is_one_that_the_case_offers_and_leads_back_to_the_list(state: State, ground: Ground) -> None:
    case = Case.objects.get(pk=intake_ways.in_state(ground, state).pk)
    found = 0
    for person in (ground.clerk, ground.dispatcher, ground.manager, ground.leader, ground.handler):
        for line in lines_of(person):
            if line.act is not None:
                found += 1
                assert line.act.address.split("/")[-2] in names_of_offers(User.objects.get(pk=person.pk), case)
                assert line.act.address.endswith("?back=here")
    assert found, "somebody does what comes next from the list"


def test_what_is_done_in_the_row_leads_back_and_is_gone(ground: Ground) -> None:
    intake_ways.registered(ground)
    client = client_of(ground.dispatcher)
    (line,) = client.get("/").context["lines"]
    address = line.act.address
    form = client.get(address)
    assert f'hx-post="{address}"' in form.content.decode()
    sent = {"version": form.context["form"].initial["version"], **form.context["form"].initial}
    sent = {key: value for key, value in sent.items() if value is not None}
    answer = client.post(address, sent, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/"})
    assert answer["HX-Redirect"] == "/"
    assert [line.why for line in client.get("/").context["lines"]] == ["待分流交办"]


def test_a_case_stands_once_for_the_first_of_its_reasons(ground: Ground) -> None:
    case = intake_ways.handling(ground)
    assert [(line.why, line.code) for line in lines_of(ground.handler)] == [("我经办的", str(case.code))]
    actions.ask_extension(case, actor=ground.handler, reason="等待鉴定")
    (line,) = [line for line in lines_of(ground.dispatcher) if line.code == str(case.code)]
    assert (line.why, line.act and line.act.label) == ("待决定", "决定延期申请")


def test_what_one_only_follows_is_no_work_and_the_list_is_empty_when_all_is_done(ground: Ground) -> None:
    intake_ways.dispatched(ground)
    assert lines_of(ground.clerk) == []
    page = client_of(ground.clerk).get("/").content.decode()
    assert "今天的事都办完了" in page and "我登记、接手的" in page


def test_a_case_that_another_part_holds_open_is_opened_before_it_is_reported(ground: Ground) -> None:
    case = intake_ways.handling(ground)
    add_co_handlers(case, [CoHandler(ground.labour_bureau, "协助核对")], actor=ground.dispatcher)
    line = next(line for line in lines_of(ground.handler) if line.code == str(case.code))
    assert line.act is None


def test_a_long_list_shows_its_first_lines_and_where_the_rest_stands(ground: Ground) -> None:
    intake_ways.copies(intake_ways.registered(ground), 40)
    page = client_of(ground.dispatcher).get("/")
    assert len(page.context["lines"]) == 25
    assert "待研判 41 件" in page.content.decode()


def test_an_act_of_a_list_leads_back_to_the_list_as_it_was_filtered_and_never_elsewhere(ground: Ground) -> None:
    client = client_of(ground.dispatcher)
    for at, (where, back) in enumerate(
        (("http://testserver/cases/?risk=red", "/cases/?risk=red"), ("https://evil.example/", ""))
    ):
        case = intake_ways.accepted(ground, title=f"第 {at} 件")
        address = f"/cases/{case.code}/acts/take-up/?back=here"
        sent = {"version": case.version}
        answer = client.post(address, sent, headers={"HX-Request": "true", "HX-Current-URL": where})
        assert answer["HX-Redirect"] == (back or f"/cases/{case.code}/")


def test_a_preview_shows_the_case_as_its_reader_may_see_it_with_what_comes_next(ground: Ground) -> None:
    case = intake_ways.registered(ground)
    page = client_of(ground.dispatcher).get(f"/cases/{case.code}/preview/").content.decode()
    assert case.narrative in page and f"/cases/{case.code}/acts/accept/?back=here" in page and "<html" not in page
    masked = client_of(ground.leader).get(f"/cases/{case.code}/preview/").content.decode()
    assert "岳某某" in page and "岳某某" not in masked and "岳*某" in masked
    assert client_of(ground.stranger).get(f"/cases/{case.code}/preview/").status_code == 404
