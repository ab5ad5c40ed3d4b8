"""What each row of a roster's table would do, and doing it: new, changed, ended, the same, or faulty in words."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from grids.actions.accounts import follow_end, follow_start
from grids.actions.roster_cells import TITLES, Cells, fill_person, fill_service
from grids.actions.roster_snapshot import (
    ONE_AT_A_TIME,
    Plan,
    Reservations,
    RosterSnapshot,
    note_ends,
    phone_hash,
    read_snapshot,
    reserve_again,
    slot_of,
)
from grids.actions.rules import fits, in_the_way
from grids.models import ExternalId, RosterPerson, Service, ServiceKind, Verdict, service_pk
from grids.permissions import may_keep_roster_of
from grids.queries import significant_digits
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import DomainError

__all__ = [
    "Plan",
    "Reservations",
    "RosterSnapshot",
    "note_ends",
    "plan_row",
    "read_snapshot",
    "reserve_again",
    "slot_of",
    "write_plans",
]
KINDS = {kind.label: kind.value for kind in ServiceKind}
PERSON_COLUMNS = ("name", "phone_sealed", "phone_hash", "paper_sealed", "paper_hash", "public_phone", "user")
SERVICE_COLUMNS = ("title", "households", "households_note", "ends_on", "end_reason")


def plan_row(number: int, cells: dict[str, str], snapshot: RosterSnapshot) -> Plan:
    """What the row would do; every fault in words."""
    plan = Plan(number, label=f"{cells.get('name', '')} {cells.get('place', '')}".strip()[:120])
    service = _found(plan, cells, snapshot)
    if plan.faults:
        return plan
    if service is None:
        _plan_new(plan, cells, snapshot)
    else:
        _plan_known(plan, service, cells, snapshot)
    return plan


def write_plans(plans: Sequence[Plan], actor: User) -> None:
    """Write a chunk of faultless plans: ends and corrections first, then what is new."""
    known = [p.service for p in plans if p.verdict in (Verdict.CHANGED, Verdict.ENDED) and p.service]
    new = [p.service for p in plans if p.verdict == Verdict.NEW and p.service]
    RosterPerson.objects.bulk_update([s.person for s in known], PERSON_COLUMNS)
    Service.objects.bulk_update(known, SERVICE_COLUMNS)
    persons = {id(s.person): s.person for s in new}
    RosterPerson.objects.bulk_update([p for p in persons.values() if p.pk is not None], PERSON_COLUMNS)
    RosterPerson.objects.bulk_create([p for p in persons.values() if p.pk is None])
    for service in new:
        service.person = service.person  # with its new key; the key alone would have the person read again
    Service.objects.bulk_create(new)
    links = [
        ExternalId(system=p.external[0], number=p.external[1], person=p.service.person)
        for p in plans
        if p.external and p.service
    ]
    ExternalId.objects.bulk_create(links, ignore_conflicts=True)
    for service in known + new:
        if service.person.user is not None:
            follow_end(service) if service.ends_on else follow_start(service, actor=actor)
    record_all([_happening(p, actor) for p in plans if p.service and p.verdict != Verdict.SAME])


def _happening(plan: Plan, actor: User) -> AuditEvent:
    verbs = {
        Verdict.NEW: Verb.SERVICE_STARTED,
        Verdict.ENDED: Verb.SERVICE_ENDED,
        Verdict.CHANGED: Verb.SERVICE_CORRECTED,
    }
    assert plan.service is not None
    return AuditEvent(actor, verbs[Verdict(plan.verdict)], plan.service, {"by": "table", "fields": plan.changes})


def _found(plan: Plan, cells: dict[str, str], snapshot: RosterSnapshot) -> Service | None:
    """The row's service: by its number, or as the same person in the same kind at the same place."""
    key = cells.get("key", "").strip()
    if key:
        return _by_key(plan, key, snapshot)
    kind = KINDS.get(cells.get("kind", "").strip(), "")
    place = snapshot.places.get(significant_digits(cells.get("place", "").strip()))
    same = snapshot.by_place.get((kind, place.pk), []) if place else []
    person = snapshot.externals.get((cells.get("system", "").strip(), cells.get("number", "").strip()))
    name = cells.get("name", "").strip()
    return next((s for s in same if s.person_id == person or s.person.name == name), None)


