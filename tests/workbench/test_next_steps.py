"""The first button of a case page, by state and person: the table is written out by hand and reviewed as a whole. What
follows a registration, and what the page says when an act is done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages

from intake import actions
from intake.deadlines.models import Clock
from intake.lifecycle import State
from intake.models import Case
from mediation.available_actions import CASE_ACTS
from tests.browsing import signed_in
from tests.intake import ways
from tests.mediation.ways import a_branded_room
from tests.people import Ground, an_entry
from workbench.dossier import dossier_of
from zhongzhi.accounts.models import User
from zhongzhi.web.written_days import short_moment

pytestmark = pytest.mark.django_db
WHO = ("clerk", "dispatcher", "manager", "leader", "handler")
NONE = ""
OUT_OF_SIGHT = None
FIRST: dict[State, tuple[str | None, ...]] = {
    State.REGISTERED: ("受理", "受理", "受理", "批示", OUT_OF_SIGHT),
    State.ACCEPTED: (NONE, "交办", "交办", "批示", OUT_OF_SIGHT),
    State.DISPATCHED: (NONE, "催办", "催办", "批示", "签收"),
    State.HANDLING: (NONE, "催办", "催办", "批示", "反馈办理结果"),
    State.CONCLUDED: (NONE, "审核办结", "审核办结", "批示", NONE),
    State.CLOSED: ("回访", "回访", "回访", NONE, NONE),
    State.ARCHIVED: (NONE, NONE, NONE, NONE, NONE),
    State.SUSPENDED: (NONE, "恢复办理", "恢复办理", "批示", NONE),
    State.GUIDED: (NONE, NONE, NONE, NONE, OUT_OF_SIGHT),
    State.MERGED: (NONE, NONE, NONE, NONE, OUT_OF_SIGHT),
    State.WITHDRAWN: (NONE, NONE, NONE, NONE, OUT_OF_SIGHT),
}


def first_button(user: User, case: Case) -> str:
    primary = dossier_of(user, str(case.code)).primary
    return primary.label if primary is not None else NONE


def said(answer: Any) -> str:
    return "".join(str(message) for message in get_messages(answer.wsgi_request))


def due(case: Case, kind: str) -> str:
    return short_moment(Clock.objects.get(case=case, kind=kind, stopped_at=None).due_at)


@pytest.mark.parametrize("state", FIRST)
def test_the_first_button_is_the_next_step_of_who_looks(state: State, ground: Ground) -> None:
    case = ways.in_state(ground, state)
    for who, label in zip(WHO, FIRST[state], strict=True):
        if label is not OUT_OF_SIGHT:
            assert (who, first_button(ground.people[who], case)) == (who, label)


def test_the_table_has_every_state() -> None:
    assert set(FIRST) == set(State) - {State.DRAFT}


def test_a_house_of_mediation_mediates_first(ground: Ground) -> None:
    a_branded_room(ground)
    case = ways.dispatched(ground, ground.branded_room)
    assert first_button(ground.mediator, case) == "签收"
    actions.sign_for_case(case, actor=ground.mediator)
    assert first_button(ground.mediator, case) == next(act.label for act in CASE_ACTS)


FROM_ABOVE = ("督办", "提级办理")
LOOKERS = ("clerk", "dispatcher", "manager", "leader", "town_dispatcher", "town_manager", "town_handler")
OF_THE_TOWN: dict[State, tuple[str | None, ...]] = {
    State.REGISTERED: (NONE, NONE, NONE, "批示", "受理", "受理", OUT_OF_SIGHT),
    State.ACCEPTED: (NONE, NONE, NONE, "批示", "交办", "交办", OUT_OF_SIGHT),
    State.DISPATCHED: (NONE, "催办", "催办", "批示", "催办", "催办", "签收"),
    State.HANDLING: (NONE, "催办", "催办", "批示", "催办", "催办", "反馈办理结果"),
    State.CONCLUDED: (NONE, NONE, NONE, "批示", "审核办结", "审核办结", NONE),
    State.CLOSED: (NONE, NONE, NONE, NONE, "回访", "回访", NONE),
}
"""What a town's centre holds: the first button for the county above it and for the town."""
OPEN_BELOW = (State.REGISTERED, State.ACCEPTED, State.DISPATCHED, State.HANDLING)
BY_STATE: dict[State, tuple[str, ...]] = {**dict.fromkeys(OPEN_BELOW, FROM_ABOVE), State.CONCLUDED: ("督办",)}
"""What the county's dispatcher and manager find under 更多."""


