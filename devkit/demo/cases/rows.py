"""The rows around a case: parties, steps, handling, clocks, as the acts would have written them at the time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from devkit.demo.cases.cases import Made
from devkit.demo.cases.staff import Staff
from devkit.demo.cases.subjects import GIVEN, SURNAMES
from grids.models import Organisation, Role
from intake.deadlines.models import Clock, ClockKind, ClockPause, ClockRule
from intake.lifecycle import Event, State
from intake.models import (
    Case,
    CloseReason,
    FollowUp,
    Handling,
    HandlingKind,
    Party,
    Performance,
    RoadTaken,
    StatusChange,
)
from zhongzhi.accounts.models import User
from zhongzhi.core import worktime
from zhongzhi.core.pinyin import name_initials
from zhongzhi.core.worktime import Unit, WorkCalendar


def parties_of(made: Made) -> list[Party]:
    """An applicant and a respondent; now and then a second applicant. Names only: nobody is meant."""
    random = made.plan.random
    sides = ["applicant", "respondent"] + (["applicant"] if random.random() < 0.2 else [])
    named = [(side, random.choice(SURNAMES) + random.choice(GIVEN)) for side in sides]
    return [
        Party(case=made.case, ordinal=n, side=side, name=name, initials=name_initials(name))
        for n, (side, name) in enumerate(named, start=1)
    ]


def steps_of(made: Made, staff: Staff) -> Iterator[StatusChange]:
    """Every move of the case, each from the state before."""
    before = State.DRAFT
    for event, after, at, actor, organisation, reason in _moves(made, staff):
        yield StatusChange(
            case=made.case, event=event, from_status=before, to_status=after, at=at, actor=actor,
            organisation=organisation, reason=reason,
        )  # fmt: skip
        before = after


Move = tuple[Event, State, datetime, User, Organisation, str]


def _moves(made: Made, staff: Staff) -> Iterator[Move]:
    case, handler = made.case, made.handler
    assert case.centre is not None and case.registered_at is not None
    clerk, sorter = staff.window_of(case.centre)
    sorter = clerk if case.is_fast_track else sorter
    yield Event.REGISTER, State.REGISTERED, case.registered_at, clerk, case.centre, ""
    if case.accepted_at is None:
        return
    yield Event.ACCEPT, State.ACCEPTED, case.accepted_at, sorter, case.centre, ""
    if handler is None:
        return
    worker = sorter if made.is_own else staff.one_of(handler, Role.HANDLER, Role.MEDIATOR)
    if made.is_own:
        yield Event.TAKE_UP, State.HANDLING, opened_at(made), sorter, case.centre, ""
    else:
        yield Event.DISPATCH, State.DISPATCHED, opened_at(made), sorter, case.centre, f"交办至{handler}"
        if made.signed_at:
            yield Event.SIGN, State.HANDLING, made.signed_at, worker, handler, ""
    reviewer = sorter if made.case.is_fast_track else staff.reviewer_of(case.centre_id, sorter, worker)
    yield from _ending(made, sorter, worker, reviewer)


def _ending(made: Made, sorter: User, worker: User, reviewer: User) -> Iterator[Move]:
    case, handler = made.case, made.handler
    assert case.centre is not None and handler is not None
    if case.status == State.SUSPENDED and made.signed_at:
        yield Event.SUSPEND, State.SUSPENDED, made.signed_at + timedelta(days=1), sorter, case.centre, "等待鉴定意见"
    if case.concluded_at:
        told = f"{case.get_outcome_display()}：{case.outcome_note}"
        yield Event.CONCLUDE, State.CONCLUDED, case.concluded_at, worker, handler, told
    if case.closed_at:
        yield Event.CLOSE, State.CLOSED, case.closed_at, reviewer, case.centre, ""


def opened_at(made: Made) -> datetime:
    """When it was given to who handles it: right after it was accepted."""
    assert made.case.accepted_at is not None
    return made.case.accepted_at + timedelta(minutes=1 if made.plan.is_quick else 6)


def handling_of(made: Made, staff: Staff) -> Handling | None:
    """The handling of a case that is or was in somebody's hands."""
    case, handler = made.case, made.handler
    if handler is None or case.centre is None:
        return None
    _, sorter = staff.window_of(case.centre)
    worker = sorter if made.is_own else staff.one_of(handler, Role.HANDLER, Role.MEDIATOR)
    signed = opened_at(made) if made.is_own else made.signed_at
    return Handling(
        case=case, kind=HandlingKind.SELF if made.is_own else HandlingKind.DISPATCH, organisation=handler,
        opened_at=opened_at(made), opened_by=sorter, signed_at=signed, signed_by=worker if signed else None,
        closed_at=case.concluded_at, close_reason=CloseReason.CONCLUDED if case.concluded_at else "",
        instruction="" if made.is_own else "请联系双方当事人，按期反馈办理结果。",
    )  # fmt: skip


