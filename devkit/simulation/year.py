"""A year of a county with the shipped rules, in one process: people act morning by morning, some of them late, the
sweeps run when something is due; what must be true at the end is told by SQL."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from devkit.simulation.course import DUE
from devkit.simulation.ground import County, make_county
from grids.models import Organisation, OrganisationKind
from intake import actions as cases
from intake.deadlines.models import Clock
from intake.deadlines.queries import work_calendar
from intake.entries import CaseEntry, PartyEntry
from intake.lifecycle import OPEN_STATES, State
from intake.models import Case, Complexity
from intake.tasks import sweep_clocks
from referrals.actions import dispatch_with_slip
from referrals.tasks import run_escalation
from zhongzhi.core.errors import DomainError
from zhongzhi.core.worktime import SHANGHAI

LATE = 0.25
"""How likely an organisation leaves a step of a case alone until its limit has passed."""
STATEMENTS = {
    "no case climbs whose every holder was in time": """
        SELECT count(*) FROM intake_tiermove m WHERE m.cause = 'clock' AND NOT EXISTS (
            SELECT 1 FROM intake_clock k WHERE k.case_id = m.case_id AND k.breached_at <= m.at
            AND k.kind IN ('triage', 'fallback', 'dispatch', 'sign', 'handle')
            AND k.breached_at >= coalesce((SELECT max(b.at) FROM intake_tiermove b
                WHERE b.case_id = m.case_id AND b.id < m.id), '-infinity'))""",
    "no tier is due before those who have the case in hand": """
        SELECT count(*) FROM intake_clock t JOIN intake_clock k ON k.case_id = t.case_id
        LEFT JOIN intake_handling h ON h.id = k.handling_id
        WHERE t.kind = 'tier' AND t.stopped_at IS NULL AND t.paused_at IS NULL AND t.breached_at IS NULL
        AND k.kind IN ('dispatch', 'sign', 'handle') AND k.stopped_at IS NULL AND coalesce(h.part, 'lead') = 'lead'
        AND k.due_at > t.due_at""",
    "what nobody has in hand is to be handed out": """
        SELECT count(*) FROM intake_case c WHERE c.status = 'accepted' AND NOT EXISTS (
            SELECT 1 FROM intake_clock k WHERE k.case_id = c.id AND k.kind = 'dispatch' AND k.stopped_at IS NULL)""",
    "an open case has an owner": """
        SELECT count(*) FROM intake_case c WHERE c.status IN ('dispatched', 'handling') AND NOT EXISTS (
            SELECT 1 FROM intake_handling h WHERE h.case_id = c.id AND h.part = 'lead' AND h.closed_at IS NULL
            AND h.organisation_id = c.holder_id)""",
    "a limit that has passed is breached": """
        SELECT count(*) FROM intake_clock WHERE next_at < %(now)s""",
}


@dataclass(frozen=True)
class YearPlan:
    """How many cases in how many days; the seed makes people's choices repeatable."""

    cases: int = 300
    days: int = 365
    begins: datetime = datetime(2025, 1, 2, 8, 0, tzinfo=SHANGHAI)
    seed: int = 1
    say: Callable[[str], None] = field(default=lambda text: None)


@dataclass
class YearReport:
    """What happened, and what is not true."""

    counts: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


