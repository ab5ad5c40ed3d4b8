"""Who is at which window: the hall's roster of a day."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from grids.models import Organisation, Presence
from grids.verbs import Verb as GroundVerb
from mediation.models import Duty
from mediation.permissions import may_keep_roster
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.core.text import clean_text


@dataclass(frozen=True)
class DutyEntry:
    """One line of the roster."""

    organisation: Organisation | None
    day: date
    person: str
    window: str = ""
    phone: str = ""


@transaction.atomic
def set_duty(centre: Organisation, entry: DutyEntry, *, actor: User) -> Duty:
    """Put an organisation of the hall on the roster of a day: rotating at a window, on call without one.

    Raises RuleViolation for an organisation that is not in the hall, and for a window or organisation that has its
    line that day already.
    """
    require(may_keep_roster(actor, centre.pk), "值守表由综治中心的研判分流员或负责人安排。")
    organisation = entry.organisation
    if organisation is None or organisation.presence == Presence.NONE:
        raise RuleViolation("请选择入驻大厅的单位（常驻、轮驻或随驻）。", field="organisation")
    person = clean_text(entry.person, field="person", max_length=40)
    window = clean_text(entry.window, field="window", max_length=20)
    if not person:
        raise RuleViolation("请填写值守人员。", field="person")
    if organisation.presence == Presence.ROTATING and not window:
        raise RuleViolation("轮驻单位须写明窗口。", field="window")
    phone = clean_text(entry.phone, field="phone", max_length=30)
    try:
        with transaction.atomic():
            duty = Duty.objects.create(
                centre=centre, organisation=organisation, day=entry.day, window=window, person=person, phone=phone
            )
    except IntegrityError as error:
        raise RuleViolation(_clash(centre, organisation, entry.day, window), field="window") from error
    record(actor, GroundVerb.DUTY_SET, duty, organisation=organisation.pk, day=entry.day)
    return duty


@transaction.atomic
def remove_duty(duty: Duty, *, actor: User) -> None:
    """Take a line off the roster."""
    require(may_keep_roster(actor, duty.centre_id), "值守表由综治中心的研判分流员或负责人安排。")
    record(actor, Verb.DUTY_REMOVED, duty, organisation=duty.organisation_id, day=duty.day)
    duty.delete()


def _clash(centre: Organisation, organisation: Organisation, day: date, window: str) -> str:
    taken = Duty.objects.filter(centre=centre, day=day, window=window).select_related("organisation").first()
    if taken and window:
        return f"{day} {window} 已安排给{taken.organisation.short_name}（{taken.person}）。"
    return f"{organisation.short_name} {day} 已有值守安排。"
