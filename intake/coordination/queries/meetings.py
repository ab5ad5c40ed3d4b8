"""Reads of coordination meetings: whose, their agenda, and what belongs on the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left

from grids.models import Organisation, Territory
from grids.queries import centres_served_by, subtree
from grids.scope import scope_of
from intake.coordination.models import AgendaItem, AgendaReason, CoordinationMeeting, MeetingKind
from intake.deadlines.models import Clock
from intake.lifecycle import OPEN_STATES, State
from intake.models import Case, Channel, Complexity, Party, Risk
from intake.permissions import may_meet_at
from intake.queries import note_look
from intake.queries.veiling import veil_all
from intake.sight import cases_in_words, keys_in_words
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

MOST_NEW, MOST_HARD = 300, 100
PERIOD = {MeetingKind.WEEKLY: 7, MeetingKind.MONTHLY: 31}
"""Days that an analysis looks back."""
IMPORTED = (Channel.HOTLINE, Channel.PETITION, Channel.POLICE_CALL)
UNDER_WAY = (State.DISPATCHED, State.HANDLING, State.CONCLUDED)


@dataclass(frozen=True)
class Candidate:
    """A case that belongs on the agenda, and why."""

    case_id: int
    reason: AgendaReason


def meeting_centres(user: User) -> list[Organisation]:
    """The centres at which the person holds the meeting, widest first."""
    return [centre for centre in centres_served_by(user) if may_meet_at(user, centre)]


def meetings_visible_to(user: User) -> QuerySet[CoordinationMeeting]:
    """Meetings of one's own centres and of those below one's territory, the latest first, with their counts."""
    scope = scope_of(user)
    sight = Q(centre_id__in=sorted(scope.organisation_ids)) | scope.case_filter("centre__territory__")
    rows = CoordinationMeeting.objects.filter(sight).select_related("centre__territory", "opened_by")
    decided = Count("items", filter=~Q(items__decision=""))
    return rows.annotate(total=Count("items"), decided=decided).order_by("-id")


def meeting_visible_to(user: User, pk: int) -> CoordinationMeeting:
    """One of them; NotFound else."""
    meeting = meetings_visible_to(user).filter(pk=pk).first()
    if meeting is None:
        raise NotFound("没有找到这次碰头会。")
    return meeting


def agenda_for(user: User, meeting: CoordinationMeeting) -> Sequence[AgendaItem]:
    """The agenda as one reader sees it: of the cases in their sight, and those masked where they are masked to them."""
    rows = items_of(meeting).filter(case__in=keys_in_words(user))
    return veil_all(user, rows, lambda item: item.case, "note")


def item_for(user: User, meeting: CoordinationMeeting, pk: int) -> AgendaItem:
    """One item of a case in sight, as its reader sees it; NotFound for none."""
    found = item_of(meeting, pk)
    if not cases_in_words(user).filter(pk=found.case_id).exists():
        raise NotFound("议程里没有这一项。")
    note_look(user, found.case)
    return veil_all(user, [found], lambda item: item.case, "note")[0]


def items_of(meeting: CoordinationMeeting) -> QuerySet[AgendaItem]:
    """The agenda in its order, with what a list of it shows. A fixed number of queries."""
    rows = meeting.items.select_related(
        "case__category", "case__territory", "case__centre", "case__holder", "lead", "target", "decided_by"
    )
    return rows.prefetch_related("co_handlers").order_by("ordinal", "pk")


def item_of(meeting: CoordinationMeeting, pk: int) -> AgendaItem:
    """One item with its case whole; NotFound for none."""
    applicants = Party.objects.filter(role="principal").order_by("ordinal", "pk")
    rows = items_of(meeting).select_related("case__category__parent", "case__centre__territory", "meeting__centre")
    item = rows.prefetch_related(Prefetch("case__parties", applicants, to_attr="principals"), "case__handlings")
    found = item.filter(pk=pk).first()
    if found is None:
        raise NotFound("议程里没有这一项。")
    return found


def next_undecided(user: User, meeting: CoordinationMeeting, after: int) -> AgendaItem | None:
    """The next item in sight without a decision behind this place of the agenda, or else the first of all."""
    left = meeting.items.filter(decision="", case__in=keys_in_words(user)).order_by("ordinal", "pk")
    return left.filter(ordinal__gt=after).first() or left.first()


def is_of(meeting: CoordinationMeeting, case: Case) -> bool:
    """Whether a meeting discusses a case: its centre's own, or of its territory where it looks at all of it."""
    if not meeting.is_analysis or case.territory is None:
        return case.centre_id == meeting.centre_id
    return bool(case.territory.current_code.startswith(meeting.centre.territory.current_code))