class _Clock:
    """The simulated moment, in place of the time."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@contextmanager
def living_by(clock: _Clock) -> Iterator[None]:
    """This process lives by the simulated clock."""
    real, timezone.now = timezone.now, clock
    try:
        yield
    finally:
        timezone.now = real


def simulate_year(plan: YearPlan) -> YearReport:
    """Run a plan on the database of this process, which must hold no cases."""
    dice, clock = random.Random(plan.seed), _Clock(plan.begins)  # noqa: S311 - repeatable, not secret
    with living_by(clock):
        county = make_county()
        centres = list(Organisation.objects.filter(kind=OrganisationKind.CENTRE).exclude(territory__level=6))
        arrivals = sorted(dice.choices(range(max(plan.days - 60, 1)), k=plan.cases))
        for day in range(plan.days):
            clock.moment = (plan.begins + timedelta(days=day)).replace(hour=9, minute=0)
            _sweep(clock.moment)
            if work_calendar().is_workday(clock.moment.date()):
                for _ in range(arrivals.count(day)):
                    _arrive(county, dice.choice(centres), dice)
                _morning(county, dice, clock.moment)
            clock.moment = clock.moment.replace(hour=17, minute=31)
            _sweep(clock.moment)
            if day % 30 == 0:
                plan.say(f"day {day}: {_counts()}")
        return YearReport(_counts(), list(broken(clock.moment)))


def broken(now: datetime) -> Iterator[str]:
    """What is not true, in words with the number of exceptions."""
    with connection.cursor() as cursor:
        for name, statement in STATEMENTS.items():
            cursor.execute(statement, {"now": now})
            if exceptions := cursor.fetchone()[0]:
                yield f"{name}: {exceptions} exceptions"


def _sweep(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now})
        if not cursor.fetchone()[0]:
            return
    sweep_clocks()
    run_escalation()


def _arrive(county: County, centre: Organisation, dice: random.Random) -> None:
    entry = CaseEntry(
        narrative="模拟纠纷", territory=centre.territory.code, category="0201",
        complexity=dice.choice(Complexity.values), parties=(PartyEntry(name="模拟当事人"),),
    )  # fmt: skip
    cases.register_case(entry, actor=county.of(centre.pk))


def _morning(county: County, dice: random.Random, now: datetime) -> None:
    """What people do: each case one step, if whoever has to do it does not leave it alone."""
    for case in Case.objects.filter(status__in=(*OPEN_STATES, State.CLOSED)).select_related("centre").order_by("pk"):
        if _is_left_alone(case):
            continue
        with suppress(DomainError):
            _step(case, county, dice, now)


def _is_left_alone(case: Case) -> bool:
    """Always the same for one state of one case: late is who does not act until the limit of the step has passed."""
    late = random.Random(f"{case.pk}:{case.status}:{case.centre_id}").random() < LATE  # noqa: S311 - repeatable
    return late and not Clock.objects.filter(case=case, stopped_at=None, breached_at__isnull=False).exists()


def _step(case: Case, county: County, dice: random.Random, now: datetime) -> None:
    centre, holder = county.of(case.centre_id or 0), county.of(case.holder_id or 0)
    steps: dict[str, Callable[[], Any]] = {
        State.REGISTERED: lambda: cases.accept_case(case, actor=centre),
        State.ACCEPTED: lambda: _hand_out(case, county, dice),
        State.DISPATCHED: lambda: _sign_or_return(case, holder, dice),
        State.HANDLING: lambda: _handle(case, centre, holder, dice, now),
        State.SUSPENDED: lambda: dice.random() < 0.2 and cases.resume_case(case, actor=centre),
        State.CONCLUDED: lambda: _review(case, centre, dice),
        State.CLOSED: lambda: _follow_up(case, centre),
    }
    steps[case.status]()


def _hand_out(case: Case, county: County, dice: random.Random) -> None:
    assert case.centre is not None  # noqa: S101 - accepted
    actor, code = county.of(case.centre.pk), case.centre.territory.code[:9]
    near = Organisation.objects.filter(kind=OrganisationKind.POLICE_STATION, territory__code=code).first()
    if near is None or dice.random() < 0.3:
        cases.take_up_case(case, actor=actor)
    else:
        dispatch_with_slip(case, actor=actor, organisation=near)


def _sign_or_return(case: Case, holder: Any, dice: random.Random) -> None:
    if dice.random() < 0.1:
        cases.return_case(case, actor=holder, reason="模拟退回")
    else:
        cases.sign_for_case(case, actor=holder)


def _handle(case: Case, centre: Any, holder: Any, dice: random.Random, now: datetime) -> None:
    """Reported on the last day, or before; now and then more time is asked for, or the case rests."""
    limit = Clock.objects.filter(case=case, kind="handle", stopped_at=None, paused_at=None).first()
    is_last_day = limit is None or limit.due_at - now < timedelta(hours=20)
    if is_last_day and dice.random() < 0.3:
        cases.ask_extension(case, actor=holder, reason="模拟延期")
        cases.decide_extension(Case.objects.get(pk=case.pk), actor=centre, granted=True)
    elif is_last_day or dice.random() < 0.05:
        cases.report_outcome(case, cases.Report("settlement", "模拟化解"), actor=holder)
    elif dice.random() < 0.02:
        cases.suspend_case(case, actor=centre, reason="模拟鉴定")


def _review(case: Case, centre: Any, dice: random.Random) -> None:
    if dice.random() < 0.1:
        cases.send_back(case, actor=centre, reason="模拟补充")
    else:
        cases.close_case(case, actor=centre)


def _follow_up(case: Case, centre: Any) -> None:
    heard = cases.Heard("phone", True, "done", 5, note="满意")
    cases.record_follow_up(case, heard, actor=centre)
    cases.archive_case(Case.objects.get(pk=case.pk), actor=centre)


def _counts() -> dict[str, int]:
    sources = {
        "cases": "intake_case",
        "archived": "intake_case WHERE status = 'archived'",
        "breached": "intake_clock WHERE breached_at IS NOT NULL",
        "climbed": "intake_tiermove WHERE cause = 'clock'",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, source in sources.items():
            cursor.execute(f"SELECT count(*) FROM {source}")
            found[name] = int(cursor.fetchone()[0])
    return found