def _by_key(plan: Plan, key: str, snapshot: RosterSnapshot) -> Service | None:
    pk = service_pk(key)
    service = snapshot.by_pk.get(pk) if pk else None
    if service is None or not _mine(service, snapshot):
        plan.fault(f"编号 {key[:20]} 在您的名册中不存在；新增人员请把编号留空。")
        return None
    if snapshot.reservations.keys.get(service.pk, plan.number) != plan.number:
        plan.fault(f"编号 {key} 在第 {snapshot.reservations.keys[service.pk]} 行已出现过。")
    snapshot.reservations.keys[service.pk] = plan.number
    return service


def _mine(service: Service, snapshot: RosterSnapshot) -> bool:
    place = service.territory or (service.beat.station.territory if service.beat else None)
    return place is not None and may_keep_roster_of(snapshot.actor, place)


def _plan_known(plan: Plan, service: Service, cells: dict[str, str], snapshot: RosterSnapshot) -> None:
    plan.service = service
    _check_same_post(plan, service, cells)
    with_faults = Cells(plan, cells)
    fill_person(service.person, with_faults, snapshot)
    fill_service(service, with_faults)
    ends = with_faults.day("ends_on")
    if ends and ends != service.ends_on:
        if service.ends_on is not None:
            plan.fault(f"这段任职已于 {service.ends_on} 结束，不能再改离任日期。")
        elif ends <= service.starts_on:
            plan.fault(f"离任日期应晚于任职日期（{service.starts_on}）。")
        else:
            service.ends_on, service.end_reason = ends, with_faults.text("end_reason", 100)
            plan.changes.append(TITLES["ends_on"])
            plan.verdict = plan.verdict if plan.faults else Verdict.ENDED
    if plan.verdict == Verdict.ENDED and not plan.faults:
        snapshot.reservations.ended.add(service.pk)
    if plan.changes and not plan.faults and plan.verdict == Verdict.SAME:
        plan.verdict = Verdict.CHANGED


def _check_same_post(plan: Plan, service: Service, cells: dict[str, str]) -> None:
    """Place and kind of a service never change: that would rewrite who served when."""
    kind, place = cells.get("kind", "").strip(), significant_digits(cells.get("place", "").strip())
    if kind and KINDS.get(kind) != service.kind:
        plan.fault(
            f"编号 {service.key} 是{service.get_kind_display()}，不能改成“{kind[:20]}”；请填离任日期后另起一行。"
        )
    if place and (service.territory is None or place != service.territory.code):
        plan.fault(f"编号 {service.key} 不在 {place[:15]}；换网格请填离任日期后另起一行。")


def _plan_new(plan: Plan, cells: dict[str, str], snapshot: RosterSnapshot) -> None:
    given = Cells(plan, cells)
    kind = KINDS.get(cells.get("kind", "").strip(), "")
    if not kind:
        plan.fault(f"类别“{cells.get('kind', '')[:20]}”不认识，请从模板的列表中选。")
        return
    service = Service(kind=kind, starts_on=given.day("starts_on") or timezone.localdate(), created_by=snapshot.actor)
    _find_place(plan, service, cells, snapshot)
    if plan.faults:
        return
    service.person = _person_of(cells, snapshot)
    fill_person(service.person, given, snapshot)
    _note_person(service.person, snapshot)
    fill_service(service, given)
    service.ends_on, service.end_reason = given.day("ends_on"), given.text("end_reason", 100)
    _check_new(plan, service, snapshot)
    plan.service = service
    if not plan.faults:
        plan.verdict, plan.changes = Verdict.NEW, []
        plan.external = given.external()


