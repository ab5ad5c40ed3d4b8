"""Which mediations a person sees, and single ones by their uid with what a page of them needs."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from grids.models import Organisation
from grids.queries import dispatch_targets
from grids.queries.places import targets_around
from grids.scope import Scope, once_a_scope, scope_of, written_once
from intake.models import Case
from intake.queries import note_look
from intake.queries.veiling import veil_all, veiled
from intake.sight import keys_in_words
from mediation.lifecycle import OPEN_STATES, AgreementState
from mediation.models import (
    Agreement,
    Body,
    Booking,
    Confirmation,
    Instalment,
    Mediation,
    Mediator,
    Obligation,
    Room,
    Session,
    Team,
)
from mediation.models.triggers import TO_CONFIRM
from zhongzhi.accounts.models import User
from zhongzhi.core.days import today as day_today
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.arrays import among
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given

NOT_FOUND = "没有找到，或者它不在您的查看范围内。"
RowT = TypeVar("RowT")
RELATED = (
    *("case__category", "case__centre", "case__territory", "body__organisation", "entrusted_by", "team"),
    *("undisputed", "court_return"),
)


@once_a_scope
def mediations_visible_to(user: User) -> QuerySet[Mediation]:
    """The mediations of the cases in a person's sight; those in hand at one's own organisation among them."""
    return Mediation.objects.filter(case__in=keys_in_words(user))


def mediations_in_sight(user: User) -> RawSQL:
    """The keys of those, for lists of what hangs on mediations."""
    return written_once(scope_of(user), _in_sight)


def _in_sight(scope: Scope) -> QuerySet[Mediation, int]:
    return mediations_visible_to(scope.user).values_list("pk", flat=True)


@once_a_scope
def mediations_for_list(user: User) -> QuerySet[Mediation]:
    """Mediations in sight with what a line of a list shows."""
    return with_line(mediations_visible_to(user))


def with_line(rows: QuerySet[Mediation]) -> QuerySet[Mediation]:
    """What a line of a list of mediations shows."""
    return rows.select_related(*RELATED, "handling").prefetch_related("mediators")


def mediation_visible_to(user: User, uid: UUID) -> Mediation:
    """One mediation; NotFound when it is not in sight or not there."""
    row = mediations_visible_to(user).select_related(*RELATED, "handling", "opened_by").filter(uid=uid).first()
    return _looked_at(user, row, row.case if row else None)


def _looked_at(user: User, row: RowT | None, case: Case | None) -> RowT:
    """One thing of a case in sight, the case as its reader may see it; NotFound for none."""
    if row is None or case is None:
        raise NotFound(NOT_FOUND)
    note_look(user, case)
    veiled(user, case)
    return row


def mediations_of(case: Case) -> list[Mediation]:
    """The mediations of a case, the latest first."""
    rows = case.mediations.select_related("body__organisation", "handling").prefetch_related("mediators")
    return list(rows.order_by("-pk"))


def session_visible_to(user: User, uid: UUID) -> Session:
    """One session; NotFound else."""
    rows = Session.objects.filter(mediation__in=mediations_in_sight(user))
    related = [f"mediation__{name}" for name in RELATED]
    row = rows.select_related(*related, "mediation__handling", "room").filter(uid=uid).first()
    return _looked_at(user, row, row.mediation.case if row else None)


def agreement_visible_to(user: User, uid: UUID) -> Agreement:
    """One agreement; NotFound else."""
    row = agreements_for_list(user).filter(uid=uid).first()
    return _looked_at(user, row, row.mediation.case if row else None)


def agreements_for_list(user: User) -> QuerySet[Agreement]:
    """Agreements in sight, with their obligations."""
    return with_terms(Agreement.objects.filter(mediation__in=mediations_in_sight(user)))


def with_terms(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """What a line of a list of agreements shows: their mediation, and their obligations."""
    related = [f"mediation__{name}" for name in RELATED]
    return with_obligations(rows.select_related(*related, "mediation__handling"))


def with_obligations(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Obligations, their parts and what was done of them, prefetched; those by the list of a group have pages of their
    own."""
    parts = Instalment.objects.prefetch_related("performances__proofs__attachment__file").order_by("ordinal")
    typed = Obligation.objects.filter(by_list=False)
    obligations = typed.select_related("debtor", "creditor").order_by("ordinal")
    return rows.prefetch_related(
        Prefetch("obligations", obligations.prefetch_related(Prefetch("instalments", parts))),
        "signings__party",
        "signings__mediator",
    )


def instalment_visible_to(user: User, uid: UUID) -> Instalment:
    """One part of an obligation; NotFound else."""
    row = instalments_for_list(user).filter(uid=uid).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def instalments_for_list(user: User) -> QuerySet[Instalment]:
    """Parts of obligations of agreements in force, in sight, with what a line shows."""
    rows = Instalment.objects.filter(obligation__agreement__mediation__in=mediations_in_sight(user))
    return with_agreement(
        rows.exclude(obligation__agreement__status__in=[AgreementState.DRAFT, AgreementState.REPLACED])
    )


