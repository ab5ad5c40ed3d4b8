"""Clocks that agree: the tier waits for its holders, rests with handling while somebody mediates; who was in time is
not climbed over; what the clock tells keeps office hours."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from grids.models import Organisation
from intake import actions
from intake.deadlines.actions import recompute_running_clocks
from intake.deadlines.models import Clock
from intake.models import Case, TierMove
from intake.tasks import sweep_clocks
from mediation import actions as mediation
from referrals.models import Document, Lapse
from referrals.tasks import run_escalation
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground, an_entry
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db
MONDAY = "2026-06-29T09:00+08:00"


@pytest.fixture
def time() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(ground: Ground) -> House:
    return ways.a_house(ground)


def of_town(ground: Ground, **changes: Any) -> Case:
    case = actions.register_case(an_entry(**changes), actor=ground.town_clerk)
    return actions.accept_case(case, actor=ground.town_dispatcher)


def handed_out(ground: Ground, organisation: Organisation, **changes: Any) -> Case:
    case = of_town(ground, **changes)
    return actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=organisation)


def clock(case: Case, kind: str) -> Clock:
    return Clock.objects.get(case=case, kind=kind, stopped_at=None)


def on(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat()[:16] if moment else ""


def pass_to(time: Any, moment: str) -> None:
    time.move_to(moment)
    sweep_clocks()
    run_escalation()


def test_the_tier_is_not_due_before_handling_and_nobody_in_time_is_climbed_over(ground: Ground, time: Any) -> None:
    case = handed_out(ground, ground.juri_justice, complexity="complex")
    assert on(clock(case, "handle").due_at) == on(clock(case, "tier").due_at) == "2026-07-20T17:30"
    actions.sign_for_case(case, actor=ground.town_handler)
    pass_to(time, "2026-07-10T09:00+08:00")
    assert not TierMove.objects.exists() and not Clock.objects.filter(breached_at__isnull=False).exists()
    pass_to(time, "2026-07-21T09:00+08:00")
    assert TierMove.objects.get().cause == "clock"


def test_a_short_handling_leaves_the_tier_its_own_time(ground: Ground, time: Any) -> None:
    case = handed_out(ground, ground.juri_justice, complexity="simple")
    assert (on(clock(case, "handle").due_at), on(clock(case, "tier").due_at)) == (
        "2026-06-30T17:30",
        "2026-07-08T17:30",
    )


def test_an_extension_moves_the_tier_too(ground: Ground, time: Any) -> None:
    case = handed_out(ground, ground.juri_justice, complexity="complex")
    case = actions.sign_for_case(case, actor=ground.town_handler)
    actions.ask_extension(case, actor=ground.town_handler, reason="等待测绘")
    actions.decide_extension(case, actor=ground.town_dispatcher, granted=True)
    assert clock(case, "tier").due_at == clock(case, "handle").due_at > datetime.fromisoformat("2026-08-01T00:00+08:00")


def test_a_new_calendar_does_not_bring_the_tier_before_handling(ground: Ground, time: Any) -> None:
    case = handed_out(ground, ground.juri_justice, complexity="complex")
    before = clock(case, "tier").due_at
    assert recompute_running_clocks() == 0
    assert clock(case, "tier").due_at == before


def test_handing_out_has_a_working_day_and_its_lapse_is_the_centres(ground: Ground, time: Any) -> None:
    case = of_town(ground)
    assert on(clock(case, "dispatch").due_at) == "2026-06-30T17:30"
    pass_to(time, "2026-07-01T09:00+08:00")
    lapse = Lapse.objects.get(kind="dispatch")
    assert (lapse.organisation, lapse.case) == (ground.juri_centre, case)
    assert "交办" in Document.objects.get(trigger="late_dispatch").body
    actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=ground.juri_justice)
    assert not Clock.objects.filter(case=case, kind="dispatch", stopped_at=None).exists()


def test_handling_and_tier_rest_while_somebody_mediates_and_go_on_after(
    ground: Ground, house: House, time: Any
) -> None:
    case = ways.accepted(ground, territory="150526103200", complexity="ordinary")
    talk = ways.opened(ground, house, case)
    case.refresh_from_db()
    lead = clock(case, "handle")
    assert lead.paused_at is not None and clock(case, "mediate").paused_at is None
    due = lead.due_at
    pass_to(time, "2026-07-14T09:00+08:00")
    assert not Clock.objects.filter(case=case, breached_at__isnull=False).exists()
    mediation.cancel_mediation(talk, actor=ground.town_dispatcher, reason="撤回申请")
    lead.refresh_from_db()
    assert lead.paused_at is None and (lead.due_at - due).days in (14, 15, 16)


def test_the_rest_ends_with_the_mediations_own_limit(ground: Ground, house: House, time: Any) -> None:
    case = ways.accepted(ground, territory="150526103200", complexity="ordinary")
    ways.opened(ground, house, case)
    pass_to(time, "2026-08-03T09:00+08:00")
    assert clock(case, "mediate").breached_at is not None
    assert clock(case, "handle").paused_at is None


def test_a_suspension_over_a_mediation_leaves_both_at_rest_and_takes_both_up(
    ground: Ground, house: House, time: Any
) -> None:
    case = ways.accepted(ground, territory="150526103200", complexity="ordinary")
    ways.opened(ground, house, case)
    case.refresh_from_db()
    case = actions.suspend_case(case, actor=ground.town_dispatcher, reason="等待鉴定")
    assert all(c.paused_at for c in Clock.objects.filter(case=case, stopped_at=None))
    actions.resume_case(case, actor=ground.town_dispatcher)
    assert clock(case, "mediate").paused_at is None and clock(case, "handle").paused_at is not None


def test_what_the_clock_moves_up_is_told_in_office_hours(ground: Ground, time: Any) -> None:
    of_town(ground)
    pass_to(time, "2026-07-08T22:00+08:00")
    assert TierMove.objects.get().cause == "clock"
    deliver_due(timezone.now())
    assert not Notice.objects.filter(title__contains="上提到").exists()
    time.move_to("2026-07-09T09:00+08:00")
    deliver_due(timezone.now())
    assert Notice.objects.filter(title__contains="上提到", user=ground.dispatcher).exists()


def test_who_takes_over_a_case_in_mediation_is_told_to_decide(ground: Ground, house: House, time: Any) -> None:
    case = of_town(ground)
    ways.opened(ground, house, case)
    case.refresh_from_db()
    actions.escalate_case(case, actor=ground.town_dispatcher, reason="超出本级能力")
    deliver_due(timezone.now())
    assert Notice.objects.filter(title__contains="请决定继续或收回", user=ground.dispatcher).exists()
