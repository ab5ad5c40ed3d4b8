"""Clocks: started by rule, standing still, extended, warned and breached once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from intake import actions, queries
from intake.deadlines import actions as deadlines_actions
from intake.deadlines.actions.calendar import Day
from intake.deadlines.actions.clocks import start_clock, start_clocks
from intake.deadlines.models import Clock, ClockKind, ClockRule, DayKind
from intake.deadlines.queries import calendar_warning, rule_for, work_calendar
from intake.models import Case
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.core.paper_dates import paper_moment
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.web.paging import keyset_order

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def the_clock(case: Case, kind: ClockKind) -> Clock:
    return Clock.objects.get(case=case, kind=kind, stopped_at=None)


def sweep(now: datetime) -> None:
    while deadlines_actions.mark_due_clocks(now):
        pass


def messages(kind: str) -> int:
    return OutboxMessage.objects.filter(payload__kind=kind).count()


@pytest.mark.parametrize(
    ("complexity", "channel", "amount", "unit"),
    [
        ("simple", "01", 1, "natural_day"),
        ("ordinary", "01", 7, "natural_day"),
        ("complex", "01", 20, "natural_day"),
        ("hard", "01", 30, "natural_day"),
        ("simple", "05", 60, "natural_day"),
    ],
)
def test_complexity_sets_the_handling_limit_and_petitions_have_their_own(
    ground: Ground, complexity: str, channel: str, amount: int, unit: str
) -> None:
    case = ways.registered(ground, complexity=complexity, channel=channel)
    rule = rule_for(case, ClockKind.HANDLE, on=timezone.localdate())
    assert rule is not None
    assert (rule.amount, rule.unit) == (amount, unit)


def test_many_limits_started_at_once_are_those_that_are_started_one_by_one(ground: Ground) -> None:
    kinds = [{"complexity": "simple"}, {"complexity": "hard"}, {"complexity": "simple", "channel": "05"}]
    cases = [ways.registered(ground, **kind) for kind in kinds]
    now = timezone.now()
    facts = ("rule", "organisation", "amount", "unit", "started_at", "due_at", "next_at", "warned_at")

    def started() -> list[tuple[object, ...]]:
        return list(Clock.objects.filter(kind=ClockKind.HANDLE).order_by("case").values_list("case", *facts))

    for case in cases:
        start_clock(case, ClockKind.HANDLE, organisation=ground.county_centre, at=now)
    one_by_one = started()
    Clock.objects.filter(kind=ClockKind.HANDLE).delete()
    start_clocks(cases, ClockKind.HANDLE, at=now)
    assert started() == one_by_one
    assert len(one_by_one) == 3
    start_clocks(cases, ClockKind.TIER, at=now)  # the county has none
    assert not Clock.objects.filter(kind=ClockKind.TIER).exists()


def test_a_rule_holds_from_its_day_and_does_not_touch_running_clocks(ground: Ground) -> None:
    case = ways.registered(ground)
    running = the_clock(case, ClockKind.TRIAGE)
    ClockRule.objects.create(
        kind="triage", amount=3, unit="working_day", source="本旗规定", starts_on=timezone.localdate()
    )
    later = ways.registered(ground)
    assert the_clock(later, ClockKind.TRIAGE).amount == 3
    running.refresh_from_db()
    assert running.amount == 1


def test_a_limit_of_one_working_day_started_on_friday_is_due_on_monday_at_closing(ground: Ground) -> None:
    case = ways.registered(ground)
    Clock.objects.filter(case=case).update(stopped_at=timezone.now(), next_at=None)
    clock = start_clock(case, ClockKind.TRIAGE, organisation=ground.county_centre, at=at("2026-11-20T10:00"))
    assert clock is not None
    assert clock.due_at == at("2026-11-23T17:30")


def test_a_make_up_saturday_counts_and_a_long_holiday_does_not(ground: Ground) -> None:
    case = ways.registered(ground)
    calendar = work_calendar()
    assert calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2026, 10, 5))
    Clock.objects.filter(case=case).update(stopped_at=timezone.now(), next_at=None)
    clock = start_clock(case, ClockKind.TRIAGE, organisation=ground.county_centre, at=at("2026-09-30T16:00"))
    assert clock is not None
    assert clock.due_at == at("2026-10-08T17:30")


def test_the_sweep_warns_then_breaches_each_once_and_tells_each_once(ground: Ground) -> None:
    case = ways.registered(ground)
    clock = the_clock(case, ClockKind.TRIAGE)
    sweep(clock.next_at - timedelta(minutes=1))
    clock.refresh_from_db()
    assert (clock.warned_at, clock.breached_at) == (None, None)
    sweep(clock.due_at - timedelta(minutes=5))
    sweep(clock.due_at - timedelta(minutes=4))
    clock.refresh_from_db()
    assert clock.warned_at
    assert clock.breached_at is None
    assert messages("clock_warned") == 2
    title = OutboxMessage.objects.filter(payload__kind="clock_warned")[0].payload["title"]
    assert title.endswith(f"将于{paper_moment(clock.due_at)}到期")
    for minutes in (1, 2, 60):
        sweep(clock.due_at + timedelta(minutes=minutes))
    clock.refresh_from_db()
    assert clock.breached_at == clock.due_at + timedelta(minutes=1)
    assert messages("clock_breached") == 2
    verbs = [entry.verb for entry in trail_of(case)]
    assert verbs.count("clock_warned") == verbs.count("clock_breached") == 1


def test_a_clock_that_is_due_at_this_very_moment_is_not_breached(ground: Ground) -> None:
    clock = the_clock(ways.registered(ground), ClockKind.TRIAGE)
    sweep(clock.due_at)
    clock.refresh_from_db()
    assert clock.breached_at is None


def test_a_late_act_breaches_its_clock_even_before_the_sweep_came(ground: Ground) -> None:
    case = ways.registered(ground)
    clock = the_clock(case, ClockKind.TRIAGE)
    past = timezone.now() - timedelta(days=30)
    Clock.objects.filter(pk=clock.pk).update(started_at=past, due_at=past + timedelta(days=1), next_at=past)
    actions.accept_case(case, actor=ground.dispatcher)
    clock.refresh_from_db()
    assert clock.breached_at
    assert clock.stopped_at
    sweep(timezone.now() + timedelta(minutes=1))
    assert messages("clock_breached") == 2


def test_messages_of_the_clock_wait_for_office_hours_but_for_red_risk(ground: Ground) -> None:
    sunday = at("2026-11-29T23:00")
    for risk, waits in (("blue", True), ("red", False)):
        case = ways.registered(ground, risk=risk)
        Clock.objects.filter(case=case).update(
            started_at=sunday - timedelta(days=9),
            due_at=sunday - timedelta(days=1),
            next_at=sunday - timedelta(hours=1),
        )
        sweep(sunday)
        message = OutboxMessage.objects.filter(key__startswith="clock:").order_by("-pk")[0]
        assert message.not_before == (at("2026-11-30T08:30") if waits else None)


def test_a_suspended_clock_is_not_swept_and_is_due_later_by_the_time_it_stood(ground: Ground) -> None:
    case = ways.handling(ground, complexity="ordinary")
    due = the_clock(case, ClockKind.HANDLE).due_at
    actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    sweep(due + timedelta(days=90))
    clock = the_clock(case, ClockKind.HANDLE)
    assert clock.breached_at is None
    clock.pauses.update(paused_at=clock.started_at)
    actions.resume_case(case, actor=ground.dispatcher)
    clock.refresh_from_db()
    assert clock.next_at
    assert clock.due_at >= due
    assert clock.pauses.get().resumed_at


def test_a_suspension_of_some_hours_within_a_day_moves_no_limit_that_ends_at_closing(ground: Ground) -> None:
    case = ways.handling(ground, complexity="ordinary")
    due = the_clock(case, ClockKind.HANDLE).due_at
    actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    clock = the_clock(case, ClockKind.HANDLE)
    clock.pauses.update(paused_at=clock.paused_at - timedelta(seconds=1))
    Clock.objects.filter(pk=clock.pk).update(paused_at=clock.paused_at - timedelta(seconds=1))
    actions.resume_case(case, actor=ground.dispatcher)
    assert the_clock(case, ClockKind.HANDLE).due_at == due


def test_an_extension_is_asked_before_the_due_time_and_granted_by_the_centre(ground: Ground) -> None:
    case = ways.handling(ground, complexity="ordinary")
    clock = the_clock(case, ClockKind.HANDLE)
    with pytest.raises(PermissionDenied):
        actions.ask_extension(case, actor=ground.other_handler, reason="需要鉴定")
    actions.ask_extension(case, actor=ground.handler, reason="需要鉴定")
    with pytest.raises(InvalidTransition):
        actions.ask_extension(case, actor=ground.handler, reason="再问一次")
    with pytest.raises(PermissionDenied):
        actions.decide_extension(case, actor=ground.handler, granted=True)
    actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    extended = the_clock(case, ClockKind.HANDLE)
    assert (extended.amount, extended.extended) == (14, 1)
    assert extended.due_at > clock.due_at
    with pytest.raises(InvalidTransition):
        actions.decide_extension(case, actor=ground.dispatcher, granted=True)


def test_a_refused_extension_leaves_the_limit_and_says_why(ground: Ground) -> None:
    case = ways.handling(ground)
    due = the_clock(case, ClockKind.HANDLE).due_at
    actions.ask_extension(case, actor=ground.handler, reason="需要鉴定")
    actions.decide_extension(case, actor=ground.dispatcher, granted=False, note="材料已齐")
    clock = the_clock(case, ClockKind.HANDLE)
    assert clock.due_at == due
    assert clock.extensions.get().decision_note == "材料已齐"


def test_at_most_two_extensions_and_none_after_the_due_time(ground: Ground) -> None:
    case = ways.handling(ground)
    for _ in range(2):
        actions.ask_extension(case, actor=ground.handler, reason="需要鉴定")
        actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    with pytest.raises(RuleViolation, match="不能再延长"):
        actions.ask_extension(case, actor=ground.handler, reason="第三次")
    late = ways.handling(ground)
    past = timezone.now() - timedelta(days=9)
    Clock.objects.filter(case=late, kind="handle").update(
        started_at=past, due_at=past + timedelta(days=1), next_at=None
    )
    with pytest.raises(RuleViolation, match="时限已过"):
        actions.ask_extension(late, actor=ground.handler, reason="晚了")


def test_a_new_calendar_moves_running_clocks_and_never_makes_a_breach(ground: Ground) -> None:
    case = ways.registered(ground)
    clock = the_clock(case, ClockKind.TRIAGE)
    day = timezone.localtime(clock.due_at).date()
    deadlines_actions.write_days(
        [Day(day, False, DayKind.STATUTORY, "临时放假")], source="测试", provisional=False, overrules=True
    )
    moved = the_clock(case, ClockKind.TRIAGE)
    assert timezone.localtime(moved.due_at).date() > day
    assert [entry.verb for entry in trail_of(case)].count("clock_recomputed") == 1
    assert deadlines_actions.recompute_running_clocks() == 0
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at)
    assert deadlines_actions.recompute_running_clocks() == 1
    assert the_clock(case, ClockKind.TRIAGE).due_at == moved.due_at
    Clock.objects.filter(pk=clock.pk).update(due_at=timezone.now() + timedelta(days=30))
    Clock.objects.filter(pk=clock.pk).update(started_at=timezone.now() - timedelta(days=20))
    assert deadlines_actions.recompute_running_clocks() == 0
    kept = the_clock(case, ClockKind.TRIAGE)
    assert kept.due_at > timezone.now()
    assert kept.breached_at is None


def test_a_provisional_day_never_overwrites_an_announced_one(ground: Ground) -> None:
    day = date(2026, 10, 10)
    announced = [Day(day, True, DayKind.MAKE_UP, "调休上班")]
    assert deadlines_actions.write_days(announced, source="国办", provisional=False) == 0
    guessed = [Day(day, False, DayKind.ORDINARY)]
    assert deadlines_actions.write_days(guessed, source="推算", provisional=True) == 0
    assert work_calendar().is_workday(day)


def test_a_year_beyond_the_announced_is_reckoned_and_warned_of_in_december(ground: Ground) -> None:
    assert not work_calendar().is_workday(date(2027, 10, 1))
    assert "2027" in calendar_warning(date(2026, 12, 1))
    assert calendar_warning(date(2026, 11, 30)) == ""


def test_the_database_keeps_one_running_clock_of_a_kind(ground: Ground) -> None:
    case = ways.registered(ground)
    with pytest.raises(IntegrityError), transaction.atomic():
        start_clock(case, ClockKind.TRIAGE, organisation=ground.county_centre)


def test_a_list_by_deadline_is_read_along_the_running_limits(ground: Ground) -> None:
    later, sooner, none = (actions.register_case(an_entry(), actor=ground.clerk) for _ in range(3))
    Clock.objects.filter(case=later).update(due_at=timezone.now() + timedelta(days=30))
    Clock.objects.filter(case=none).update(stopped_at=timezone.now(), next_at=None)
    rows = keyset_order(queries.with_running_limit(queries.cases_for_list(ground.clerk)), ("next_due", "id"))
    assert list(rows.values_list("pk", flat=True)) == [sooner.pk, later.pk]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = rows.values("pk")[:50].explain()
    assert "clock_due_first" in plan and "Sort Key: limit_first" not in plan


def test_of_two_running_limits_the_first_stands_in_the_list_by_deadline_once(ground: Ground) -> None:
    case = ways.dispatched(ground)
    due = sorted(Clock.objects.filter(case=case, stopped_at=None).values_list("due_at", flat=True))
    assert len(due) > 1
    rows = queries.with_running_limit(queries.cases_for_list(ground.clerk))
    assert [(row.pk, row.next_due) for row in rows] == [(case.pk, due[0])]


def test_the_sweep_reads_what_is_due_through_its_own_index(ground: Ground) -> None:
    actions.register_case(an_entry(), actor=ground.clerk)
    plan = Clock.objects.filter(next_at__lt=timezone.now()).order_by("next_at", "pk")[:50]
    with transaction.atomic():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "clock_next" in plan.explain()