def with_agreement(rows: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """What a line of a list of parts of obligations shows."""
    related = rows.select_related(
        "obligation__debtor",
        "obligation__creditor",
        "obligation__agreement__mediation__case__centre",
        "obligation__agreement__mediation__body__organisation",
    )
    return related.prefetch_related("performances", "obligation__agreement__mediation__case__handlings")


def confirmation_visible_to(user: User, uid: UUID) -> Confirmation:
    """One confirmation; NotFound else."""
    row = confirmations_for_list(user).filter(uid=uid).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def confirmations_for_list(user: User) -> QuerySet[Confirmation]:
    """Confirmations in sight, with what a line shows."""
    return with_court(Confirmation.objects.filter(agreement__mediation__in=mediations_in_sight(user)))


def with_court(rows: QuerySet[Confirmation]) -> QuerySet[Confirmation]:
    """What a line of a list of confirmations shows."""
    return rows.select_related(
        "court", "agreement__mediation__case__centre", "agreement__mediation__body__organisation"
    )


def agreements_to_confirm(user: User, today: date | Given) -> QuerySet[Agreement]:
    """In force, still in time, not about a status, never applied for: those that may go to the court."""
    asked = Confirmation.objects.filter(agreement=OuterRef("pk"))
    return agreements_for_list(user).filter(TO_CONFIRM, ~Exists(asked), confirm_by__gte=today)


def my_open_mediations(user: User) -> QuerySet[Mediation]:
    """Open mediations that one leads oneself, or of one's own organisation."""
    opened = Mediation.objects.filter(status__in=OPEN_STATES, handling__closed_at__isnull=True)
    # each of the two by its index: one condition for both would look at every open mediation there is
    own, led = opened.filter(_of_own_bodies(user)), opened.filter(_led(user))
    mine = among("pk", own.values("pk")) | among("pk", led.values("pk"))
    return mediations_for_list(user).filter(mine).order_by("opened_at")


def my_mediations(user: User) -> QuerySet[Mediation]:
    """Mediations that one leads oneself, or of one's own organisation, open or over."""
    return Mediation.objects.filter(_of_own_bodies(user) | _led(user))


def _of_own_bodies(user: User) -> Q:
    return Q(body__organisation_id__in=sorted(scope_of(user).organisation_ids))


def _led(user: User) -> Q:
    rows = Mediation.mediators.through.objects.filter(mediator__user=user)
    return Q(pk__in=rows.values("mediation_id"))


def people_who_mediate(case: Case) -> list[User]:
    """The mediators of the open mediations of a case who have an account."""
    rows = Mediator.objects.filter(mediations__case=case, mediations__status__in=OPEN_STATES, user__is_active=True)
    return [row.user for row in rows.select_related("user").distinct() if row.user is not None]


def bodies_in_reach(centre: Organisation | None) -> QuerySet[Body]:
    """Bodies that a centre may let mediate: the nearest first (same place, then the rest)."""
    return _bodies_around(centre.pk, centre.territory.current_code) if centre is not None else Body.objects.none()


def bodies_near(centre: Organisation | None) -> list[Body]:
    """The same, read at once."""
    return _read_around(centre.pk, centre.territory.current_code, day_today()).read() if centre is not None else []


@lru_cache(maxsize=128)
def _read_around(centre: int, code: str, day: date) -> RememberedRows[Body]:
    """Written once for a centre and a day: what is in force depends on it."""
    return RememberedRows(_bodies_around(centre, code))


def _bodies_around(centre: int, code: str) -> QuerySet[Body]:
    near = Q(organisation__in=targets_around(code)) | Q(organisation=centre)
    rows = Body.objects.filter(near, ends_on__isnull=True).select_related("organisation__territory")
    return rows.order_by("-organisation__territory__code", "pk")


def mediators_in_reach(centre: Organisation | None) -> QuerySet[Mediator]:
    """Mediators in office of those bodies."""
    rows = Mediator.objects.filter(body__in=bodies_in_reach(centre), ends_on__isnull=True)
    return rows.select_related("body__organisation__territory").order_by("-body__organisation__territory__code", "pk")


def mediators_in_office() -> QuerySet[Mediator]:
    """All mediators in office, with their body."""
    return Mediator.objects.filter(ends_on__isnull=True).select_related("body__organisation")


def mediators_of_body(body: Body) -> QuerySet[Mediator]:
    """Mediators in office of one body."""
    return body.mediators.filter(ends_on__isnull=True).order_by("pk")


def rooms_for(mediation: Mediation) -> QuerySet[Room]:
    """Rooms of the mediating body."""
    return Room.objects.filter(body=mediation.body, is_active=True)


def teams() -> QuerySet[Team]:
    """The named linkages in use."""
    return Team.objects.filter(is_active=True)


def courts_in_reach(centre: Organisation | None, *kinds: str) -> QuerySet[Organisation]:
    """Courts (or other kinds) a centre may reach."""
    rows = dispatch_targets(centre) if centre else Organisation.objects.none()
    return rows.filter(kind__in=kinds).order_by("-territory__code", "pk")


def as_seen_by(user: User, rows: Iterable[RowT], *names: str) -> Sequence[RowT]:
    """Rows of mediation for a list, with the titles of their cases and these texts as the reader may see them."""
    return veil_all(user, rows, _case_of, *names)


def _case_of(row: Any) -> Case:
    for name in ("session", "obligation", "agreement", "mediation"):
        row = getattr(row, name, row)
    return row.case  # type: ignore[no-any-return]


def bookings_between(user: User, starts: object, ends: object) -> QuerySet[Booking]:
    """What is booked in a span of time, of mediations in sight: for the calendar."""
    rows = Booking.objects.filter(
        session__mediation__in=mediations_in_sight(user), period__overlap=(starts, ends), mediator__isnull=False
    )
    return rows.select_related(
        "mediator", "session__room", "session__mediation__case", "session__mediation__body__organisation"
    ).order_by("session__starts_at", "pk")