def road_of(made: Made) -> RoadTaken | None:
    """The road an unsettled case was led to; its result is waited for."""
    case = made.case
    if not case.road or case.concluded_at is None:
        return None
    return RoadTaken(case=case, road=case.road, led_at=case.concluded_at, led_by=made.handler)


def follow_up_of(made: Made, now: datetime, staff: Staff) -> FollowUp | None:
    """What was closed some days ago has been followed up; most are satisfied."""
    case, random = made.case, made.plan.random
    if case.closed_at is None or case.centre is None or now - case.closed_at < timedelta(days=5):
        return None
    at = case.closed_at + timedelta(days=random.randint(2, 4), hours=random.randint(0, 3))
    clerk, _ = staff.window_of(case.centre)
    heard = random.choice((5,) * 26 + (4,) * 17 + (3,) * 2 + (2,)) if made.plan.is_resolved else 3
    case.satisfaction, case.rated_at = heard, at
    return FollowUp(
        case=case, way=random.choice(("phone", "phone", "visit")), reached=True, satisfaction=heard, made_by=clerk,
        made_at=at, performance=Performance.DONE if made.plan.is_resolved else Performance.NONE, note="",
    )  # fmt: skip


Limit = tuple[ClockKind, Organisation, Handling | None, datetime, datetime | None]


class Clockmaker:
    """Makes the clocks of the past by today's rules."""

    def __init__(self, rules: list[ClockRule], calendar: WorkCalendar, now: datetime) -> None:
        """`now` is when the demo is made: what is past due then is breached."""
        self.rules = sorted(rules, key=lambda r: (r.channel, r.tier, r.complexity, r.starts_on), reverse=True)
        self.calendar, self.now = calendar, now

    def clocks_of(self, made: Made, handling: Handling | None) -> Iterator[Clock]:
        """All limits that the case ran under, those that still run included."""
        case = made.case
        assert case.centre is not None and case.registered_at is not None
        wanted: list[Limit] = [(ClockKind.TRIAGE, case.centre, None, case.registered_at, case.accepted_at)]
        if case.accepted_at:
            wanted.append((ClockKind.TIER, case.centre, None, case.accepted_at, case.concluded_at))
        if handling and made.handler:
            if not made.is_own:
                wanted.append((ClockKind.SIGN, made.handler, handling, handling.opened_at, handling.signed_at))
            wanted.append((ClockKind.HANDLE, made.handler, handling, handling.opened_at, case.concluded_at))
        if case.concluded_at:
            wanted.append((ClockKind.REVIEW, case.centre, None, case.concluded_at, case.closed_at))
        if case.closed_at:
            wanted.append((ClockKind.FOLLOW_UP, case.centre, None, case.closed_at, case.rated_at))
        for kind, organisation, under, start, stop in wanted:
            if rule := self._rule(case, kind):
                yield self._clock(made, rule, organisation, under, start, stop)

    def _rule(self, case: Case, kind: ClockKind) -> ClockRule | None:
        for rule in self.rules:
            fits = rule.channel in ("", case.channel) and rule.tier in ("", case.tier)
            if fits and rule.kind == kind and rule.complexity in ("", case.complexity):
                return rule
        return None

    def _clock(
        self, made: Made, rule: ClockRule, organisation: Organisation, handling: Handling | None,
        start: datetime, stop: datetime | None,
    ) -> Clock:  # fmt: skip
        clock = Clock(
            case=made.case, handling=handling, organisation=organisation, kind=rule.kind, rule=rule, amount=rule.amount,
            unit=rule.unit, started_at=start, stopped_at=stop,
            due_at=worktime.due(self.calendar, start, rule.amount, Unit(rule.unit)),
        )  # fmt: skip
        if made.case.status == State.SUSPENDED and stop is None and made.signed_at:
            clock.paused_at = made.signed_at + timedelta(days=1)
        if (stop or clock.paused_at or self.now) > clock.due_at:
            clock.breached_at = clock.due_at + timedelta(seconds=20)
        if stop is None and clock.paused_at is None and clock.breached_at is None:
            clock.next_at = self._next(clock, rule)
        return clock

    def _next(self, clock: Clock, rule: ClockRule) -> datetime:
        if not rule.warn_amount:
            return clock.due_at
        warn = self.calendar.office_hours_before(clock.due_at, rule.warn_amount)
        if warn > self.now:
            return warn
        clock.warned_at = max(warn, clock.started_at)
        return clock.due_at


def pause_of(clock: Clock) -> ClockPause | None:
    """The pause a standing clock is in."""
    return ClockPause(clock=clock, paused_at=clock.paused_at, reason="等待鉴定意见") if clock.paused_at else None