def agenda_candidates(meeting: CoordinationMeeting) -> list[Candidate]:
    """What belongs on a meeting's agenda by itself."""
    return _of_territory(meeting) if meeting.is_analysis else _of_day(meeting.centre)


def _of_territory(meeting: CoordinationMeeting) -> list[Candidate]:
    """The open cases of the territory that are hard, at risk, hung up or late, and whose limit lapsed in the period."""
    since = meeting.opened_at - timedelta(days=PERIOD[MeetingKind(meeting.kind)])
    places = subtree(meeting.centre.territory.current_code).values("pk")
    lapses = Clock.objects.filter(case=OuterRef("pk"), breached_at__gte=since)
    rows = Case.objects.filter(territory__in=places, status__in=OPEN_STATES).annotate(late=Exists(lapses))
    grave = Q(complexity=Complexity.HARD) | Q(risk__in=[Risk.RED, Risk.ORANGE])
    kept = rows.filter(grave | Q(status=State.SUSPENDED) | Q(late=True)).order_by("registered_at", "id")
    return [Candidate(case.pk, _reason_of_open(case)) for case in kept[:MOST_HARD]]


def _reason_of_open(case: Case) -> AgendaReason:
    if case.status == State.SUSPENDED:
        return AgendaReason.HUNG_UP
    if case.risk in (Risk.RED, Risk.ORANGE):
        return AgendaReason.RISK
    return AgendaReason.HARD if case.complexity == Complexity.HARD else AgendaReason.LAPSED


def _of_day(centre: Organisation) -> list[Candidate]:
    """Of the centre's own: new and unsorted cases, then open ones that are hard, at risk or overdue.

    At most 300 and 100 of them: the rest is for the lists, not for a sitting.
    """
    own = Case.objects.filter(centre=centre)
    new = own.filter(status__in=[State.REGISTERED, State.ACCEPTED]).order_by("registered_at", "id")[:MOST_NEW]
    found = [Candidate(case.pk, _reason_of_new(case)) for case in new]
    passed = Clock.objects.filter(case=OuterRef("pk"), stopped_at=None, paused_at=None, breached_at__isnull=False)
    open_ones = own.filter(status__in=UNDER_WAY).annotate(late=Exists(passed))
    hard = open_ones.filter(Q(late=True) | Q(complexity=Complexity.HARD) | Q(risk__in=[Risk.RED, Risk.ORANGE]))
    found += [Candidate(case.pk, _reason_of_hard(case)) for case in hard.order_by("registered_at", "id")[:MOST_HARD]]
    return found


@dataclass(frozen=True)
class AtRisk:
    """Open cases of a place: red and orange, hard, hung up, and whose limit lapsed in the period."""

    risky: int = 0
    hard: int = 0
    hung_up: int = 0
    lapsed: int = 0

    @property
    def figures(self) -> tuple[int, ...]:
        """In the order of a table."""
        return self.risky, self.hard, self.hung_up, self.lapsed


def at_risk_by_place(place: Territory, since: datetime, length: int) -> dict[str, AtRisk]:
    """The open cases at risk of each place of a level below, by its code."""
    lapses = Exists(Clock.objects.filter(case=OuterRef("pk"), breached_at__gte=since))
    rows = Case.objects.filter(territory__in=subtree(place.current_code).values("pk"), status__in=OPEN_STATES)
    below = rows.annotate(below=Left("territory__current_code", length), late=lapses).values("below")
    counted = below.annotate(
        risky=Count("pk", filter=Q(risk__in=[Risk.RED, Risk.ORANGE])),
        hung_up=Count("pk", filter=Q(status=State.SUSPENDED)),
        hard=Count("pk", filter=Q(complexity=Complexity.HARD)), lapsed=Count("pk", filter=Q(late=True)),
    )  # fmt: skip
    return {row["below"]: AtRisk(row["risky"], row["hard"], row["hung_up"], row["lapsed"]) for row in counted}


def left_over(centre: Organisation) -> int:
    """How many new cases did not fit on the agenda."""
    new = Case.objects.filter(centre=centre, status__in=[State.REGISTERED, State.ACCEPTED])
    return max(0, new.count() - MOST_NEW)


def _reason_of_new(case: Case) -> AgendaReason:
    if case.status == State.ACCEPTED:
        return AgendaReason.RETURNED
    if case.channel in IMPORTED:
        return AgendaReason.IMPORTED
    return AgendaReason.REPORTED if case.channel == Channel.ONLINE else AgendaReason.UNSORTED


def _reason_of_hard(case: Case) -> AgendaReason:
    if case.risk in (Risk.RED, Risk.ORANGE):
        return AgendaReason.RISK
    return AgendaReason.HARD if case.complexity == Complexity.HARD else AgendaReason.OVERDUE
