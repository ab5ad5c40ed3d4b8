"""Cases that belong together, and who looks after a case beside those who handle it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from grids.queries import current_code_of
from intake.lifecycle import OPEN_STATES, State
from intake.models import (
    Case,
    LeaderInCharge,
    Merger,
    Party,
    RepeatLink,
    Suspension,
    SuspensionKind,
)
from intake.queries.cases import BY_DUE, cases_for_list, cases_visible_to
from intake.queries.complaints import answered_above
from intake.queries.violence import violence_of
from intake.search.queries import cases_named, is_restricted
from intake.sight import VILLAGE
from zhongzhi.accounts.models import User

AT_WORK = (State.REGISTERED, State.ACCEPTED, State.DISPATCHED, State.HANDLING)
"""States in which a case takes another in: what awaits review, rests or is done with does not."""


@dataclass(frozen=True)
class RelatedCases:
    """What belongs to a case: those merged into it, those it repeats, those that repeat it."""

    merged: list[Merger]
    undone: list[Merger]
    repeats_of: list[RepeatLink]
    repeated_by: list[RepeatLink]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.merged or self.undone or self.repeats_of or self.repeated_by)

    @property
    def cases(self) -> list[Case]:
        """The cases that are named."""
        mergers = [row.case for row in (*self.merged, *self.undone)]
        return [*mergers, *(row.earlier for row in self.repeats_of), *(row.case for row in self.repeated_by)]

    @property
    def case_ids(self) -> list[int]:
        """The cases that are named."""
        mergers = [row.case_id for row in (*self.merged, *self.undone)]
        return [*mergers, *(row.earlier_id for row in self.repeats_of), *(row.case_id for row in self.repeated_by)]


def related_cases_of(case: Case) -> RelatedCases:
    """The cases that belong to this one. A fixed number of queries."""
    mergers = list(case.mergers_into.select_related("case__created_by", "merged_by", "undone_by"))
    return RelatedCases(
        merged=[row for row in mergers if row.undone_at is None],
        undone=[row for row in mergers if row.undone_at is not None],
        repeats_of=list(case.repeats_of.select_related("earlier", "linked_by")),
        repeated_by=list(case.repeated_by.select_related("case", "linked_by")),
    )


def kindred_cases(
    user: User, case: Case, text: str = "", *, fitting: Q | None = None, limit: int = 12
) -> QuerySet[Case]:
    """For a search box: cases that may belong to this one, of those that are `fitting`.

    Without a text those of the same persons, and those of the same category at the same place.
    """
    rows = cases_for_list(user).exclude(pk=case.pk).exclude(status=State.MERGED).filter(fitting or Q())
    if text:
        return cases_named(rows, text, user).order_by("-id")[:limit]
    hashes = [pair for party in case.parties.all() for pair in party.hashes_alike]
    papers, phones = [paper for paper, _ in hashes if paper], [phone for _, phone in hashes if phone]
    same = Party.everyone.filter(Q(paper_hash__in=papers) | Q(phone_hash__in=phones)).filter(~is_restricted())
    beside = Q(category=case.category_id, territory=case.territory_id) if case.category_id else Q(pk__in=[])
    return rows.filter(Q(pk__in=same.values("case_id")) | beside).order_by("-id")[:limit]


def takes_in(case: Case) -> Q:
    """The cases that this one could be merged into: at work, and not opening to others what this one keeps back."""
    fitting = Q(status__in=AT_WORK)
    if case.is_restricted:
        fitting &= Q(is_restricted=True)
    if violence_of(case) is not None:
        fitting &= Q(violence__isnull=False)
    return fitting & answered_above(case)


def not_linked(case: Case) -> Q:
    """The cases of which this one is not known to be a repeat."""
    return ~Q(pk__in=case.repeats_of.values("earlier_id"))


def same_matter(user: User, *, category: str, territory: str, limit: int = 3) -> QuerySet[Case]:
    """Open cases in sight of the same category at the same place: the same matter, brought by somebody else."""
    if not category or len(territory) < VILLAGE:
        return Case.objects.none()
    rows = cases_for_list(user).filter(status__in=OPEN_STATES, category=category)
    return rows.filter(territory__current_code__startswith=current_code_of(territory)[:VILLAGE]).order_by("-id")[:limit]


def leaders_in_charge(case: Case) -> list[LeaderInCharge]:
    """Who leads or led the case, the present one first."""
    rows = case.leaders_in_charge.select_related("leader", "named_by")
    return list(rows.order_by(F("until").desc(nulls_first=True), "-since"))


def cases_in_charge_of(user: User) -> QuerySet[Case]:
    """Open cases that this leader leads (领导包案), the most urgent first."""
    led = LeaderInCharge.objects.filter(leader=user, until=None).values("case_id")
    return cases_for_list(user).filter(pk__in=led, status__in=OPEN_STATES).order_by(*BY_DUE)


def open_suspension(case: Case) -> Suspension | None:
    """The rest a suspended case is in."""
    return case.suspensions.filter(until__isnull=True).first()


def rests_of(case_ids: Collection[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """When cases rested that rest no more; nothing for those that never did."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    over = Suspension.objects.filter(case__in=case_ids, until__isnull=False).order_by("since", "pk")
    for pk, since, until in over.values_list("case_id", "since", "until"):
        if until is not None:
            found.setdefault(pk, []).append((since, until))
    return found


def open_list_cases(user: User) -> QuerySet[Case]:
    """The open list of what is hung up, in one's sight, the first day of review first."""
    return hung_up(cases_for_list(user))


def hung_up(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Of some cases those that are hung up, with the day of review as `review_on` and the rest they are in."""
    rests = Suspension.objects.filter(until__isnull=True).select_related("rested_by")
    rows = cases.filter(suspensions__until__isnull=True, suspensions__kind=SuspensionKind.HUNG_UP)
    return rows.annotate(review_on=F("suspensions__review_on")).prefetch_related(
        Prefetch("suspensions", rests, to_attr="open_rests")
    )


def visible_among(user: User, case_ids: Collection[int]) -> frozenset[int]:
    """Those of some cases that the person sees."""
    return frozenset(cases_visible_to(user).filter(pk__in=case_ids).values_list("pk", flat=True))


def only_on_open_list(cases: QuerySet[Case], *, yes: bool = True) -> QuerySet[Case]:
    """Those that are hung up now, or those that are not."""
    rests = Suspension.objects.filter(case=OuterRef("pk"), until__isnull=True, kind=SuspensionKind.HUNG_UP)
    return cases.filter(Exists(rests) if yes else ~Exists(rests))


def only_repeats(cases: QuerySet[Case], *, yes: bool = True) -> QuerySet[Case]:
    """Those linked as a repeat of an earlier case, or those that are not."""
    links = RepeatLink.objects.filter(case=OuterRef("pk"))
    return cases.filter(Exists(links) if yes else ~Exists(links))
