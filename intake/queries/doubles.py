"""The same person, or the same matter today, open elsewhere: what two windows have to know of each other."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from intake.lifecycle import OPEN_STATES
from intake.models import Case, Party, PartyRole, PartySide, RepeatLink
from intake.queries.cases import cases_for_list
from intake.queries.parties import known_parties
from intake.search.queries import is_restricted
from zhongzhi.accounts.models import User
from zhongzhi.core.numbering import codes_of_day, parse_case_code

SHOWN = 5
VILLAGE = 12
"""Digits of the code of a village or community."""


@dataclass(frozen=True)
class Doubles:
    """Open cases of the same person or matter: those in sight, and at which centres others are."""

    seen: list[Case]
    elsewhere: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.seen and not self.elsewhere

    @property
    def in_words(self) -> str:
        """One line for a message or a dialog."""
        told = [f"{row.code}（{row.centre}，{row.get_status_display()}）" for row in self.seen]
        return "；".join([*told, *(f"{name}另有在办案件" for name in self.elsewhere)])


def open_doubles(case: Case) -> QuerySet[Case]:
    """Open cases of an applicant of this case, whenever they came, and those of the same category at the same village
    that were registered today; none that are linked to it already, nor of somebody whose data are blocked."""
    applicants = [p for p in known_parties(case) if (p.side, p.role) == (PartySide.APPLICANT, PartyRole.PRINCIPAL)]
    free = [party for party in applicants if not party.restricted]  # type: ignore[attr-defined]
    hashes = [pair for party in free for pair in party.hashes_alike]
    papers, phones = [paper for paper, _ in hashes if paper], [phone for _, phone in hashes if phone]
    themselves = (PartyRole.PRINCIPAL, PartyRole.MEMBER)
    persons = Party.everyone.filter(side=PartySide.APPLICANT, role__in=themselves).filter(~is_restricted())
    same = persons.filter(Q(paper_hash__in=papers) | Q(phone_hash__in=phones)).order_by()
    linked = RepeatLink.objects.filter(Q(case=case) | Q(earlier=case))
    # two ways, each by its index: one condition for both would look at every open case there is
    either = same.values("case_id").union(_same_matter_today(case).values("pk"))
    rows = Case.objects.filter(pk__in=either, status__in=OPEN_STATES)
    known = Q(pk__in=linked.values("case_id")) | Q(pk__in=linked.values("earlier_id")) | Q(pk=case.pk)
    return rows.exclude(known).select_related("centre").order_by("-id")


def doubles_of(user: User, case: Case) -> Doubles:
    """What this person is told of them. Of cases out of sight only the centre, of complaints and those that are
    restricted nothing."""
    if case.status not in OPEN_STATES:
        return Doubles([], [])
    complaints = Party.objects.filter(case=OuterRef("pk"), role=PartyRole.ACCUSED)
    found = list(open_doubles(case).annotate(has_accused=Exists(complaints))[: SHOWN * 2])
    if not found:
        return Doubles([], [])
    sight = set(cases_for_list(user).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
    others = [row for row in found if row.pk not in sight and not row.has_accused and not row.is_restricted]
    elsewhere = sorted({str(row.centre) for row in others})
    seen: list[Case] = [row for row in found if row.pk in sight]
    return Doubles(seen[:SHOWN], elsewhere)


def came_today(case: Case) -> Q:
    """Registered today in the county of this case: codes begin with county and day."""
    return Q(code__startswith=codes_of_day(parse_case_code(str(case.code)).county, timezone.localdate()))


def _same_matter_today(case: Case) -> QuerySet[Case]:
    """Cases of the same category at the same village that came today."""
    place = case.territory.code if case.territory else ""
    if not case.category_id or len(place) < VILLAGE or not case.code:
        return Case.objects.none()
    return Case.objects.filter(came_today(case), category=case.category_id, territory__code__startswith=place[:VILLAGE])
