"""What hangs on a person on the ground, and giving it to the next: services in grids and on beats, turns of duty."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from grids.actions.accounts import follow_start
from grids.actions.duty import duty_person
from grids.actions.roster import stop_service
from grids.actions.rules import kept_apart
from grids.extension_points import WorkKind
from grids.models import Handover, Service, ServiceKind, Shift
from grids.queries import services
from grids.queries.hazards import open_matters_at, unsettled_at
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation

REASON = "工作交接"


def _services(person: User) -> QuerySet[Service]:
    return services().filter(person__user=person, ends_on=None).order_by("pk")


def _service_words(person: User) -> list[str]:
    rows = _services(person).select_related("territory", "beat")
    return [f"{s.get_kind_display()}：{_where(s)}" for s in rows]


def _where(service: Service) -> str:
    if service.territory is None:
        return str(service.beat)
    matters = len(open_matters_at(service.territory))
    return service.territory.full_name + (f"（随网格移交排查、走访 {matters} 件）" if matters else "")


def _give_services(leaver: User, successor: User, actor: User) -> None:
    """Each service ends today and goes on with the successor, who takes the open hazards and planned visits of the grid
    with it."""
    today = timezone.localdate()
    for service in _services(leaver).select_for_update(of=("self",)):
        incoming = _continued(service, successor, today, actor)
        if service.kind == ServiceKind.FULL_TIME and service.territory is not None:
            Handover.objects.create(
                territory=service.territory,
                outgoing=service,
                incoming=incoming,
                happens_on=today,
                open_matters=open_matters_at(service.territory),
                note=REASON,
                created_by=actor,
            )
        for hazard in unsettled_at(service.territory) if service.territory else ():
            record(actor, Verb.HAZARD_TAKEN_OVER, hazard, of=leaver.pk, to=successor.pk)
        record(actor, Verb.SERVICE_ENDED, service, ends_on=today)
        record(actor, Verb.SERVICE_STARTED, incoming, kind=incoming.kind, person=incoming.person_id)


def _continued(service: Service, successor: User, today: date, actor: User) -> Service:
    stop_service(service, today, REASON)
    incoming = Service(
        person=duty_person(successor),
        kind=service.kind,
        territory=service.territory,
        beat=service.beat,
        organisation=service.organisation,
        title=service.title,
        households=service.households,
        households_note=service.households_note,
        starts_on=today,
        created_by=actor,
    )
    with kept_apart(incoming):
        incoming.save()
    follow_start(incoming, actor=actor)
    return incoming


def _shifts(person: User) -> QuerySet[Shift]:
    rows = Shift.objects.filter(person__user=person, ends_at__gt=timezone.now())
    return rows.select_related("organisation", "territory").order_by("starts_at", "pk")


def _shift_words(person: User) -> list[str]:
    return [f"{timezone.localtime(s.starts_at):%m-%d %H:%M} {s.place_name}值班" for s in _shifts(person)]


def _give_shifts(leaver: User, successor: User, actor: User) -> None:
    """Turns of duty that are not over; RuleViolation where the successor is on duty at that time."""
    taker = duty_person(successor)
    for shift in _shifts(leaver).select_for_update(of=("self",)):
        busy = Shift.objects.filter(person=taker, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at)
        if busy.exists():
            when = f"{timezone.localtime(shift.starts_at):%m-%d %H:%M}"
            raise RuleViolation(f"{successor.name}在 {when} 已有值班，请先调整排班。", field="duty")
        shift.person = taker
        shift.save(update_fields=["person"])
        record(actor, Verb.DUTY_SET, shift, person=taker.pk)


SERVICES = WorkKind("services", "网格、警格和村里的任职", _service_words, _give_services)
DUTY = WorkKind("duty", "值班", _shift_words, _give_shifts)
