"""A case as the model keeps it; each method is what one step does to it.

The moves are written out here once more, apart from those of the program.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tests.models import office
from tests.models.rows import Limit, Named, Talk, Task, Work

MOVES: dict[tuple[str, str], str] = {
    ("draft", "register"): "registered",
    ("registered", "accept"): "accepted",
    ("registered", "guide"): "guided",
    ("registered", "withdraw"): "withdrawn",
    ("registered", "merge"): "merged",
    ("registered", "escalate"): "registered",
    ("accepted", "dispatch"): "dispatched",
    ("accepted", "take_up"): "handling",
    ("accepted", "guide"): "guided",
    ("accepted", "suspend"): "suspended",
    ("accepted", "withdraw"): "withdrawn",
    ("accepted", "merge"): "merged",
    ("accepted", "escalate"): "accepted",
    ("accepted", "hand_down"): "accepted",
    ("dispatched", "sign"): "handling",
    ("dispatched", "return"): "accepted",
    ("dispatched", "suspend"): "suspended",
    ("dispatched", "withdraw"): "withdrawn",
    ("dispatched", "escalate"): "accepted",
    ("handling", "conclude"): "concluded",
    ("handling", "return"): "accepted",
    ("handling", "suspend"): "suspended",
    ("handling", "withdraw"): "withdrawn",
    ("handling", "escalate"): "accepted",
    ("concluded", "send_back"): "handling",
    ("concluded", "close"): "closed",
    ("closed", "reopen"): "handling",
    ("closed", "archive"): "archived",
    ("suspended", "resume"): "",
    ("suspended", "withdraw"): "withdrawn",
    ("merged", "split"): "",
    ("guided", "guide_back"): "",
    ("guided", "restore"): "",
    ("withdrawn", "restore"): "registered",
    ("archived", "restore"): "closed",
}
"""Where each event leads; an empty target is the state before."""

OPEN = ("registered", "accepted", "dispatched", "handling", "concluded", "suspended")
AT_REST = ("closed", "archived", "guided", "merged", "withdrawn")
PROCEDURES = ("mediate", "med_court", "med_trial", "med_summary", "med_labour")
HOLDING = ("dispatch", "sign", "handle")
MEDIATION_LIMITS = ("mediate", "med_labour")
MEDIABLE_NOT = ("13", "14", "15", "16")


@dataclass(eq=False, repr=False)
class Matter(Named):
    """A case."""

    pk: int
    author: str
    place: str
    category: str
    complexity: str
    risk: str
    channel: str
    status: str = "draft"
    prior: str = ""
    centre: str | None = None
    holder: str | None = None
    fast: bool = False
    reporter: str = ""
    taken_up_by: str = ""
    found_at: str = ""
    solved: str = ""
    into: "Matter | None" = None
    works: list[Work] = field(default_factory=list)
    resting: list[Work] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    calls: list[tuple[bool, str, bool]] = field(default_factory=list)
    repeats: set[int] = field(default_factory=set)
    roads: dict[str, str | None] = field(default_factory=dict)
    guided_to: str | None = None
    guidance: str = ""
    came_back: bool = False
    swept: datetime = office.FIRST_MORNING
    is_cared_for: bool = False
    shared_with: set[str] = field(default_factory=set)

    @property
    def tier(self) -> str:
        return office.tier(self.centre) if self.centre else ""

    @property
    def is_civil(self) -> bool:
        """A dispute between people, that people's mediation may take."""
        return self.category[:2] not in MEDIABLE_NOT

    @property
    def open_works(self) -> list[Work]:
        return [work for work in self.works if work.open]

    @property
    def lead(self) -> Work | None:
        return next((work for work in self.open_works if work.part == "lead"), None)

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.open]

    @property
    def parts(self) -> list[Work]:
        """What co-handlers owe by their slips."""
        return [work for work in self.open_works if (work.part, work.kind) == ("co", "dispatch")]

    @property
    def open_talks(self) -> list[Talk]:
        return [talk for talk in self.talks if talk.is_open]

    @property
    def is_free_to_merge(self) -> bool:
        """Nobody works on it but who supports, and nobody mediates."""
        return not self.open_talks and all(work.kind == "support" for work in self.open_works)

    @property
    def stands_still(self) -> bool:
        return self.status in ("suspended", "merged")

    @property
    def busy(self) -> set[Work | None] | None:
        """Who mediates in time; None where only the program knows whether the time has passed."""
        talks = [limit for limit in self.limits if limit.kind in PROCEDURES]
        if any(limit.due is None for limit in talks):
            return None
        return {limit.work for limit in talks if limit.due is not None and limit.due >= self.swept}

    def rests(self, limit: Limit) -> bool | None:
        """Whether a limit stands still: the case does, or somebody mediates and it is the tier's, the lead's, or
        that of who mediates. None where only the program knows."""
        if self.stands_still:
            return True
        busy, work = self.busy, limit.work
        own = work is not None and (work.part == "lead" or busy is None or work in busy)
        if limit.kind != "tier" and not (limit.kind == "handle" and own):
            return False
        return None if busy is None else bool(busy)

    def settle_limits(self) -> None:
        """What rested is due when only the program knows; the tier is not due before those who have it in hand."""
        for limit in self.limits:
            if limit.kind in ("tier", "handle") and self.rests(limit) is not False:
                limit.due = None
        tier = self.limit("tier", None)
        of_lead = [x for x in self.limits if x.kind in HOLDING and (x.work is None or x.work.part == "lead")]
        for limit in of_lead:
            if tier is not None and tier.due is not None:
                tier.due = None if limit.due is None else max(tier.due, limit.due)

    def may(self, event: str) -> bool:
        return (self.status, event) in MOVES

    def work_of(self, org: str) -> Work | None:
        return next((work for work in self.open_works if work.org == org), None)

    def move(self, event: str) -> None:
        before, after = self.status, MOVES[self.status, event]
        self.status = after or self.prior
        self.prior = before if event in ("suspend", "merge", "guide") else ""

    # --- limits ---------------------------------------------------------------------------------

    def start(self, kind: str, now: datetime, work: Work | None = None) -> None:
        found = office.limit_of(kind, complexity=self.complexity, tier=self.tier, channel=self.channel)
        if found is not None:
            most = office.most_extensions(kind, complexity=self.complexity, channel=self.channel)
            self.limits.append(Limit(kind, work, now, *found, due=office.due(now, *found), most=most))

    def stop(self, *kinds: str, work: Work | None = None) -> None:
        """Stop limits of these kinds (all where none is named), of one piece of work where it is named."""
        self.limits = [
            limit
            for limit in self.limits
            if (kinds and limit.kind not in kinds) or (work is not None and limit.work is not work)
        ]

    def limit(self, kind: str, work: Work | None) -> Limit | None:
        return next((limit for limit in self.limits if (limit.kind, limit.work) == (kind, work)), None)

    # --- work -----------------------------------------------------------------------------------

    def give(self, org: str, kind: str, part: str, now: datetime, *, signed: bool = False) -> Work:
        work = Work(org, kind, part, now, signed)
        self.works.append(work)
        return work

    def end_work(self, work: Work, why: str) -> None:
        work.open, work.waits, work.why = False, False, why

    def end_all_work(self, why: str) -> None:
        for work in self.open_works:
            self.end_work(work, why)

    def release(self, work: Work | None = None) -> None:
        """Nobody has to do the tasks of a piece of work (or any) any more."""
        for task in self.open_tasks:
            task.open = task.open and work is not None and task.work is not work

    def hand_out(self, org: str, others: Iterable[str], now: datetime) -> None:
        self.move("dispatch")
        self.holder = org
        self.stop("dispatch")
        self.end_other_part(org)
        self.call_in([org], "lead", now)
        self.hang_talks(now)
        self.call_in(others, "co", now)

    def end_other_part(self, org: str) -> None:
        """Whoever becomes the lead is no co-handler any more."""
        part = self.work_of(org)
        if part is not None:
            self.stop("sign", "handle", work=part)
            self.release(part)
            self.end_work(part, "released")

    def hang_talks(self, now: datetime) -> None:
        """An open mediation hangs on what its organisation does now, or on a piece of work of its own."""
        for talk in self.open_talks:
            if not talk.work.open:
                limit = self.limit(talk.limit, talk.work)
                talk.work = self.work_of(talk.org) or self.give(talk.org, "mediation", "co", now, signed=True)
                if limit is not None:
                    limit.work = talk.work

    def cancel_talks(self, work: Work | None = None) -> None:
        """Mediations (of a piece of work) are over because the case, or the work, is."""
        for talk in self.open_talks:
            if work is None or talk.work is work:
                for deal in talk.deals:
                    deal.status = "replaced" if deal.status == "draft" else deal.status
                self.end_talk(talk, "cancelled")

    def call_in(self, orgs: Iterable[str], part: str, now: datetime) -> None:
        for org in orgs:
            work = self.give(org, "dispatch", part, now)
            self.start("sign", now, work)
            self.start("handle", now, work)

    def take_up(self, now: datetime, who: str) -> None:
        assert self.centre is not None
        self.move("take_up")
        self.taken_up_by = who
        self.stop("dispatch")
        self.holder = self.centre
        self.end_other_part(self.centre)
        work = self.give(self.centre, "self", "lead", now, signed=True)
        self.hang_talks(now)
        self.start("handle", now, work)

    def give_back(self, work: Work, now: datetime) -> None:
        self.move("return")
        self.start("dispatch", now)
        self.holder = self.centre
        self.stop("sign", "handle", work=work)
        self.release(work)
        self.end_work(work, "returned")
        self.cancel_talks(work)

    def close_part(self, work: Work, why: str) -> None:
        self.stop("sign", "handle", work=work)
        self.release(work)
        self.end_work(work, why)
        self.cancel_talks(work)

    # --- tiers ----------------------------------------------------------------------------------

    def settle(self, now: datetime) -> None:
        """Red risk goes to the county at once; what is no civil dispute, tier by tier."""
        if self.risk == "red" and self.tier != "county" and self.may("escalate"):
            self.go_to("county_centre", "escalate", now)
        while not self.is_civil and self.tier != "county" and self.may("escalate"):
            self.go_up(now)

    def go_up(self, now: datetime) -> None:
        assert self.centre is not None
        centre = office.above(self.centre)
        assert centre is not None
        self.go_to(centre, "escalate", now)

    def go_to(self, centre: str, event: str, now: datetime) -> None:
        """Another centre answers now; who held the case stays and supports, the limits begin anew."""
        assert self.centre is not None
        left, lead = [self.centre], self.lead
        if lead is not None:
            self.stop("sign", "handle", work=lead)
            self.release(lead)
            self.end_work(lead, "moved")
            left.append(lead.org)
        for limit in self.limits:
            limit.asked = False
        self.move(event)
        self.centre = self.holder = centre
        support = self.work_of(centre)
        if support is not None and support.kind == "support":
            self.end_work(support, "moved")
        for org in left:
            if self.work_of(org) is None:
                self.give(org, "support", "co", now, signed=True)
        self.hang_talks(now)
        self.stop("tier", "triage", "fallback", "dispatch")
        for clock in ("triage",) if self.status == "registered" else ("tier", "dispatch"):
            self.start(clock, now)

    # --- the end --------------------------------------------------------------------------------

    def conclude(self, by: str, road: str, now: datetime) -> None:
        self.stop("sign", "handle", "tier")
        self.move("conclude")
        self.holder, self.solved = self.centre, "" if road else self.tier
        self.end_all_work("concluded")
        if road and road not in self.roads:
            self.roads[road] = by
        self.start("review", now)

    def go_on(self, event: str, now: datetime) -> None:
        """Back to handling, with whoever led it last."""
        last = [work for work in self.works if work.part == "lead"][-1]
        self.move(event)
        self.holder, self.fast, self.solved = last.org, False, ""
        self.roads.clear()
        work = self.give(last.org, last.kind, "lead", now, signed=True)
        work.anew = True
        self.start("handle", now, work)
        self.start("tier", now)
        self.stop("review", "follow_up")
        self.settle(now)

    def leave(self, event: str) -> None:
        """Withdrawn or guided away: all that hangs on it ends."""
        self.move(event)
        self.stop()
        self.release()
        self.end_all_work(event)
        self.cancel_talks()

    def merge(self, into: "Matter") -> None:
        """Who supported it does so again when it is split off; its limits stand still."""
        self.move("merge")
        self.into = into
        self.stop("sign", "handle")
        self.release()
        for limit in self.limits:
            limit.due = None
        self.resting = self.open_works
        self.end_all_work("merged")

    def split(self, now: datetime) -> None:
        self.move("split")
        for work in self.resting:
            self.give(work.org, work.kind, work.part, now, signed=True)
        self.into, self.resting = None, []

    # --- mediation ------------------------------------------------------------------------------

    def begin_talk(self, org: str, kind: str, now: datetime) -> Work:
        work = self.work_of(org) or self.give(org, "mediation", "co", now, signed=True)
        self.start(kind, now, work)
        return work

    def end_talk(self, talk: Talk, status: str) -> None:
        talk.status = status
        for meeting in talk.meetings:
            meeting.status = "cancelled" if meeting.status == "planned" else meeting.status
        self.stop(talk.limit, work=talk.work)
        if talk.work.kind == "mediation" and talk.work.open:
            self.end_work(talk.work, "concluded")

    def concludes_with(self, talk: Talk) -> bool:
        """Whether the end of a mediation ends the case: nobody else is in charge, at work, or mediating."""
        if self.status != "handling" or self.open_tasks or self.lead is None:
            return False
        alone = self.open_works == [self.lead] and self.lead.org in (talk.org, self.centre)
        return alone and not self.open_talks
