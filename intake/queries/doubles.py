"""The same person, or the same matter today, open elsewhere: what two windows have to know of each other."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BinaryField, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from grids.models import Territory
from intake.lifecycle import OPEN_STATES
from intake.models import Case, Party, PartyRole, PartySide, RepeatLink
from intake.queries.cases import cases_for_list
from intake.queries.parties import known_parties
from intake.search.queries import is_restricted
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import has_older_hash_keys
from zhongzhi.core.days import today
from zhongzhi.core.numbering import codes_of_day, parse_case_code
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.periods import TODAY
from zhongzhi.rows.statements import Given, PreparedRows

SHOWN = 5
MOST_ALIKE = 500
"""Rows of the same person that are looked at, the newest: a hotline's own number stands in thousands."""
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


def open_doubles(case: Case, *, most: int, today_only: bool = False) -> list[Case]:
    """Open cases of an applicant of this case, whenever they came, and those of the same category at the same village
    that were registered today, the newest first; none that are linked to it already, nor of somebody whose data are
    blocked. Each with its centre, and `has_accused`: whether it is a complaint about somebody."""
    applicants = [p for p in known_parties(case) if (p.side, p.role) == (PartySide.APPLICANT, PartyRole.PRINCIPAL)]
    free = [party for party in applicants if not party.restricted]  # type: ignore[attr-defined]
    hashes = [pair for party in free for pair in party.hashes_alike]
    place = case.territory.code if case.territory else ""
    has_matter = case.category_id and len(place) >= VILLAGE
    given: dict[str, Any] = {
        "case": case.pk,
        "papers": [paper for paper, _ in hashes if paper],
        "phones": [phone for _, phone in hashes if phone],
        "category": case.category_id if has_matter else "",
        "village": place[:VILLAGE],
        "codes": codes_of_day(parse_case_code(str(case.code)).county, today()),
        "day": today(),
        "midnight": timezone.make_aware(datetime.combine(today(), time.min)),
    }
    alike = PreparedRows(_alike(None)) if has_older_hash_keys() else _ALIKE
    if not (keys := alike.read(**given)):
        return []
    return _open_ones(today_only, most).read(keys=keys, case=given["case"], codes=given["codes"])


THIS, CODES = Given("case", BigIntegerField()), Given("codes", CharField())
PAPERS, PHONES = (Given(name, ArrayField(BinaryField())) for name in ("papers", "phones"))


def _of_persons() -> QuerySet[Party]:
    """The rows of the same persons."""
    themselves = Party.everyone.filter(side=PartySide.APPLICANT, role__in=(PartyRole.PRINCIPAL, PartyRole.MEMBER))
    return themselves.filter(among("paper_hash", PAPERS) | among("phone_hash", PHONES)).order_by()


def _of_matter() -> QuerySet[Case]:
    """The same matter at the same village, of today: codes begin with county and day. Looked for at the place since
    midnight, not among all that the county registered today."""
    village = Territory.objects.filter(code__startswith=Given("village", CharField()))
    here = Case.objects.filter(
        among("territory_id", village.values("pk")), registered_at__gte=Given("midnight", DateTimeField())
    )
    return here.filter(code__startswith=CODES, category=Given("category", CharField())).order_by()


def _alike(day: Given | None) -> QuerySet[Any, Any]:
    """The keys of the cases of either. Two ways lead to them, each by its index; one condition for both would look at
    every open case there is. Apart from the cases themselves: the plan that is made once for all values (of how many
    days, of which village) would else begin with them."""
    same = _of_persons().filter(~is_restricted(day)).exclude(case=THIS)
    by_hash = same.order_by((F("case_id") + 0).desc())  # not along the index of cases: mostly there is nobody
    newest = by_hash.values_list("case_id", flat=True)[:MOST_ALIKE]
    return newest.union(_of_matter().exclude(pk=THIS).values_list("pk", flat=True))


_ALIKE = PreparedRows(_alike(TODAY))


@cache
def _open_ones(today_only: bool, most: int) -> PreparedRows[Case]:
    """Those of some cases that are open and not linked to this one, the newest first."""
    linked = RepeatLink.objects.filter(Q(case=THIS) | Q(earlier=THIS))
    rows = Case.objects.filter(among("pk", THESE_KEYS), status__in=OPEN_STATES)
    known = Q(pk__in=linked.values("case_id")) | Q(pk__in=linked.values("earlier_id"))
    rows = rows.exclude(known).select_related("centre__territory", "category", "territory").order_by("-id")
    complaints = Party.objects.filter(case=OuterRef("pk"), role=PartyRole.ACCUSED)
    rows = rows.annotate(has_accused=Exists(complaints))
    return PreparedRows((rows.filter(code__startswith=CODES) if today_only else rows)[:most])


def doubles_of(user: User, case: Case) -> Doubles:
    """What this person is told of them. Of cases out of sight only the centre, of complaints and those that are
    restricted nothing."""
    if case.status not in OPEN_STATES:
        return Doubles([], [])
    found = open_doubles(case, most=SHOWN * 2)
    if not found:
        return Doubles([], [])
    sight = set(cases_for_list(user).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
    open_ones = [row for row in found if row.pk not in sight and not row.is_restricted]
    others = [row for row in open_ones if not row.has_accused]  # type: ignore[attr-defined]
    elsewhere = sorted({str(row.centre) for row in others})
    seen: list[Case] = [row for row in found if row.pk in sight]
    return Doubles(seen[:SHOWN], elsewhere)
