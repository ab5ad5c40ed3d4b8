"""The walk: a case is registered, somebody does what is offered, time passes, until the case is at rest."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from intake.available_actions import available_acts
from intake.models import Case
from intake.queries.archive import archive_gaps
from intake.tasks import sweep_clocks
from mediation.lifecycle import AgreementState
from mediation.models import Agreement
from mediation.tasks import sweep_obligations
from referrals.lifecycle import State
from referrals.tasks import run_escalation
from tests.desks.beginnings import begun
from tests.desks.desk import Desk
from tests.desks.programs import act_by_api
from tests.models import office

ENDS = ("archived", "withdrawn", "guided", "merged")
AFTERWARDS = {"archived": (0, 0, 0, 1), "withdrawn": (0, 0, 1), "guided": (4, 6, 8), "merged": (0, 4, 8)}
"""So many times people may still do when a case is at rest: take it back, split it, sign for it."""
MOST_TRIES = 1200
SOMEBODY_ELSE = 0.04
BY_API = 0.6
NOT_CALLED = 0.5
"""So many of those who looked in vain do not look again after the next act; in the morning all do."""
TWICE = 0.15
"""So often the same matter is brought a second time before the first case is looked at."""
LONGEST_WAIT = 100
"""After so many tries people end a case as soon as they may, whatever was begun."""
LETTERS = ("函单 issue", "函单 answer", "函单 extend", "函单 decide-extension", "函单 decide-answer")
AGREEMENTS = (
    "调解协议 list-obligations",
    "调解协议 unsign",
    "调解协议 lead-on",
    "调解协议 revise",
    "司法确认 ruling",
    "司法确认 extend",
    "卷宗 add",
)
ENDED_LETTERS = (State.DONE, State.RETURNED, State.VOID, State.DISCARDED)
WITH_RECEIVER = (State.ISSUED, State.RECEIVED)
HURRIED, BY_API_THEN = 0.7, 0.15
"""So often it is the turn of those with whom something lies that leads to what was never done; letters and agreements
are seldom looked after by programs."""
KEEPS_WORD = 0.75
"""So many debtors do in time what they agreed to."""
OVER = ("leader", "other_leader", "manager", "dispatcher")
"""Who now and then looks into what the centres below have in hand."""
PATIENCE, LATE = (2, 2, 2, 8), (8,)
"""After so many acts on a case people do half as much besides what leads to its end: of most cases soon, of some late,
so that these come to what is done only at last; of all late where a walk is gone on with."""


class Walk:
    """One case after another, each to its end."""

    def __init__(self, desks: dict[str, Desk], clock: Any, seed: int, patience: Sequence[int] = PATIENCE) -> None:
        self.desks, self.clock = desks, clock
        self.now, self.rng = office.FIRST_MORNING, Random(seed)
        self.found, self.patiences = desks["clerk"].found, patience
        self.ends: Counter[str] = Counter()
        self.said = 0
        self.waiting: list[Case] = []

    def one(self) -> Case:
        """Register a case, or take one that waits, and let people do what they are offered until it is at rest."""
        case = self.waiting.pop() if self.waiting else begun(self.desks, self.rng)
        if not self.waiting and self.rng.random() < TWICE:
            self.waiting.append(begun(self.desks, self.rng))
        self.keeps_word = self.rng.random() < KEEPS_WORD
        self.patience = self.rng.choice(self.patiences)
        idle: set[str] = set()
        self.blind: dict[str, tuple[Any, ...]] = {}
        afterwards: int | None = None
        self.acts = 0
        for tried in range(MOST_TRIES):
            self.tries = tried
            case.refresh_from_db()
            if case.status in ENDS:
                afterwards = self.rng.choice(AFTERWARDS[case.status]) if afterwards is None else afterwards - 1
                if afterwards <= 0:
                    break
            self.turn(case, idle)
        case.refresh_from_db()
        self.ends[case.status] += 1
        if case.status not in ENDS:
            self.found.faults.append(self.stuck(case))
        return case

    def stuck(self, case: Case) -> str:
        """What is said of a case that does not come to an end: what it lacks, and who is offered what."""
        named = {name: [act.name for act in available_acts(d.user, case)] for name, d in self.desks.items()}
        offers = {name: acts for name, acts in named.items() if acts}
        steps = [f"{step.event} {step.actor}" for step in case.status_changes.order_by("pk").select_related("actor")]
        gaps = "；".join(archive_gaps(case))
        where = f"{case.status} at {case.centre}, with {case.holder}"
        return f"{case.code} does not come to an end: {where}; {gaps}; {steps}; {offers}"

    def turn(self, case: Case, idle: set[str]) -> None:
        """Somebody who has not looked in vain since the last act; where all have, a night passes."""
        where = (case.centre_id, case.holder_id, case.status, case.documents.filter(signed_at__isnull=False).count())
        near = [name for name in self.concerned(case) if name not in idle and self.blind.get(name) != where]
        if not near:
            idle.clear()
            self.pass_time(17)
            return
        self.is_late = self.tries >= LONGEST_WAIT
        self.lies = set() if self.is_late else self.lies_with(case)
        hurried = [name for name in near if self.lies & self.desks[name].serves_at]
        if hurried and self.rng.random() < HURRIED:
            near = hurried
        who = self.rng.choice(list(self.desks) if self.rng.random() < SOMEBODY_ELSE else near)
        if self.somebody(self.desks[who], case):
            self.acts += 1
            idle.intersection_update([name for name in sorted(idle) if self.rng.random() < NOT_CALLED])
            self.pass_time(self.rng.choice((1, 1, 1, 2, 17)))
        else:
            idle.add(who)
            if self.desks[who].is_blind:
                self.blind[who] = where

    def concerned(self, case: Case) -> list[str]:
        """Those at whose organisations the case is, or what was written about it."""
        at = {
            case.centre_id,
            case.holder_id,
            case.guided_to_id,
            *case.handlings.filter(closed_at=None).values_list("organisation_id", flat=True),
            *case.mediations.values_list("body__organisation_id", flat=True),
            *case.documents.values_list("addressee_id", flat=True),
        }
        over = OVER if self.rng.random() < 0.15 else ()
        return [name for name, desk in self.desks.items() if at & desk.serves_at or name in over]

    def somebody(self, desk: Desk, case: Case) -> bool:
        """Sign in, for sessions end while hours pass, and do something; whether something was done."""
        desk.sign_in()
        desk.patience, desk.keeps_word = 0.5 ** (self.acts / self.patience), self.keeps_word
        desk.waits, desk.is_late = bool(self.lies), self.is_late
        if self.rng.random() < (BY_API_THEN if self.lies & desk.serves_at else BY_API):
            return act_by_api(desk, case)
        address = desk.choose(desk.offers(case))
        return bool(address) and desk.act(case, address)

    def lies_with(self, case: Case) -> set[int]:
        """The organisations with which something lies that leads to what was never done, letters or an agreement: it is
        seen through before anybody ends the case."""
        found: set[int | None] = set()
        if not all(map(self.found.times, LETTERS)):
            for letter in case.documents.exclude(status__in=ENDED_LETTERS):
                asks = letter.extensions.filter(granted__isnull=True).exists()
                is_theirs = letter.status in WITH_RECEIVER and not asks
                found.add(letter.addressee_id if is_theirs else letter.issuer_id)
        if not all(map(self.found.times, AGREEMENTS)):
            agreements = Agreement.objects.filter(mediation__case=case).exclude(status=AgreementState.REPLACED)
            found |= set(agreements.values_list("mediation__body__organisation", flat=True))
        return {one for one in found if one is not None}

    def pass_time(self, hours: int) -> None:
        """Some hours, or a night; then the beats run."""
        self.now += timedelta(hours=hours)
        self.clock.move_to(self.now)
        if hours > 2:
            sweep_clocks()
            sweep_obligations()
            run_escalation()
