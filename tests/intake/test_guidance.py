"""Guidance arrives: signed for, taken over or refused within limits; what is refused is decided by the centre."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from grids.actions import outside as book
from grids.actions.outside import OutsideFacts
from grids.models import OutsideOrganisation
from intake import actions, queries
from intake.available_actions import available_acts
from intake.deadlines.models import Clock
from intake.lifecycle import State
from intake.models import Case, Guidance
from intake.sight import Level, sight_of
from intake.tasks import sweep_clocks
from referrals.actions import guide_with_papers
from referrals.documents import docx_of, sheet_of
from referrals.models import Document
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from workbench.todo import todo_of
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db
COURT = OutsideFacts("通辽市中级人民法院", "court", "通辽市科尔沁区永安路", "0475-8220000")
TUESDAY, WEDNESDAY, FRIDAY = "2026-11-24T09:00+08:00", "2026-11-25T09:00+08:00", "2026-11-27T18:00+08:00"


def guided(ground: Ground, **how: Any) -> Case:
    """To the town's police station, which handles."""
    given = {"receiver": ground.juri_justice, "note": "属治安管理", **how}
    return actions.guide_case(ways.registered(ground), actor=ground.dispatcher, **given)


def a_court(ground: Ground) -> OutsideOrganisation:
    return book.enter_outside_organisation(COURT, actor=ground.dispatcher)


def the(case: Case) -> Guidance:
    return Guidance.objects.get(case=case)


def acts(user: Any, case: Case) -> set[str]:
    fresh = queries.case_visible_to(user, str(case.code))
    return {act.name for act in available_acts(user, fresh)}


def test_the_receiver_is_told_sees_what_it_needs_and_has_it_on_its_list(ground: Ground) -> None:
    case = guided(ground)
    assert sight_of(ground.town_handler, case).level == Level.FULL
    deliver_due(timezone.now())
    assert [n.user for n in Notice.objects.filter(title__contains="请签收")] == [ground.town_handler]
    section = next(s for s in todo_of(ground.town_handler) if s.name == "guided-here")
    assert [found.pk for found in section.first] == [case.pk]
    assert acts(ground.town_handler, case) >= {"sign-guidance", "take-guidance", "refuse-guidance"}
    with pytest.raises(NotFound):
        queries.case_visible_to(ground.other_handler, str(case.code))


def test_signing_and_taking_over_make_it_arrive_and_it_leaves_the_list(ground: Ground) -> None:
    case = guided(ground)
    assert list(queries.cases_on_their_way(ground.dispatcher)) == [case]
    actions.sign_guidance(case, actor=ground.town_handler)
    assert the(case).due_at is not None and the(case).signed_by == ground.town_handler
    actions.take_over_guidance(case, actor=ground.town_handler, note="已立案")
    row = the(case)
    assert (row.end, row.answer, row.due_at) == ("arrived", "已立案", None)
    assert list(queries.cases_on_their_way(ground.dispatcher)) == []
    steps = [(s.event, s.organisation) for s in queries.timeline_of(case)]
    assert steps[-2:] == [("guidance_signed", str(ground.juri_justice)), ("guidance_arrived", str(ground.juri_justice))]
    assert [e.verb for e in trail_of(case)][-3:] == ["case_guided", "guidance_signed", "guidance_arrived"]
    case.refresh_from_db()
    assert case.status == State.GUIDED


def test_limits_are_one_working_day_to_sign_and_three_to_answer(ground: Ground) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        case = guided(ground)
        assert timezone.localtime(the(case).due_at).isoformat()[:16] == "2026-11-25T17:30"
    with time_machine.travel(WEDNESDAY, tick=False):
        actions.sign_guidance(case, actor=ground.town_handler)
        assert timezone.localtime(the(case).due_at).isoformat()[:16] == "2026-11-30T17:30"


def test_what_is_late_is_told_once_to_receiver_and_centre_in_office_hours(ground: Ground) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        case = guided(ground)
    with time_machine.travel(FRIDAY, tick=False):
        sweep_clocks()
        sweep_clocks()
        deliver_due(timezone.now())
        assert not Notice.objects.filter(title__contains="尚未签收").exists()
    with time_machine.travel("2026-11-30T09:00+08:00", tick=False):
        deliver_due(timezone.now())
    told = [notice.user.name for notice in Notice.objects.filter(title__contains="尚未签收")]
    assert sorted(told) == sorted({p.name for p in (ground.town_handler, ground.dispatcher, ground.manager)})
    assert the(case).overdue_at is not None


