"""Which closed cases of the demo were mediated, before whom and when. Nothing is written here.

A mediator is at one place at a time: where two would overlap, the later case is told without a mediation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from devkit.demo.cases.cases import invented_cases
from grids.models import Level, OrganisationKind
from intake.lifecycle import State
from intake.models import Case, Handling, Outcome, Party, PartySide
from mediation.models import Body, BodyKind, Mediator, Room, SessionKind

Span = tuple[datetime, datetime]
SHORT, MEETING = timedelta(days=1), timedelta(minutes=90)
VILLAGE_SHARE = 0.55
"""Of what villages settle themselves, so much is mediated by the town's committee on the spot."""
FIRST_FAILS = 15
"""Of the disputes that a branded room took some days for, every so many had been tried by the town before."""
ON_THE_SPOT = ("09", "0551")


@dataclass
class Past:
    """One mediation of a closed case."""

    case: Case
    body: Body
    lead: Handling
    opened: datetime
    ended: datetime
    is_agreed: bool
    random: Random
    sessions: list[tuple[SessionKind, Span]] = field(default_factory=list)

    @property
    def mediator(self) -> Mediator:
        """The one that the body has."""
        return self.body.mediators.all()[0]

    @property
    def room(self) -> Room | None:
        """The room of the body; None for what was mediated where it happened."""
        rooms = list(self.body.rooms.all())
        return rooms[0] if rooms and not self.is_in_village else None

    @property
    def is_in_village(self) -> bool:
        """Settled by a village, at home."""
        return len(self.lead.organisation.territory.code) == Level.VILLAGE

    @property
    def is_short(self) -> bool:
        """Over within a day."""
        return self.ended - self.opened < SHORT

    def party(self, side: PartySide) -> Party:
        """The first party of a side."""
        return next(party for party in self.case.parties.all() if party.side == side)


def past_mediations(now: datetime) -> list[Past]:
    """The mediations of the demo's closed cases, the earliest end first."""
    cases = invented_cases().filter(status=State.CLOSED, concluded_at__lt=now)
    cases = cases.filter(outcome__in=[Outcome.PEOPLES_MEDIATION, Outcome.UNRESOLVED]).order_by("concluded_at", "pk")
    cases = cases.select_related("concluded_by__territory", "territory", "centre", "category")
    rows = cases.prefetch_related("parties", "handlings__organisation__territory", "handlings__opened_by")
    found, taken, bodies = [], dict[int, list[Span]](), _bodies()
    for past in _with_first_tries(_mediated(rows, bodies), bodies):
        if _book(past, taken):
            found.append(past)
    return sorted(found, key=lambda past: past.ended)


def _bodies() -> dict[str, Body]:
    """Bodies that have a mediator, by the name of their organisation; committees also by the code of their town."""
    rows = Body.objects.filter(ends_on=None, mediators__isnull=False).select_related("organisation__territory")
    bodies = {body.organisation.name: body for body in rows.prefetch_related("mediators", "rooms")}
    towns = {body.organisation.territory.code: body for body in bodies.values() if body.kind == BodyKind.TOWN}
    return bodies | towns


def _mediated(cases: Iterable[Case], bodies: dict[str, Body]) -> Iterator[Past]:
    for case in cases:
        assert case.concluded_by and case.concluded_at and case.territory
        by, random = case.concluded_by, Random(f"mediation:{case.code}")
        at_county = by.kind == OrganisationKind.CENTRE and len(by.territory.code) < Level.TOWN
        at_village = len(by.territory.code) == Level.VILLAGE
        body = bodies.get(by.name) or bodies.get(case.territory.code[: Level.TOWN])
        if body is None or at_county or (at_village and random.random() > VILLAGE_SHARE):
            continue
        lead = case.handlings.all()[0]
        begun = lead.signed_at or lead.opened_at
        span = case.concluded_at - begun
        opened = max(begun + span / 10, case.concluded_at - timedelta(days=random.randint(3, 8), hours=1))
        yield Past(case, body, lead, opened, case.concluded_at, case.outcome != Outcome.UNRESOLVED, random)


def _with_first_tries(pasts: Iterator[Past], bodies: dict[str, Body]) -> Iterator[Past]:
    """Now and then the committee of the town had tried before, and the parties could not agree."""
    long_ones = 0
    for past in pasts:
        committee = bodies.get(past.case.territory.code[: Level.TOWN]) if past.case.territory else None
        if past.body.kind == BodyKind.BRANDED and committee and not past.is_short:
            long_ones += 1
            if long_ones % FIRST_FAILS == 1:
                middle = past.opened + (past.ended - past.opened) / 3
                yield Past(past.case, committee, past.lead, past.opened, middle, False, past.random)
                past.opened = middle + timedelta(minutes=30)
        yield past


def _book(past: Past, taken: dict[int, list[Span]]) -> bool:
    """Find time for its sessions; False when the mediator was elsewhere."""
    mine = taken.setdefault(past.mediator.pk, [])
    whole = past.ended - past.opened
    ends = past.ended - min(timedelta(minutes=10), whole / 10)
    meeting = (ends - min(MEETING, whole / 2), ends)
    if not _is_free(meeting, mine):
        return False
    if past.case.category_id and past.case.category_id.startswith(ON_THE_SPOT) and whole > 2 * SHORT:
        morning = past.opened.replace(hour=2, minute=0, second=0, microsecond=0) + SHORT
        survey = (morning, morning + timedelta(hours=1))
        if past.opened < morning and survey[1] < meeting[0] and _is_free(survey, mine):
            past.sessions.append((SessionKind.SURVEY, survey))
    past.sessions.append((SessionKind.MEETING, meeting))
    mine += [span for _, span in past.sessions]
    return True


def _is_free(span: Span, taken: list[Span]) -> bool:
    return all(span[1] <= starts or ends <= span[0] for starts, ends in taken)
