"""The rows behind a figure that are no cases: mediations, agreements, slips of supervision, hazards; in one's sight."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from grids.models import Hazard, Territory
from grids.queries import hazards_visible_to, place_itself, subtree
from intake.counting.queries import Measure, Slice
from intake.models import CasePlace, Guidance
from intake.queries import guidances_visible_to, places_concerned_visible_to
from mediation.models import Agreement, Mediation
from mediation.queries.visibility import agreements_for_list, as_seen_by, mediations_for_list
from referrals.models import Document
from referrals.queries import documents_as_seen, signed_documents_visible_to
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Line:
    """One row: what it is, about what, in which state, since when, where it opens."""

    title: str
    note: str
    state: str
    on: date | None
    link: str


@dataclass(frozen=True)
class Listing:
    """How the rows of one table are found and told. `within` says which lie at one of these places."""

    in_sight: Callable[[User], QuerySet[Any]]
    within: Callable[[QuerySet[Territory]], Q]
    line: Callable[[Any], Line]
    as_seen: Callable[[User, Iterable[Any]], Sequence[Any]]

    def counted(self, user: User, measure: Measure, of: Slice, *, alone: bool = False) -> QuerySet[Any]:
        """The rows of a measure in this reader's sight; everywhere for those without a territory. `alone` leaves out
        what lies below the place."""
        rows = self.in_sight(user).filter(measure.rows(of.start, of.end))
        return rows.filter(self.within(place_itself(of.place) if alone else subtree(of.place))) if of.place else rows

    def lines_of(self, user: User, rows: list[Any]) -> list[Line]:
        """A page of them, as this reader may see them."""
        return [self.line(row) for row in self.as_seen(user, rows)]


def _mediation(row: Mediation) -> Line:
    note = f"{row.case.title} · {row.body.organisation.name}"
    link = reverse("mediation:mediation", args=[row.uid])
    day = timezone.localdate(row.ended_at) if row.ended_at else None
    return Line(row.get_mode_display(), note, row.get_status_display(), day, link)


def _agreement(row: Agreement) -> Line:
    state = f"{row.get_status_display()}{'，已司法确认' if row.confirmed else ''}"
    note = f"{row.mediation.case.title} · {row.mediation.body.organisation.name}"
    return Line(str(row), note, state, row.in_force_on, reverse("mediation:mediation", args=[row.mediation.uid]))


def _document(row: Document) -> Line:
    day = timezone.localdate(row.signed_at) if row.signed_at else None
    note = f"{row.subject} · 主送 {row.addressee_name}"
    return Line(row.number or "", note, row.get_status_display(), day, reverse("referrals:document", args=[row.uid]))


def _guidance(row: Guidance) -> Line:
    note = f"{row.case.code} · {row.receiver_name}"
    state = row.get_end_display() or ("已签收" if row.signed_at else "在途")
    link = reverse("workbench:dossier", args=[row.case.code])
    return Line(row.get_way_display(), note, state, timezone.localdate(row.guided_at), link)


def _concerned(row: CasePlace) -> Line:
    note = f"{row.case.code} · 由{row.case.territory.full_name}牵头" if row.case.territory else str(row.case.code)
    link = reverse("workbench:dossier", args=[row.case.code])
    day = timezone.localdate(row.noted_at) if row.noted_at else None
    return Line(row.territory.full_name, note, row.case.get_status_display(), day, link)


def _hazard(row: Hazard) -> Line:
    note = f"{row.territory.full_name} · {row.narrative[:60]}"
    link = reverse("field:hazard", args=[row.uid])
    return Line(row.get_kind_display(), note, row.get_status_display(), timezone.localdate(row.found_at), link)


def _slips_at(here: QuerySet[Territory]) -> Q:
    return Q(case__territory__in=here) | Q(case=None, addressee__territory__in=here)


def _as_they_are(user: User, rows: Iterable[Any]) -> Sequence[Any]:
    return list(rows)


LISTINGS: dict[type[Model], Listing] = {
    Mediation: Listing(mediations_for_list, lambda here: Q(case__territory__in=here), _mediation, as_seen_by),
    Agreement: Listing(
        agreements_for_list, lambda here: Q(mediation__case__territory__in=here), _agreement, as_seen_by
    ),
    Document: Listing(signed_documents_visible_to, _slips_at, _document, documents_as_seen),
    Guidance: Listing(guidances_visible_to, lambda here: Q(case__territory__in=here), _guidance, _as_they_are),
    CasePlace: Listing(places_concerned_visible_to, lambda here: Q(territory__in=here), _concerned, _as_they_are),
    Hazard: Listing(hazards_visible_to, lambda here: Q(territory__in=here), _hazard, _as_they_are),
}