def test_a_refusal_brings_it_back_to_the_centre_which_has_a_working_day(ground: Ground) -> None:
    case = guided(ground)
    case = actions.refuse_guidance(case, actor=ground.town_handler, reason="不属治安案件")
    assert (case.status, case.guided_to, case.holder) == (State.REGISTERED, None, ground.county_centre)
    assert [c.kind for c in Clock.objects.filter(case=case, stopped_at=None)] == ["fallback"]
    with pytest.raises(NotFound):
        queries.case_visible_to(ground.town_handler, str(case.code))
    deliver_due(timezone.now())
    assert Notice.objects.filter(title__contains="一个工作日内决定受理", user=ground.dispatcher).exists()
    actions.accept_case(case, actor=ground.dispatcher)
    assert not Clock.objects.filter(case=case, kind="fallback", stopped_at=None).exists()


def test_who_refuses_and_sees_it_no_more_is_told_that_it_is_done(ground: Ground) -> None:
    """By the API an answer without content, on the page the way home: neither says that there is no such case."""
    person, address = signed_in(ground.town_handler), f"/api/v1/cases/{guided(ground).code}/refuse-guidance/"
    said = person.post(address, {"reason": "不属治安案件"}, content_type="application/json")
    assert (said.status_code, said.content) == (204, b"")
    dialog = f"/cases/{guided(ground).code}/acts/refuse-guidance/"
    done = person.post(dialog, {"reason": "不属治安案件"}, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == "/"
    assert {case.status for case in Case.objects.all()} == {"registered"}
    assert person.post(dialog, {"reason": "再退一次"}, headers={"HX-Request": "true"}).status_code == 404


def test_nobody_is_sent_away_twice(ground: Ground) -> None:
    case = actions.refuse_guidance(guided(ground), actor=ground.town_handler, reason="不属治安案件")
    assert "guide" not in acts(ground.dispatcher, case)
    with pytest.raises(RuleViolation) as refusal:
        actions.guide_case(case, actor=ground.dispatcher, receiver=ground.labour_bureau, note="属劳动监察")
    assert refusal.value.field == "receiver"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy = the(case)
        copy.pk = None
        copy.save(force_insert=True)


def test_an_accepted_case_comes_back_accepted_with_its_limits(ground: Ground) -> None:
    case = actions.guide_case(
        ways.accepted(ground), actor=ground.dispatcher, receiver=ground.juri_justice, note="属治安管理"
    )
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()
    case = actions.refuse_guidance(case, actor=ground.town_handler, reason="不属治安案件")
    assert case.status == State.ACCEPTED
    assert {c.kind for c in Clock.objects.filter(case=case, stopped_at=None)} == {"dispatch"}


def test_only_the_receiver_signs_answers_and_refuses(ground: Ground) -> None:
    case = guided(ground)
    for person in (ground.dispatcher, ground.other_handler, ground.stranger):
        with pytest.raises(PermissionDenied):
            actions.sign_guidance(case, actor=person)
        with pytest.raises(PermissionDenied):
            actions.take_over_guidance(case, actor=person)
        with pytest.raises(PermissionDenied):
            actions.refuse_guidance(case, actor=person, reason="不是我的")
    actions.sign_guidance(case, actor=ground.town_handler)
    with pytest.raises(InvalidTransition):
        actions.sign_guidance(case, actor=ground.town_handler)
    with pytest.raises(BadInput):
        actions.refuse_guidance(case, actor=ground.town_handler, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.record_guidance_receipt(case, actor=ground.clerk, taken=True, answered_on=timezone.localdate())
    actions.take_over_guidance(case, actor=ground.town_handler)
    with pytest.raises(InvalidTransition):
        actions.refuse_guidance(case, actor=ground.town_handler, reason="又不要了")


def test_an_outside_receiver_answers_on_paper(ground: Ground) -> None:
    case = guided(ground, receiver=None, outside=a_court(ground), way="transfer", road="litigation")
    assert acts(ground.clerk, case) >= {"guidance-receipt"}
    today = timezone.localdate()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(RuleViolation):
            actions.record_guidance_receipt(case, actor=ground.clerk, taken=True, answered_on=day)
    with pytest.raises(BadInput):
        actions.record_guidance_receipt(case, actor=ground.clerk, taken=False, answered_on=today)
    row = actions.record_guidance_receipt(case, actor=ground.clerk, taken=True, answered_on=today, note="已立案")
    assert (row.end, row.answered_on) == ("arrived", today)


def test_an_outside_receiver_that_refuses_brings_it_back(ground: Ground) -> None:
    case = guided(ground, receiver=None, outside=a_court(ground), way="transfer")
    today = timezone.localdate()
    actions.record_guidance_receipt(case, actor=ground.clerk, taken=False, answered_on=today, note="无管辖权")
    case.refresh_from_db()
    assert (case.status, case.guided_outside) == (State.REGISTERED, None)


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"receiver": None}, "receiver"),
        ({"way": "decline"}, "ground"),
        ({"way": "elsewhere"}, "way"),
        ({"road": "moon"}, "road"),
        ({"note": " "}, "note"),
    ],
)
def test_a_destination_must_be_whole(ground: Ground, how: dict[str, Any], field: str) -> None:
    with pytest.raises((RuleViolation, BadInput)) as refusal:
        guided(ground, **how)
    assert refusal.value.field == field
    assert not Guidance.objects.exists()