def of_the_town(ground: Ground, state: State) -> Case:
    """A case that the town's centre answers for, in any state of its road."""
    town, handler = ground.town_dispatcher, ground.town_handler
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    steps: list[Callable[[Case], Case]] = [
        lambda case: actions.accept_case(case, actor=town),
        lambda case: actions.dispatch_case(case, actor=town, organisation=ground.juri_justice),
        lambda case: actions.sign_for_case(case, actor=handler),
        lambda case: actions.report_outcome(case, ways.REPORT, actor=handler),
        lambda case: actions.close_case(case, actor=town),
    ]
    for step in steps[: list(OF_THE_TOWN).index(state)]:
        case = step(case)
    assert case.status == state
    return case


@pytest.mark.parametrize("state", OF_THE_TOWN)
def test_of_what_a_centre_below_holds_the_centre_above_urges_supervises_and_takes_over(
    state: State, ground: Ground
) -> None:
    case = of_the_town(ground, state)
    for who, label in zip(LOOKERS, OF_THE_TOWN[state], strict=True):
        if label is OUT_OF_SIGHT:
            continue
        dossier = dossier_of(ground.people[who], str(case.code))
        primary = dossier.primary.label if dossier.primary is not None else NONE
        from_above = [offer.label for offer in dossier.others if offer.label in FROM_ABOVE]
        wanted = BY_STATE.get(state, ()) if who in ("dispatcher", "manager") else ()
        assert (who, primary, tuple(from_above)) == (who, label, wanted)


def test_what_usually_follows_stands_on_the_page_of_a_case_just_registered(ground: Ground) -> None:
    clerk = signed_in(ground.clerk)
    page = clerk.get("/cases/new/").context["page"]
    uid = page.form["uid"].value()
    case = actions.register_case(an_entry(), actor=ground.clerk, uid=uid)
    address = f"/cases/{case.code}/"
    assert clerk.get(address).context["following"] is None
    session = clerk.session
    session["just_registered"] = str(case.code)
    session.save()
    shown = clerk.get(address)
    assert [offer.label for offer in shown.context["following"].offers] == ["受理"]
    text = shown.content.decode()
    for key in ("p", "a", "n"):
        assert f'data-key="{key}"' in text
    assert text.split("登记完成")[1].split("</section>")[0].count("csrfmiddlewaretoken") == 1
    assert clerk.get(f"/cases/drafts/{uid}/")["Location"] == address
    clerk.get("/cases/new/")
    assert clerk.get(address).context["following"] is None


def test_back_to_the_entry_of_somebody_else_is_still_not_found(ground: Ground) -> None:
    uid = signed_in(ground.clerk).get("/cases/new/").context["page"].form["uid"].value()
    actions.register_case(an_entry(), actor=ground.clerk, uid=uid)
    assert signed_in(ground.dispatcher).get(f"/cases/drafts/{uid}/").status_code == 404


def test_the_page_says_what_is_so_and_by_when_who_does_what(ground: Ground) -> None:
    case = ways.accepted(ground)
    form = {"organisation": ground.justice_bureau.pk, "version": case.version}
    answer = signed_in(ground.dispatcher).post(f"/cases/{case.code}/acts/dispatch/", form)
    assert said(answer) == f"已交办，承办单位须在 {due(case, 'sign')} 前签收。"
    answer = signed_in(ground.handler).post(f"/cases/{case.code}/acts/sign/")
    assert said(answer) == f"已签收，请在 {due(case, 'handle')} 前反馈办理结果。"


def test_the_dialog_tells_the_limits_it_will_set_and_proposes_the_organisation(ground: Ground) -> None:
    case = ways.accepted(ground)
    answer = signed_in(ground.dispatcher).get(f"/cases/{case.code}/acts/dispatch/")
    assert [label for label, _ in answer.context["limits"]] == ["签收", "办理"]
    proposed = answer.context["asked"]
    assert proposed.why in answer.content.decode()
    assert answer.context["form"].initial["organisation"]
    told = [short_moment(moment) for _, moment in answer.context["limits"]]
    signed_in(ground.dispatcher).post(f"/cases/{case.code}/acts/dispatch/", answer.context["form"].initial)
    assert told == [due(case, "sign"), due(case, "handle")]


@pytest.mark.parametrize("act", ["close", "send-back"])
def test_the_dialogs_of_the_review_show_what_was_reported(act: str, ground: Ground) -> None:
    case = ways.concluded(ground)
    page = signed_in(ground.dispatcher).get(f"/cases/{case.code}/acts/{act}/").content.decode()
    assert "反馈的办理结果" in page
    assert case.get_outcome_display() in page
    assert ways.REPORT.note in page
