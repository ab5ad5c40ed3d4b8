"""To which organisation a case would go: what became of the cases most like it, the usual one of its category, or the
justice office at its place. Always a suggestion; how often it is taken is counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from grids.models import Organisation, OrganisationKind
from intake.models import Case, CloseReason, Handling, HandlingKind, HandlingPart, SuggestedBy
from intake.queries.organisations import reachable_organisations
from intake.queries.similar import likest

NEAREST, LEAST, SHARE = 12, 5, 0.6
"""So many of the cases most like one are looked at; so many must have been ended by whom they were handed to, and that
share by one organisation, before they speak for it."""


@dataclass(frozen=True)
class SuggestedLead:
    """Whom a case would usually go to, and why."""

    organisation: Organisation
    why: str
    by: SuggestedBy


@dataclass(frozen=True)
class Taken:
    """How often one ground spoke for an organisation, and how often the case went there."""

    ground: SuggestedBy
    suggested: int
    taken: int

    @property
    def percent(self) -> str:
        """The share that was taken."""
        return f"{self.taken * 100 / self.suggested:.1f}%" if self.suggested else "—"


def suggested_lead(case: Case) -> SuggestedLead | None:
    """Who ended most of the cases like it, else the usual lead of its category, else the justice office at its place,
    all within reach; None for a case without category, and where none of them is there."""
    if case.category is None:
        return None
    reachable = list(reachable_organisations(case, limit=60))
    return _of_nearest(case, reachable) or _of_category(case, reachable) or _of_place(reachable)


def suggestions_taken(since: datetime) -> list[Taken]:
    """Of the cases handed out since then, by the ground of the suggestion that stood beside."""
    rows = Handling.objects.filter(opened_at__gte=since).exclude(suggested=None)
    counted = rows.values("suggested_by").annotate(
        n=Count("pk"), taken=Count("pk", filter=Q(organisation=F("suggested")))
    )
    found = {row["suggested_by"]: row for row in counted.order_by("suggested_by")}
    return [Taken(ground, found[ground]["n"], found[ground]["taken"]) for ground in SuggestedBy if ground in found]


def _of_nearest(case: Case, reachable: Sequence[Organisation]) -> SuggestedLead | None:
    """Numbers alone are said of those cases: whoever reads them may not see each."""
    near = likest(case)[:NEAREST]
    if len(near) < LEAST:
        return None
    ended = Handling.objects.filter(
        case__in=near, case__is_restricted=False, kind=HandlingKind.DISPATCH, part=HandlingPart.LEAD
    ).filter(close_reason=CloseReason.CONCLUDED)
    leads = dict(ended.order_by("closed_at", "pk").values_list("case_id", "organisation_id"))
    if len(leads) < LEAST:
        return None
    pk, number = Counter(leads.values()).most_common(1)[0]
    found = next((one for one in reachable if one.pk == pk), None)
    if found is None or number < SHARE * len(leads):
        return None
    why = f"案情最相近、已办完的 {len(leads)} 件中，{number} 件由{found.short_name}办完"
    return SuggestedLead(found, why, SuggestedBy.NEAREST)


def _of_category(case: Case, reachable: Sequence[Organisation]) -> SuggestedLead | None:
    category = case.category
    if category is None or not category.default_lead:
        return None
    usual = next((one for one in reachable if getattr(one, "rank", 9) == 0), None)
    if usual is None:
        return None
    return SuggestedLead(usual, f"“{category.name}”通常由{usual.short_name}主办", SuggestedBy.CATEGORY)


def _of_place(reachable: Sequence[Organisation]) -> SuggestedLead | None:
    near = (o for o in reachable if getattr(o, "rank", 9) == 1 and o.kind == OrganisationKind.JUSTICE_OFFICE)
    office = next(near, None)
    return None if office is None else SuggestedLead(office, "发生地的司法所", SuggestedBy.PLACE)