def test_it_goes_to_one_receiver_and_not_to_the_own_centre(ground: Ground) -> None:
    with pytest.raises(RuleViolation):
        guided(ground, outside=a_court(ground))
    with pytest.raises(RuleViolation):
        guided(ground, receiver=ground.county_centre)


def test_each_way_gives_out_its_papers_with_road_place_telephone_and_remedy(ground: Ground) -> None:
    court = a_court(ground)
    guide_with_papers(
        ways.registered(ground),
        actor=ground.dispatcher,
        outside=court,
        way="transfer",
        road="litigation",
        note="带上欠条",
    )
    papers = {d.kind.code: d for d in Document.objects.all()}
    assert set(papers) == {"guide_notice", "transfer_letter"}
    notice, letter = papers["guide_notice"], papers["transfer_letter"]
    for words in (
        "通辽市中级人民法院",
        "科尔沁区永安路",
        "0475-8220000",
        "诉讼途径",
        "第一百二十六条",
        "带上欠条",
    ):
        assert words in notice.body
    assert letter.addressee_name == "通辽市中级人民法院" and "回执" in letter.body
    assert sheet_of(letter).wants_receipt and not sheet_of(notice).wants_receipt
    assert all(d.number and docx_of(sheet_of(d)) for d in papers.values())


def test_what_the_law_gives_to_another_procedure_is_declined_in_writing(ground: Ground) -> None:
    guide_with_papers(
        ways.registered(ground),
        actor=ground.dispatcher,
        receiver=ground.juri_justice,
        way="decline",
        ground="in_petition",
        note="请等待答复",
    )
    paper = Document.objects.get()
    assert (paper.kind.code, the(paper.case).ground) == ("decline_notice", "in_petition")
    assert "不予受理" in paper.body and "信访工作条例第三十五条" in paper.body


def test_the_book_is_kept_by_those_who_sort_and_what_was_sent_keeps_its_receiver(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        book.enter_outside_organisation(COURT, actor=ground.clerk)
    court = a_court(ground)
    with pytest.raises(RuleViolation):
        a_court(ground)
    with pytest.raises(BadInput):
        book.enter_outside_organisation(OutsideFacts("某法院", "court", " "), actor=ground.dispatcher)
    case = guided(ground, receiver=None, outside=court)
    book.change_outside_organisation(court.pk, OutsideFacts("通辽中院", "court", "永安路 1 号"), actor=ground.manager)
    book.retire_outside_organisation(court.pk, actor=ground.manager)
    assert the(case).receiver_name == "通辽中院"
    with pytest.raises(InvalidTransition):
        book.change_outside_organisation(court.pk, COURT, actor=ground.manager)
    verbs = [e.verb for e in trail_of(court)]
    assert verbs == ["outside_organisation_entered", "outside_organisation_changed", "outside_organisation_retired"]
    assert a_court(ground).pk != court.pk
