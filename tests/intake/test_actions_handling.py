"""The main road: accept, dispatch, sign for, report, review, close; and back again."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import actions
from intake.actions import Report
from intake.deadlines.models import Clock, ClockKind
from intake.lifecycle import Event, State
from intake.models import Case, GradeChange, Handling
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def running(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, stopped_at=None).values_list("kind", flat=True))


def test_the_main_road_leaves_every_step_with_who_and_when(ground: Ground) -> None:
    case = ways.closed(ground)
    steps = list(case.status_changes.values_list("event", "actor__username"))
    assert steps == [
        (Event.REGISTER, "clerk"),
        (Event.ACCEPT, "dispatcher"),
        (Event.DISPATCH, "dispatcher"),
        (Event.SIGN, "handler"),
        (Event.CONCLUDE, "handler"),
        (Event.CLOSE, "dispatcher"),
    ]
    assert [e.verb for e in trail_of(case)] == [
        "case_registered",
        "case_accepted",
        "case_dispatched",
        "case_signed_for",
        "outcome_reported",
        "case_closed",
    ]
    assert (case.solved_tier, case.outcome) == ("county", "peoples_mediation")


def test_side_roads_stand_in_the_trail_under_their_names(ground: Ground) -> None:
    case = ways.accepted(ground)
    actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    actions.resume_case(case, actor=ground.dispatcher)
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    actions.return_case(case, actor=ground.handler, reason="不属本局")
    actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    actions.return_case(case, actor=ground.handler, reason="仍不属本局")
    actions.decide_return(case, actor=ground.manager, granted=False, note="由你局牵头")
    actions.ask_extension(case, actor=ground.handler, reason="等待测绘")
    actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    actions.sign_for_case(case, actor=ground.handler)
    actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    actions.send_back(case, actor=ground.dispatcher, reason="缺材料")
    actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    actions.close_case(case, actor=ground.dispatcher)
    actions.reopen_case(case, actor=ground.dispatcher, reason="又起争执")
    actions.withdraw_case(case, actor=ground.clerk, reason="自行和解")
    assert [(e.verb, e.actor.username if e.actor else "") for e in trail_of(case)][2:] == [
        ("case_suspended", "dispatcher"),
        ("case_resumed", "dispatcher"),
        ("case_dispatched", "dispatcher"),
        ("case_returned", "handler"),
        ("case_dispatched", "dispatcher"),
        ("return_asked", "handler"),
        ("return_refused", "manager"),
        ("extension_asked", "handler"),
        ("extension_decided", "dispatcher"),
        ("case_signed_for", "handler"),
        ("outcome_reported", "handler"),
        ("case_sent_back", "dispatcher"),
        ("outcome_reported", "handler"),
        ("case_closed", "dispatcher"),
        ("case_reopened", "dispatcher"),
        ("case_withdrawn", "clerk"),
    ]
    own = actions.take_up_case(ways.accepted(ground), actor=ground.dispatcher)
    actions.report_outcome(own, ways.REPORT, actor=ground.dispatcher)
    actions.close_case(own, actor=ground.manager)
    actions.record_follow_up(own, ways.HEARD, actor=ground.clerk)
    actions.archive_case(own, actor=ground.dispatcher)
    assert [e.verb for e in trail_of(own)][2:] == [
        "case_taken_up",
        "outcome_reported",
        "case_closed",
        "case_followed_up",
        "case_archived",
    ]


def test_each_state_has_the_clocks_that_belong_to_it(ground: Ground) -> None:
    case = ways.registered(ground)
    assert running(case) == {ClockKind.TRIAGE}
    case = actions.accept_case(case, actor=ground.dispatcher)
    assert running(case) == {ClockKind.DISPATCH}  # no tier limit at the county
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    assert running(case) == {ClockKind.SIGN, ClockKind.HANDLE}
    case = actions.sign_for_case(case, actor=ground.handler)
    assert running(case) == {ClockKind.HANDLE}
    case = actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    assert running(case) == {ClockKind.REVIEW}
    case = actions.close_case(case, actor=ground.dispatcher)
    assert running(case) == {ClockKind.FOLLOW_UP}


def test_a_town_has_a_tier_limit_that_ends_with_the_report(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    case = actions.accept_case(case, actor=ground.town_dispatcher)
    assert running(case) == {ClockKind.TIER, ClockKind.DISPATCH}
    case = actions.take_up_case(case, actor=ground.town_dispatcher)
    case = actions.report_outcome(case, ways.REPORT, actor=ground.town_dispatcher)
    assert running(case) == {ClockKind.REVIEW}
    assert case.solved_tier == "town"


def test_accepting_needs_a_category_and_keeps_each_grade_with_its_reason(ground: Ground) -> None:
    case = ways.registered(ground, category="")
    with pytest.raises(RuleViolation) as refusal:
        actions.accept_case(case, actor=ground.dispatcher)
    assert refusal.value.field == "category"
    case = actions.accept_case(
        case, actor=ground.dispatcher, category="0901", complexity="complex", risk="orange", note="涉及三户"
    )
    assert (case.category_id, case.complexity, case.risk) == ("0901", "complex", "orange")
    assert set(GradeChange.objects.values_list("field", "old", "new", "reason")) == {
        ("complexity", "simple", "complex", "涉及三户"),
        ("risk", "blue", "orange", "涉及三户"),
    }


def test_regrading_leaves_running_clocks_as_they_were_started(ground: Ground) -> None:
    case = ways.handling(ground)
    due = Clock.objects.get(case=case, kind=ClockKind.HANDLE, stopped_at=None).due_at
    case = actions.regrade_case(case, actor=ground.dispatcher, complexity="hard", reason="牵涉面广")
    assert case.complexity == "hard"
    assert Clock.objects.get(case=case, kind=ClockKind.HANDLE, stopped_at=None).due_at == due
    with pytest.raises(BadInput):
        actions.regrade_case(case, actor=ground.dispatcher, risk="red", reason=" ")
    with pytest.raises(RuleViolation):
        actions.regrade_case(case, actor=ground.dispatcher, complexity="hard", reason="没有变")


def test_guiding_away_needs_a_named_receiver(ground: Ground) -> None:
    case = ways.registered(ground)
    with pytest.raises(RuleViolation) as refusal:
        actions.guide_case(case, actor=ground.dispatcher, receiver=None, note="不归我们管")
    assert refusal.value.field == "receiver"
    case = actions.guide_case(case, actor=ground.dispatcher, receiver=ground.labour_bureau, note="属劳动监察")
    assert (case.status, case.guided_to) == (State.GUIDED, ground.labour_bureau)
    assert running(case) == set()


def test_only_the_centre_that_answers_sorts_a_case(ground: Ground) -> None:
    case = ways.registered(ground)
    for person in (ground.stranger, ground.handler, ground.town_dispatcher, ground.leader, ground.auditor):
        with pytest.raises(PermissionDenied):
            actions.accept_case(case, actor=person)


def test_a_case_is_dispatched_within_the_centres_reach_only(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    case = actions.accept_case(case, actor=ground.town_dispatcher)
    with pytest.raises(RuleViolation) as refusal:
        actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=ground.lubei_centre)
    assert refusal.value.field == "organisation"
    with pytest.raises(RuleViolation):
        actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=None)
    case = actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=ground.juri_police)
    assert case.holder == ground.juri_police


def test_only_the_organisation_that_was_given_the_case_signs_and_reports(ground: Ground) -> None:
    case = ways.dispatched(ground)
    for person in (ground.other_handler, ground.clerk, ground.stranger):
        with pytest.raises(PermissionDenied):
            actions.sign_for_case(case, actor=person)
    case = actions.sign_for_case(case, actor=ground.handler)
    with pytest.raises(PermissionDenied):
        actions.report_outcome(case, ways.REPORT, actor=ground.other_handler)


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (Report("", "办好了"), "outcome"),
        (Report("magic", "办好了"), "outcome"),
        (Report("settlement", " "), "note"),
        (Report("unresolved", "当事人不同意"), "road"),
    ],
)
def test_a_report_that_says_too_little_is_refused_at_its_field(ground: Ground, report: Report, field: str) -> None:
    case = ways.handling(ground)
    with pytest.raises((RuleViolation, BadInput)) as refusal:
        actions.report_outcome(case, report, actor=ground.handler)
    assert refusal.value.field == field
    case.refresh_from_db()
    assert case.status == State.HANDLING


def test_an_unresolved_case_keeps_the_road_it_was_led_to_and_no_tier_solved_it(ground: Ground) -> None:
    case = ways.handling(ground)
    report = Report("unresolved", "双方分歧较大", road="litigation")
    case = actions.report_outcome(case, report, actor=ground.handler)
    assert (case.outcome, case.road, case.solved_tier) == ("unresolved", "litigation", "")


def test_review_sends_back_with_a_new_clock_and_the_old_keeps_its_verdict(ground: Ground) -> None:
    case = ways.concluded(ground)
    with pytest.raises(BadInput):
        actions.send_back(case, actor=ground.dispatcher, reason="")
    case = actions.send_back(case, actor=ground.dispatcher, reason="缺少丈量记录")
    assert (case.status, case.outcome, case.holder) == (State.HANDLING, "", ground.justice_bureau)
    clocks = Clock.objects.filter(case=case, kind=ClockKind.HANDLE).order_by("pk")
    assert [c.stopped_at is None for c in clocks] == [False, True]
    case = actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    assert actions.close_case(case, actor=ground.dispatcher).status == State.CLOSED


def test_a_closed_case_is_reopened_with_a_reason(ground: Ground) -> None:
    case = ways.closed(ground)
    case = actions.reopen_case(case, actor=ground.manager, reason="付某未归还土地")
    assert case.status == State.HANDLING
    assert running(case) == {ClockKind.HANDLE}
    assert Handling.objects.filter(case=case, closed_at=None).get().organisation == ground.justice_bureau


def test_who_signed_for_a_case_need_not_sign_again_when_it_is_taken_up_again(ground: Ground) -> None:
    case = actions.reopen_case(ways.closed(ground), actor=ground.dispatcher, reason="又起争执")
    again = case.handlings.get(closed_at=None)
    assert (again.organisation, again.signed_by) == (ground.justice_bureau, ground.handler)
    assert (again.opened_by, again.instruction, again.kind) == (ground.dispatcher, "又起争执", "dispatch")


def test_the_handler_does_not_review_the_own_report(ground: Ground) -> None:
    case = ways.concluded(ground)
    with pytest.raises(PermissionDenied):
        actions.close_case(case, actor=ground.handler)


def test_a_file_with_gaps_is_not_archived_and_every_gap_is_named(ground: Ground) -> None:
    case = ways.closed(ground)
    case.outcome_note = ""
    case.save(update_fields=["outcome_note"])
    with pytest.raises(RuleViolation, match="还不能归档：没有写明办理情况；还没有回访"):
        actions.archive_case(case, actor=ground.dispatcher)
    case.refresh_from_db()
    assert case.status == State.CLOSED


def test_an_archived_case_stays_as_it_is_but_for_corrections_with_a_reason(ground: Ground) -> None:
    case = ways.in_state(ground, State.ARCHIVED)
    assert running(case) == set()
    with pytest.raises(BadInput):
        actions.amend_case(case, an_entry(request="别的"), actor=ground.clerk)


def test_the_first_return_takes_effect_the_second_asks_the_manager_the_third_is_refused(ground: Ground) -> None:
    case = ways.dispatched(ground)
    case = actions.return_case(case, actor=ground.handler, reason="不属本局")
    assert (case.status, case.holder) == (State.ACCEPTED, ground.county_centre)
    assert running(case) == {ClockKind.DISPATCH}

    def again(case: Case) -> Case:
        return actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)

    case = actions.return_case(again(case), actor=ground.handler, reason="仍不属本局")
    assert case.status == State.DISPATCHED
    with pytest.raises(PermissionDenied):
        actions.decide_return(case, actor=ground.dispatcher, granted=True)
    case = actions.decide_return(case, actor=ground.manager, granted=True)
    assert case.status == State.ACCEPTED
    with pytest.raises(RuleViolation, match="最终指定"):
        actions.return_case(again(case), actor=ground.handler, reason="还是不属")


def test_who_distributes_is_told_of_a_return(ground: Ground) -> None:
    actions.return_case(ways.dispatched(ground), actor=ground.handler, reason="不属本局")
    told = OutboxMessage.objects.filter(payload__kind="case_returned")
    assert ground.dispatcher.pk in {message.payload["user"] for message in told}
    assert all("退回，请重新分流" in message.payload["title"] for message in told)


def test_a_refused_second_return_leaves_the_case_where_it_is(ground: Ground) -> None:
    case = actions.return_case(ways.dispatched(ground), actor=ground.handler, reason="不属本局")
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    actions.return_case(case, actor=ground.handler, reason="仍不属本局")
    with pytest.raises(BadInput):
        actions.decide_return(case, actor=ground.manager, granted=False)
    case = actions.decide_return(case, actor=ground.manager, granted=False, note="由你局牵头")
    assert case.status == State.DISPATCHED
    with pytest.raises(InvalidTransition):
        actions.decide_return(case, actor=ground.manager, granted=True)
    with pytest.raises(InvalidTransition):
        actions.return_case(case, actor=ground.handler, reason="再申请一次")


def test_a_case_that_rests_is_not_given_back(ground: Ground) -> None:
    case = actions.return_case(ways.dispatched(ground), actor=ground.handler, reason="不属本局")
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    case = actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    with pytest.raises(InvalidTransition, match="已中止"):
        actions.return_case(case, actor=ground.handler, reason="仍不属本局")
    case = actions.resume_case(case, actor=ground.dispatcher)
    actions.return_case(case, actor=ground.handler, reason="仍不属本局")
    actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    with pytest.raises(InvalidTransition, match="已中止"):
        actions.decide_return(case, actor=ground.manager, granted=True)
    with pytest.raises(InvalidTransition, match="已中止"):
        actions.decide_return(case, actor=ground.manager, granted=False, note="由你局牵头")


def test_a_return_after_one_working_day_is_too_late(ground: Ground) -> None:
    case = ways.dispatched(ground)
    Handling.objects.filter(case=case).update(opened_at=timezone.now() - timezone.timedelta(days=20))
    with pytest.raises(RuleViolation, match="退回期限"):
        actions.return_case(case, actor=ground.handler, reason="不属本局")


def test_the_fast_track_leaves_every_step_and_one_person_may_do_it(ground: Ground) -> None:
    report = Report("settlement", "双方家长当场归还转账款，签订和解书。")
    case = actions.settle_at_window(an_entry(), report, actor=ground.clerk)
    assert case.status == State.CLOSED
    assert case.is_fast_track
    events = list(case.status_changes.values_list("event", flat=True))
    assert events == [Event.REGISTER, Event.ACCEPT, Event.TAKE_UP, Event.CONCLUDE, Event.CLOSE]


@pytest.mark.parametrize(
    ("changes", "report", "field"),
    [
        ({"complexity": "complex"}, ways.REPORT, "complexity"),
        ({"category": ""}, ways.REPORT, "category"),
        ({}, Report("settlement", ""), "note"),
    ],
)
def test_a_faulty_fast_track_leaves_no_case_behind(
    ground: Ground, changes: dict[str, object], report: Report, field: str
) -> None:
    with pytest.raises((RuleViolation, BadInput)) as refusal:
        actions.settle_at_window(an_entry(**changes), report, actor=ground.clerk)
    assert refusal.value.field == field
    assert not Case.objects.exists()


def test_a_clerk_does_not_close_what_is_not_on_the_fast_track(ground: Ground) -> None:
    case = ways.concluded(ground)
    with pytest.raises(PermissionDenied):
        actions.close_case(case, actor=ground.clerk)


def test_a_suspended_case_rests_and_comes_back_to_its_state(ground: Ground) -> None:
    for way in (ways.accepted, ways.dispatched, ways.handling):
        case = way(ground)
        before = case.status
        case = actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
        assert not Clock.objects.filter(case=case, stopped_at=None, paused_at=None).exists()
        case = actions.resume_case(case, actor=ground.dispatcher)
        assert (case.status, case.status_before) == (before, "")
        assert not Clock.objects.filter(case=case, stopped_at=None, paused_at__isnull=False).exists()


def test_a_withdrawn_case_ends_its_clocks_and_handlings(ground: Ground) -> None:
    case = actions.withdraw_case(ways.handling(ground), actor=ground.clerk, reason="已自行和解")
    assert running(case) == set()
    assert not case.handlings.filter(closed_at=None).exists()


def test_the_database_refuses_what_the_rules_forbid(ground: Ground) -> None:
    case = ways.dispatched(ground)
    for change in (
        {"code": None},
        {"status": State.CONCLUDED},
        {"status": State.GUIDED},
        {"status": State.MERGED},
        {"amount": -1},
        {"merged_into": case.pk},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)
    handling = case.handlings.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.create(
            case=case,
            kind="dispatch",
            organisation=ground.labour_bureau,
            opened_at=timezone.now(),
            opened_by=ground.dispatcher,
        )
    assert handling.closed_at is None