def _person_of(cells: dict[str, str], snapshot: RosterSnapshot) -> RosterPerson:
    """Who is known under this name with this telephone, in the roster or from a row above; somebody new else."""
    return snapshot.people.get((cells.get("name", ""), phone_hash(cells) or b"")) or RosterPerson()


def _note_person(person: RosterPerson, snapshot: RosterSnapshot) -> None:
    if person.phone_hash is not None:
        snapshot.people.setdefault((person.name, bytes(person.phone_hash)), person)


def _find_place(plan: Plan, service: Service, cells: dict[str, str], snapshot: RosterSnapshot) -> None:
    code = cells.get("place", "").strip()
    if service.kind == ServiceKind.OFFICER:
        service.beat = snapshot.beats.get(cells.get("beat", "").strip())
        if service.beat is None:
            plan.fault("请在“警格”一列填写：派出所名称/警格名称。")
            return
    else:
        service.territory = snapshot.places.get(significant_digits(code))
        if service.territory is None:
            plan.fault(f"没有区划代码为“{code[:20]}”的地方。" if code else "请填写区划代码。")
            return
        if service.territory.ends_on is not None:
            plan.fault(f"“{service.territory}”已停用。")
            return
    if not _mine(service, snapshot):
        plan.fault("这里不在您维护的范围内。")


def _check_new(plan: Plan, service: Service, snapshot: RosterSnapshot) -> None:
    try:
        fits(service)
    except DomainError as error:
        plan.fault(error.message)
        return
    if service.ends_on and service.ends_on <= service.starts_on:
        plan.fault("离任日期应晚于任职日期。")
    user = service.person.user
    if user is not None and user.pk in snapshot.administrators:
        plan.fault(f"账号“{user.username}”是系统、安全管理员或审计员，不能兼任{service.get_kind_display()}。")
    _claim_person(plan, service, snapshot)
    if service.kind in ONE_AT_A_TIME and not plan.faults:
        _claim_post(plan, service, snapshot)


def _claim_person(plan: Plan, service: Service, snapshot: RosterSnapshot) -> None:
    """Nobody is given the same post twice by one table."""
    sealed = service.person.phone_hash
    where = service.territory.code if service.territory else _beat_name(service)
    claim = (service.kind, where, service.person.name, bytes(sealed) if sealed else b"")
    number = snapshot.reservations.people.setdefault(claim, plan.number)
    if sealed and number != plan.number:
        plan.fault(f"与第 {number} 行是同一个人、同一岗位。")


def _claim_post(plan: Plan, service: Service, snapshot: RosterSnapshot) -> None:
    """One at a time: who stands there must end in this table, and the rows of the table must not overlap."""
    slot = (service.kind, service.territory.code if service.territory else _beat_name(service))
    for held in snapshot.held.get(slot, []):
        ends = min((day for day in (snapshot.reservations.ends.get(held.pk), held.ends_on) if day), default=None)
        if _overlap(service.starts_on, service.ends_on, held.starts_on, ends):
            plan.fault(in_the_way(held))
            return
    claimed = snapshot.reservations.posts.setdefault(slot, [])
    for number, starts, ends in claimed:
        if number != plan.number and _overlap(service.starts_on, service.ends_on, starts, ends):
            post = "网格" if service.territory else "警格"
            plan.fault(f"第 {number} 行已给这个{post}安排了{service.get_kind_display()}。")
            return
    if all(number != plan.number for number, _, _ in claimed):
        claimed.append((plan.number, service.starts_on, service.ends_on))


def _overlap(starts: date, ends: date | None, other_starts: date, other_ends: date | None) -> bool:
    return (ends is None or other_starts < ends) and (other_ends is None or starts < other_ends)


def _beat_name(service: Service) -> str:
    return f"{service.beat.station.name}/{service.beat.name}" if service.beat else ""
