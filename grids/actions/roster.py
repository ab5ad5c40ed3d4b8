"""Acts on the rosters: appoint, correct, end, hand over, and look at a phone number."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from grids.actions.accounts import follow_end, follow_start
from grids.actions.rules import check_person, check_service, kept_apart, place_of_service
from grids.entries import PersonEntry, ServiceEntry
from grids.models import Beat, Handover, RosterPerson, Service, ServiceKind, Territory
from grids.permissions import may_keep_beats, may_keep_roster_of, may_reveal_person_at
from grids.queries import full_time_worker, open_services, services
from grids.queries.hazards import open_matters_at
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text, required_text

NOT_KEEPER = "只有负责该区域的综治中心负责人或研判分流员可以维护名册。"


@transaction.atomic
def appoint(
    entry: ServiceEntry, person: RosterPerson | PersonEntry, *, actor: User, starts_on: date | None = None
) -> Service:
    """Let a person serve a place from a day on (today by default).

    An account that the person has gets the matching post with it. Raises RuleViolation with the faults by field: a
    grid that has its full-time worker (who is named), a kind that does not fit the place, a day in the place's past.
    """
    service = _appointed(entry, person, actor, starts_on or entry.starts_on or timezone.localdate())
    record(actor, Verb.SERVICE_STARTED, service, kind=service.kind, place=_place_key(service), person=service.person_id)
    return service


@transaction.atomic
def correct_service(
    service: Service,
    *,
    actor: User,
    person: PersonEntry,
    title: str = "",
    households: int | None = None,
    households_note: str = "",
) -> Service:
    """Correct what is known of a person and the service; place and kind stay: a change of those is a new service.

    An empty phone or identity number means as before: they are never shown, so they cannot be sent back.
    """
    service = _locked(service)
    require(may_keep_roster_of(actor, place_of_service(service)), NOT_KEEPER)
    checked = check_person(person, known=service.person)
    service.title = clean_text(title, field="title", max_length=40)
    service.households, service.households_note = households, clean_text(households_note, max_length=200)
    check_service(service)
    changed = _write_person(service.person, checked)
    with kept_apart(service):
        service.save(update_fields=["title", "households", "households_note"])
    record(actor, Verb.SERVICE_CORRECTED, service, fields=changed)
    return service


@transaction.atomic
def end_service(service: Service, *, actor: User, ends_on: date, reason: str = "") -> Service:
    """End a period of service on a day (no longer served from it on); the row stays as history."""
    service = _locked(service)
    require(may_keep_roster_of(actor, place_of_service(service)), NOT_KEEPER)
    stop_service(service, ends_on, clean_text(reason, field="reason", max_length=100))
    record(actor, Verb.SERVICE_ENDED, service, ends_on=ends_on)
    return service


@transaction.atomic
def hand_over(
    place: Territory, successor: RosterPerson | PersonEntry, *, actor: User, happens_on: date, note: str = ""
) -> Handover:
    """Pass a grid from its full-time worker to the next one on a day; what is open goes along and is listed.

    Raises InvalidTransition for a grid without a full-time worker.
    """
    require(may_keep_roster_of(actor, place), NOT_KEEPER)
    worker = full_time_worker(place)
    if worker is None:
        raise InvalidTransition("该网格目前没有专职网格员，请直接任命。")
    outgoing = _locked(worker)
    stop_service(outgoing, happens_on, "网格交接")
    entry = ServiceEntry(ServiceKind.FULL_TIME, place.code)
    incoming = _appointed(entry, successor, actor, happens_on)
    handover = Handover.objects.create(
        territory=place,
        outgoing=outgoing,
        incoming=incoming,
        happens_on=happens_on,
        open_matters=open_matters_at(place),
        note=clean_text(note, field="note", max_length=500, multiline=True),
        created_by=actor,
    )
    record(actor, Verb.GRID_HANDED_OVER, place, outgoing=outgoing.pk, incoming=incoming.pk, happens_on=happens_on)
    return handover


@transaction.atomic
def replace_officer(beat: Beat, successor: RosterPerson | PersonEntry, *, actor: User, starts_on: date) -> Service:
    """Give a beat its officer from a day on; who holds it until then ends on that day.

    Raises RuleViolation for a successor who is the beat's officer already.
    """
    held = open_services().filter(beat=beat, kind=ServiceKind.OFFICER).first()
    if held is not None:
        if isinstance(successor, RosterPerson) and successor.pk == held.person_id:
            raise RuleViolation("这个人已是该警格的包片民警。", field="known")
        require(may_keep_beats(actor, beat.station), NOT_KEEPER)
        stop_service(_locked(held), starts_on, "更换包片民警")
        record(actor, Verb.SERVICE_ENDED, held, ends_on=starts_on)
    service = _appointed(ServiceEntry(ServiceKind.OFFICER, beat=beat.pk), successor, actor, starts_on)
    record(actor, Verb.SERVICE_STARTED, service, kind=service.kind, place=_place_key(service), person=service.person_id)
    return service


@transaction.atomic
def reveal_phone(service: Service, *, actor: User, reason: str) -> str:
    """The phone of somebody on the roster, in the clear; the look is recorded with its reason."""
    require(may_reveal_person_at(actor, place_of_service(service)), "只有本网格工作人员和名册维护人可以查看电话。")
    reason = required_text(reason, field="reason", missing="请写明查看电话的理由。", max_length=200)
    record(actor, Verb.ROSTER_PHONE_REVEALED, service, person=service.person_id, reason=reason)
    return service.person.phone


def _appointed(entry: ServiceEntry, person: RosterPerson | PersonEntry, actor: User, starts_on: date) -> Service:
    service = Service(
        kind=entry.kind,
        title=clean_text(entry.title, field="title", max_length=40),
        households=entry.households,
        households_note=clean_text(entry.households_note, field="households_note", max_length=200),
        starts_on=starts_on,
        created_by=actor,
    )
    check_service(service, place=entry.place, beat=entry.beat)
    require(may_keep_roster_of(actor, place_of_service(service)), NOT_KEEPER)
    service.person = person if isinstance(person, RosterPerson) else _new_person(person)
    with kept_apart(service):
        service.save()
    follow_start(service, actor=actor)
    return service


def _new_person(entry: PersonEntry) -> RosterPerson:
    person = RosterPerson()
    _write_person(person, check_person(entry))
    return person


def _write_person(person: RosterPerson, checked: dict[str, Any]) -> list[str]:
    """Write the checked values of a person; the names of what changed."""
    sealed = {"phone": person.seal_phone, "paper_number": person.seal_paper}
    changed = []
    for name, value in checked.items():
        if name in sealed:
            if value:
                sealed[name](value)
                changed.append(name)
        elif getattr(person, name) != value:
            setattr(person, name, value)
            changed.append(name)
    person.save()
    return changed


def stop_service(service: Service, ends_on: date, reason: str) -> None:
    """End a locked period of service on a day.

    InvalidTransition when it has ended, RuleViolation for a day before its start.
    """
    if service.ends_on is not None:
        raise InvalidTransition(f"这段任职已于 {service.ends_on:%Y-%m-%d} 结束。")
    if ends_on <= service.starts_on:
        raise RuleViolation(f"离任日期应晚于任职日期（{service.starts_on:%Y-%m-%d}）。", field="ends_on")
    service.ends_on, service.end_reason = ends_on, reason
    service.save(update_fields=["ends_on", "end_reason"])
    follow_end(service)


def _locked(service: Service) -> Service:
    return services().select_for_update(of=("self",)).get(pk=service.pk)


def _place_key(service: Service) -> str:
    return service.territory.code if service.territory else f"beat:{service.beat_id}"
