"""One planned dispute as a case: what it is about, where, in whose hands, how it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import QuerySet

from devkit.demo.cases.plan import HOW_MANY, Planned
from devkit.demo.cases.staff import Staff
from devkit.demo.cases.subjects import SUBJECTS, Subject
from grids.models import Level, Organisation, OrganisationKind, Territory
from intake.actions.tiers import tier_of
from intake.lifecycle import State
from intake.models import Case, Channel, Complexity, Outcome, Risk, Road

COUNTY = "150526"
ROOMS = {"那顺调解室": 60, "张清朝调解室": 42}
"""How many the branded rooms resolved in the last year: 102, as the county tells it."""
COUNTY_CHANNELS = (
    *(Channel.WINDOW,) * 8,
    *(Channel.HOTLINE,) * 3,
    *(Channel.PETITION,) * 3,
    *(Channel.POLICE_CALL,) * 2,
    *(Channel.COURT, Channel.DEPARTMENT, Channel.SUPERIOR, Channel.ONLINE),
)
TOWN_CHANNELS = (
    *(Channel.PATROL,) * 5,
    *(Channel.FIELD,) * 3,
    *(Channel.WINDOW,) * 6,
    *(Channel.POLICE_CALL,) * 2,
    *(Channel.HOTLINE, Channel.DEPARTMENT),
)
RISKS = (Risk.BLUE,) * 40 + (Risk.YELLOW,) * 14 + (Risk.ORANGE,) * 3
WAYS = {
    OrganisationKind.POLICE_STATION: Outcome.ADMINISTRATIVE_MEDIATION,
    OrganisationKind.DEPARTMENT: Outcome.ADMINISTRATIVE_MEDIATION,
    OrganisationKind.LAW_FIRM: Outcome.LAWYER_MEDIATION,
    OrganisationKind.COURT: Outcome.JUDICIAL_MEDIATION,
}
LIMITS = {Complexity.SIMPLE: 1, Complexity.ORDINARY: 7, Complexity.COMPLEX: 20, Complexity.HARD: 30}


@dataclass
class Made:
    """A case, and what its rows are made of."""

    case: Case
    plan: Planned
    subject: Subject
    handler: Organisation | None
    signed_at: datetime | None

    @property
    def is_own(self) -> bool:
        """Handled by the centre itself."""
        return self.handler == self.case.centre


class Caster:
    """Gives every planned dispute its people and places, in the order of the plan."""

    def __init__(self, staff: Staff, places: list[Territory]) -> None:
        """`places` are the villages and grids of the county."""
        self.staff = staff
        self.villages = [place for place in places if len(place.code) == Level.VILLAGE]
        self.grids = [place for place in places if len(place.code) == Level.GRID]
        self.rooms = dict(ROOMS)
        self.subjects = [subject for subject in SUBJECTS for _ in range(subject.weight)]

    def cast(self, number: int, plan: Planned, year_began: datetime) -> Made:
        """The case of one plan, not saved yet."""
        subject = self._subject(plan)
        place, centre = self._where(plan)
        handler = self._handler(plan, subject, centre, year_began)
        case = self._case(number, plan, subject, place, centre)
        self._grade(case, plan)
        signed = None if plan.state in (State.REGISTERED, State.ACCEPTED, State.DISPATCHED) else self._signed(plan)
        made = Made(case, plan, subject, handler, signed if handler else None)
        self._progress(made)
        return made

    def _subject(self, plan: Planned) -> Subject:
        return self.subjects[plan.random.randrange(len(self.subjects))]

    def _where(self, plan: Planned) -> tuple[Territory, Organisation]:
        """Where it happened, and the centre that took it in: the county's, the town's or the village's own."""
        life = plan.living or plan.twin
        code = life.where if life else ""
        near = [
            place
            for place in (self.grids if plan.random.random() < 0.6 else self.villages)
            if place.code.startswith(code)
        ]
        place = plan.random.choice(near)
        if life and life.centre:
            return place, self.staff.centres[life.centre]
        if plan.group in ("county", "registered"):
            return place, self.staff.centres[COUNTY]
        return place, self.staff.centre_at(place.code[: 12 if plan.is_quick and plan.random.random() < 0.9 else 9])

    def _handler(
        self, plan: Planned, subject: Subject, centre: Organisation, year_began: datetime
    ) -> Organisation | None:
        if plan.state in (State.REGISTERED, State.ACCEPTED):
            return None
        if plan.living:
            return self.staff.organisations[plan.living.handler] if plan.living.handler else centre
        if plan.is_quick or len(centre.territory.code) == Level.VILLAGE:
            return centre
        if plan.group == "county":
            return self._room(plan, year_began) or self._department(subject, centre)
        ending = plan.random.choice(("司法所", "司法所", "调委会", "派出所"))
        return self.staff.organisations[f"{centre.territory.name}{ending}"]

    def _room(self, plan: Planned, year_began: datetime) -> Organisation | None:
        """The branded rooms take most of what the county's centre resolved in the last year, until they have theirs."""
        if not plan.is_resolved or plan.concluded is None or plan.concluded < year_began or plan.state != State.CLOSED:
            return None
        for name, left in self.rooms.items():
            if left:
                self.rooms[name] -= 1
                return self.staff.organisations[name]
        return None

    def _department(self, subject: Subject, centre: Organisation) -> Organisation:
        lead = DEPARTMENTS.get(subject.category[:2], "司法局")
        return self.staff.organisations.get(lead, centre)

    def _case(self, number: int, plan: Planned, subject: Subject, place: Territory, centre: Organisation) -> Case:
        registered = plan.accepted if plan.state == State.REGISTERED else self._registered(plan)
        clerk, _ = self.staff.window_of(centre)
        in_towns = centre.territory.code != COUNTY
        return Case(
            uid=demo_uid(number), title=subject.title, narrative=subject.narrative, request=subject.request,
            category_id=subject.category, channel=plan.random.choice(TOWN_CHANNELS if in_towns else COUNTY_CHANNELS),
            territory=place, centre=centre, holder=centre, tier=tier_of(centre),
            amount=subject.amount or None, created_by=clerk, registered_at=registered,
            accepted_at=None if plan.state == State.REGISTERED else plan.accepted,
            accepted_tier="" if plan.state == State.REGISTERED else tier_of(centre),
            is_fast_track=plan.is_quick and centre.territory.code == COUNTY,
        )  # fmt: skip

    def _registered(self, plan: Planned) -> datetime:
        """Some minutes before it was accepted; some lay over until then."""
        most = 8 if plan.is_quick else plan.random.choice((20, 45, 90, 200))
        return plan.accepted - timedelta(minutes=plan.random.randint(2, most))

    def _grade(self, case: Case, plan: Planned) -> None:
        """As complex as it took long, so that most were in time; a few took longer than they should."""
        case.risk = plan.living.risk if plan.living else plan.random.choice(RISKS)
        if plan.living or plan.concluded is None:
            case.complexity = plan.living.complexity if plan.living else Complexity.ORDINARY
            return
        days = (plan.concluded.date() - plan.accepted.date()).days
        fitting = [grade for grade, limit in LIMITS.items() if limit > days or (days == 0 and limit == 1)]
        late = plan.random.random() < 0.03 and days > 1
        case.complexity = Complexity.SIMPLE if late else (fitting or [Complexity.HARD])[0]

    def _signed(self, plan: Planned) -> datetime:
        """Signed for soon after; what was settled quickly, at once."""
        end = plan.concluded or plan.accepted + timedelta(hours=2)
        return min(
            plan.accepted + timedelta(minutes=plan.random.randint(15, 150)), plan.accepted + (end - plan.accepted) / 2
        )

    def _progress(self, made: Made) -> None:
        """State, holder and outcome."""
        case, plan = made.case, made.plan
        case.status = State(plan.state)
        case.status_before = State.HANDLING if case.status == State.SUSPENDED else ""
        if made.handler:
            case.holder = made.handler
        if plan.concluded is None:
            return
        case.holder, case.concluded_by, case.concluded_at = case.centre, made.handler, plan.concluded
        case.outcome_note = made.subject.result
        case.outcome = _way(made)
        if plan.is_resolved:
            case.solved_tier = case.tier
        else:
            case.outcome, case.road = Outcome.UNRESOLVED, Road.LITIGATION
            case.outcome_note = "双方分歧较大，多次调解未达成一致，已引导向人民法院起诉。"
        if case.status == State.CLOSED:
            lag = timedelta(minutes=4) if plan.is_quick else timedelta(hours=plan.random.randint(2, 30))
            case.closed_at = plan.concluded + lag


DEPARTMENTS = {
    "01": "妇联", "02": "司法局", "03": "公安局", "04": "住建局", "05": "公安局交管大队", "06": "市场监管局",
    "07": "人社局", "08": "司法局", "09": "农牧局", "11": "自然资源局", "12": "民政局",
}  # fmt: skip


def _way(made: Made) -> str:
    assert made.handler is not None
    if made.is_own:
        return Outcome.SETTLEMENT if made.plan.random.random() < 0.35 else Outcome.PEOPLES_MEDIATION
    return WAYS.get(OrganisationKind(made.handler.kind), Outcome.PEOPLES_MEDIATION)


def invented_cases() -> QuerySet[Case]:
    """The invented disputes of this county, and none that somebody registered."""
    return Case.objects.filter(uid__in=[demo_uid(number) for number in range(HOW_MANY)])


def demo_uid(number: int) -> UUID:
    """The entry number of an invented dispute: the same on every machine."""
    return uuid5(NAMESPACE_URL, f"zhongzhi:demo:case:{number}")
