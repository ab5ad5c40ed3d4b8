"""The rules of a roster, the same for a page, an outside system and a table: what fits where, who stands in the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from grids.entries import PersonEntry
from grids.models import HEADS, Beat, Level, RosterPerson, Service, ServiceKind, Territory, roster_hashes
from grids.queries import current, find_open_territory
from grids.queries.people import keeps_installation
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import people
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import DomainError, RuleViolation
from zhongzhi.core.masking import mask_name
from zhongzhi.core.text import clean_text

K = ServiceKind
GRID, VILLAGE = Level.GRID, Level.VILLAGE
LEVELS: dict[str, tuple[Level, ...]] = {
    **dict.fromkeys((K.GRID_LEADER, K.FULL_TIME, K.PART_TIME, *HEADS), (GRID,)),
    K.PARTY_LEADER: (GRID, VILLAGE),
    K.VOLUNTEER: (GRID, VILLAGE),
    K.AUXILIARY: (VILLAGE,),
    K.SECURITY_DIRECTOR: (VILLAGE,),
    K.DOCTOR: (VILLAGE,),
    K.OFFICER: (),
}
MOST_HOUSEHOLDS = 500
ADMINISTRATORS_APART = "这个账号是系统管理员、安全管理员或审计员，不能在网格、村或警格任职。"
WORDS = {(GRID,): "网格", (VILLAGE,): "村（社区）", (GRID, VILLAGE): "网格或村（社区）", (): "警格"}


def check_service(service: Service, *, place: str = "", beat: int | None = None) -> None:
    """Find the place of a service and check that kind, place, period and households fit.

    Raises RuleViolation with every fault at its field: `kind`, `place`, `beat`, `starts_on`, `households`.
    """
    faults: dict[str, list[str]] = {}
    if service.kind not in ServiceKind.values:
        raise RuleViolation(f"没有“{service.kind}”这个类别。", field="kind")
    try:
        if beat is not None or place:
            _find_place(service, place, beat)
        fits(service)
    except DomainError as error:
        faults[error.field or "place"] = [error.message]
    if service.households is not None and (message := households_fault(service)):
        faults["households"] = [message]
    if faults:
        raise RuleViolation(errors=faults)


def fits(service: Service) -> None:
    """Refuse a kind at a place of the wrong level (RuleViolation at `place`), and a start before the place's own."""
    levels = LEVELS[service.kind]
    label = ServiceKind(service.kind).label
    if service.territory is None:
        if service.beat is None or service.kind not in (K.OFFICER, K.AUXILIARY):
            raise RuleViolation(
                f"请选择{label}负责的{WORDS[levels]}。", field="beat" if service.kind == K.OFFICER else "place"
            )
        return
    if len(service.territory.code) not in levels:
        raise RuleViolation(f"{label}应对应到{WORDS[levels]}，“{service.territory}”不是。", field="place")
    if service.starts_on < service.territory.starts_on:
        raise RuleViolation(
            f"任职日期早于“{service.territory}”的启用日期 {service.territory.starts_on}。", field="starts_on"
        )


def households_fault(service: Service) -> str:
    """What is wrong with the households in charge; empty when nothing is."""
    if service.kind not in HEADS:
        return "只有楼栋长、单元长、联户长填写联系户数。"
    if not 0 <= (service.households or 0) <= MOST_HOUSEHOLDS:
        return f"联系户数应在 0 到 {MOST_HOUSEHOLDS} 之间。"
    return ""


def check_person(entry: PersonEntry, *, known: RosterPerson | None = None) -> dict[str, Any]:
    """The values of a person, normalised; an account is found by its name.

    Raises RuleViolation with every fault at its field: `name`, `phone`, `paper_number`, `username`.
    """
    faults: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for field, check in CHECKS.items():
        try:
            values[field] = check(getattr(entry, field), known)
        except DomainError as error:
            faults[field] = [error.message]
    if faults:
        raise RuleViolation(errors=faults)
    values["user"] = values.pop("username")
    return values


def place_of_service(service: Service) -> Territory:
    """Where a service counts for permissions: its grid or village; of a beat, the place of its station."""
    if service.territory is not None:
        return service.territory
    return cast(Beat, service.beat).station.territory


