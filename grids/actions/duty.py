"""Acts on duty lists: put somebody on, take somebody off, carry a week on to the next."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from grids.models import Level, Organisation, RosterPerson, Shift, Territory
from grids.permissions import may_set_duty
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, Unfit, require
from zhongzhi.core.text import clean_text

LONGEST = timedelta(days=8)
NOT_YOURS = "只有本单位和上级综治中心的负责人、研判分流员可以排班。"


@transaction.atomic
def set_duty(
    person: RosterPerson,
    *,
    actor: User,
    starts_at: datetime,
    ends_at: datetime,
    organisation: Organisation | None = None,
    territory: Territory | None = None,
    window: str = "",
    leads: bool = False,
) -> Shift:
    """Put a person on duty at an organisation (a window where it has one) or for a grid or village.

    Raises BadInput unless it is one of the two, RuleViolation for a place above a village, for a person who is on duty
    elsewhere at that time, and for a turn of more than eight days.
    """
    if (organisation is None) == (territory is None):
        raise Unfit("请写明在哪个单位或哪个网格值班，只填一个。", field="organisation")
    require(may_set_duty(actor, organisation=organisation, territory=territory), NOT_YOURS)
    if territory is not None and len(territory.code) < Level.VILLAGE:
        raise RuleViolation("按地方排班只到村（社区）和网格；乡镇、旗县请排在综治中心。", field="territory")
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise RuleViolation("结束时间应晚于开始时间，一班最长 8 天。", field="ends_at")
    shift = Shift(
        person=person,
        organisation=organisation,
        territory=territory,
        window=clean_text(window, field="window", max_length=30),
        leads=leads,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=actor,
    )
    _save(shift)
    record(
        actor, Verb.DUTY_SET, organisation or territory or "duty", shift=shift.pk, person=person.pk, starts=starts_at
    )
    return shift


@transaction.atomic
def take_off_duty(shift: Shift, *, actor: User) -> None:
    """Take a turn off the list."""
    shift = Shift.objects.select_for_update(of=("self",)).select_related("organisation", "territory").get(pk=shift.pk)
    require(may_set_duty(actor, organisation=shift.organisation, territory=shift.territory), NOT_YOURS)
    place = shift.organisation or shift.territory or "duty"
    record(actor, Verb.DUTY_TAKEN_OFF, place, shift=shift.pk, person=shift.person_id, starts=shift.starts_at)
    shift.delete()


@transaction.atomic
def repeat_week(place: Organisation | Territory, monday: date, *, actor: User) -> int:
    """Carry the turns of the week of `monday` on to the next one, at an organisation or for a grid; how many.

    Those that would overlap with another turn of the same person are left out.
    """
    at: dict[str, Any] = {"organisation": None, "territory": None}
    at["organisation" if isinstance(place, Organisation) else "territory"] = place
    require(may_set_duty(actor, **at), NOT_YOURS)
    begin = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    week = timedelta(days=7)
    rows = Shift.objects.filter(**at, starts_at__gte=begin, starts_at__lt=begin + week)
    made = sum(_carried(shift, week, actor) for shift in rows.order_by("starts_at", "pk"))
    record(actor, Verb.DUTY_REPEATED, place, monday=monday, turns=made)
    return made


def duty_person(user: User) -> RosterPerson:
    """The roster's person behind an account, made where there is none yet."""
    person, _ = RosterPerson.objects.get_or_create(user=user, defaults={"name": user.name})
    return person


def duty_person_of(key: str) -> RosterPerson:
    """The person behind a key of the list of those who may be put on: an account's (`u…`) or the roster's (`p…`)."""
    if key.startswith("u"):
        return duty_person(User.objects.get(pk=int(key[1:])))
    return RosterPerson.objects.get(uid=key[1:])


def _carried(shift: Shift, week: timedelta, actor: User) -> bool:
    nxt = Shift(
        organisation_id=shift.organisation_id,
        territory_id=shift.territory_id,
        person_id=shift.person_id,
        window=shift.window,
        leads=shift.leads,
        starts_at=shift.starts_at + week,
        ends_at=shift.ends_at + week,
        created_by=actor,
    )
    try:
        _save(nxt)
    except RuleViolation:
        return False
    return True


def _save(shift: Shift) -> None:
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError as error:
        raise RuleViolation("该人员在这段时间已有值班。", field="person") from error