@contextmanager
def kept_apart(service: Service) -> Iterator[None]:
    """Turn the refusal of a constraint into a sentence that names who stands in the way."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise RuleViolation(_conflict(service, str(error)), field="starts_on") from error
    except ValidationError as error:
        raise RuleViolation("".join(error.messages)) from error


def in_the_way(held: Service) -> str:
    """The sentence for a post that only one person may hold, and that somebody holds in that period."""
    post = "网格" if held.kind == K.FULL_TIME else "警格"
    name, label = mask_name(held.person.name), held.get_kind_display()
    if held.ends_on is not None:
        return f"该{post}自 {held.starts_on} 至 {held.ends_on} 的{label}是 {name}，任期不能重叠。"
    way_out = "，或办理网格交接" if held.kind == K.FULL_TIME else ""
    return f"该{post}已有{label} {name}（自 {held.starts_on}）；请先填其离任日期{way_out}。"


def _conflict(service: Service, text: str) -> str:
    if "one_full_time_worker_per_grid" in text or "one_officer_per_beat" in text:
        same = Q(beat=service.beat) if service.beat_id else Q(territory=service.territory)
        rows = Service.objects.filter(same, kind=service.kind).select_related("person").exclude(pk=service.pk)
        other = rows.order_by(F("ends_on").desc(nulls_first=True), "-starts_on").first()
        return in_the_way(other) if other else "这个岗位在此期间已有人担任。"
    if "administrators_serve_nowhere" in text:
        return ADMINISTRATORS_APART
    if "service_once_at_a_time" in text:
        return "该人员在此期间已在这里担任同一职务。"
    if "roster_person_paper_once" in text:
        return "名册中已有这个身份证号的人员，请从名册中选择。"
    return "任职期间有误：离任日期应晚于任职日期。"


def _find_place(service: Service, place: str, beat: int | None) -> None:
    if beat is not None:
        service.beat = Beat.objects.filter(current(), pk=beat).select_related("station__territory").first()
        if service.beat is None:
            raise RuleViolation("没有这个警格，或已停用。", field="beat")
        return
    try:
        service.territory = find_open_territory(place)
    except RuleViolation as error:
        raise RuleViolation(error.message, field="place") from error


def _name(value: str, known: RosterPerson | None) -> str:
    name = clean_text(value, field="name", max_length=50)
    if not name:
        raise RuleViolation("请填写姓名。", field="name")
    return name


def _phone(value: str, known: RosterPerson | None) -> str:
    return "" if _is_as_before(value) else idnumbers.phone(value)


def _paper(value: str, known: RosterPerson | None) -> str:
    if _is_as_before(value):
        return ""
    number = idnumbers.resident_id(value, today=timezone.localdate()).number
    if _others(known).filter(paper_hash__in=roster_hashes("paper", number)).exists():
        raise RuleViolation("名册中已有这个身份证号的人员，请从名册中选择。", field="paper_number")
    return number


def _others(known: RosterPerson | None) -> QuerySet[RosterPerson]:
    return RosterPerson.objects.exclude(pk=known.pk) if known and known.pk else RosterPerson.objects.all()


def _is_as_before(value: str) -> bool:
    """Nothing typed, or the masked form that was shown."""
    return not value.strip() or "*" in value


def _public(value: str, known: RosterPerson | None) -> str:
    return clean_text(value, field="public_phone", max_length=30)


def _account(value: str, known: RosterPerson | None) -> User | None:
    name = value.strip()
    if not name:
        return known.user if known else None
    user = people().filter(username__iexact=name).first()
    if user is None:
        raise RuleViolation(f"没有用户名为“{name}”的账号。", field="username")
    if keeps_installation(user):
        raise RuleViolation(ADMINISTRATORS_APART, field="username")
    if _others(known).filter(user=user).exists():
        raise RuleViolation("这个账号已对应名册中的另一个人。", field="username")
    return user


CHECKS = {
    "name": _name,
    "phone": _phone,
    "paper_number": _paper,
    "public_phone": _public,
    "username": _account,
}
