"""Organisations come to be under a name of their own, change, and end; nothing of their history is rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from grids.models import FormerName, Level, Organisation, OrganisationKind, Posting, Presence, Territory
from grids.permissions import may_keep_organisation, may_register_organisation
from grids.queries import is_name_in_use, require_open
from grids.queries.kept_organisations import organisation_to_change, towns_without_centre
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text, required_text
from zhongzhi.rows.periods import not_over

NAME_LENGTH, SHORT_LENGTH, PHONE_LENGTH, ADDRESS_LENGTH = 80, 30, 30, 200
TOWN_CENTRE = "{}社会治安综合治理中心"
WHO = "机构由所在区划的系统管理员变更、撤销。"


CHANGEABLE = ("name", "short_name", "kind", "presence", "phone", "address", "answers_complaints")


@dataclass(frozen=True)
class OrganisationFacts:
    """What may change of an organisation; its place moves with mergers only."""

    name: str
    short_name: str
    kind: OrganisationKind
    presence: Presence = Presence.NONE
    phone: str = ""
    answers_complaints: bool | None = None
    """Whether it is the county's unit for complaints about officials; None leaves it as it is."""
    address: str = ""


@transaction.atomic
def register_organisation(
    name: str, kind: OrganisationKind, place: Territory, *, actor: User, facts: OrganisationFacts | None = None
) -> Organisation:
    """Register an organisation at a place, from today on; `facts` are short name, presence and phone where known.

    Raises RuleViolation at `name` for a name in use, at `territory` for a place that is not in force, at `kind` for a
    second centre of one place.
    """
    require(may_register_organisation(actor, place), "机构由所在区划综治中心的负责人或系统管理员登记。")
    require_open(place)
    full = required_text(name, field="name", missing="请填写机构名称。", max_length=NAME_LENGTH)
    _require_one_centre(kind, place)
    columns = {"short_name": full[:SHORT_LENGTH], "kind": kind, "territory": place, "starts_on": timezone.localdate()}
    if facts is not None:
        phone = clean_text(facts.phone, field="phone", max_length=PHONE_LENGTH)
        address = clean_text(facts.address, field="address", max_length=ADDRESS_LENGTH)
        columns |= {"short_name": _names(facts)[1], "presence": facts.presence, "phone": phone, "address": address}
        columns |= {"answers_complaints": bool(facts.answers_complaints)}
    if is_name_in_use(full):
        raise RuleViolation("已有同名的机构（括号、空格不同也算同名），请在列表中选择，或换一个名称。", field="name")
    organisation, is_new = Organisation.objects.get_or_create(name=full, defaults=columns)
    if not is_new:
        raise RuleViolation("已有同名的机构，请在列表中选择它，或换一个名称。", field="name")
    record(actor, Verb.ORGANISATION_REGISTERED, organisation, kind=str(kind), territory=place.pk)
    return organisation


@transaction.atomic
def found_town_centres(county: Territory, *, actor: User) -> Sequence[Organisation]:
    """Make a centre for every town of a county that has none; those that have one are left alone.

    Raises InvalidTransition where no town is without one.
    """
    require(may_keep_organisation(actor, county), WHO)
    towns = list(towns_without_centre(county))
    if not towns:
        raise InvalidTransition("所有苏木乡镇都已有综治中心。")
    return [
        register_organisation(TOWN_CENTRE.format(town.name), OrganisationKind.CENTRE, town, actor=actor)
        for town in towns
    ]


@transaction.atomic
def change_organisation(pk: int, facts: OrganisationFacts, *, actor: User) -> Organisation:
    """Rename an organisation, correct its kind, how it is present, phone and address, whether it answers complaints. By
    its former name it is found as before.

    Raises RuleViolation at `name` for a name in use, at `kind` for a second centre of one place or a centre that would
    be none any more.
    """
    organisation = organisation_to_change(pk)
    require(may_keep_organisation(actor, organisation.territory), WHO)
    _require_in_force(organisation)
    before = {name: str(getattr(organisation, name)) for name in CHANGEABLE}
    name, short = _names(facts)
    if is_name_in_use(name, but=organisation):
        raise RuleViolation("已有同名的机构（括号、空格不同也算同名）。", field="name")
    if (facts.kind == OrganisationKind.CENTRE) != organisation.is_centre:
        raise RuleViolation("综治中心不能改为其他类别，其他机构也不能改为综治中心；请另行登记。", field="kind")
    if (name, short) != (organisation.name, organisation.short_name):
        FormerName.objects.create(organisation=organisation, name=organisation.name, short_name=organisation.short_name)
    organisation.name, organisation.short_name, organisation.kind = name, short, facts.kind
    organisation.presence = facts.presence
    if facts.answers_complaints is not None:
        organisation.answers_complaints = facts.answers_complaints
    organisation.phone = clean_text(facts.phone, field="phone", max_length=PHONE_LENGTH)
    organisation.address = clean_text(facts.address, field="address", max_length=ADDRESS_LENGTH)
    organisation.save(update_fields=[*before])
    changed = {key: value for key, value in before.items() if value != str(getattr(organisation, key))}
    record(actor, Verb.ORGANISATION_CHANGED, organisation, before=changed)
    return organisation


@transaction.atomic
def end_organisation(
    pk: int, *, actor: User, reason: str, successor: Organisation | None = None, day: date | None = None
) -> Organisation:
    """End an organisation, today unless told otherwise; `successor` takes over what it kept.

    Raises RuleViolation while people are posted there, and for a successor that is over or is itself.
    """
    organisation, on = organisation_to_change(pk), day or timezone.localdate()
    require(may_keep_organisation(actor, organisation.territory), WHO)
    _require_in_force(organisation)
    why = required_text(reason, field="reason", missing="请写明撤销的依据或原因。", max_length=200)
    if posted := Posting.objects.filter(not_over(on), organisation=organisation).count():
        raise RuleViolation(f"还有 {posted} 人在此任职，请先结束或调整他们的岗位。", field="reason")
    if successor is not None and (successor.pk == pk or not successor.is_in_force(on)):
        raise RuleViolation("接替的机构须是另一个在用的机构。", field="successor")
    organisation.ends_on, organisation.successor = on, successor
    organisation.save(update_fields=["ends_on", "successor"])
    if successor is not None:
        Organisation.objects.filter(successor=organisation).update(successor=successor)
    record(actor, Verb.ORGANISATION_ENDED, organisation, successor=successor and successor.pk, reason=why)
    return organisation


def _names(facts: OrganisationFacts) -> tuple[str, str]:
    name = clean_text(facts.name, field="name", max_length=NAME_LENGTH)
    short = clean_text(facts.short_name, field="short_name", max_length=SHORT_LENGTH)
    if not name:
        raise BadInput("请填写机构名称。", field="name")
    return name, short or name[:SHORT_LENGTH]


def _require_in_force(organisation: Organisation) -> None:
    if organisation.ends_on is not None:
        raise InvalidTransition("这个机构已经撤销。")


def _require_one_centre(kind: OrganisationKind, place: Territory) -> None:
    if kind != OrganisationKind.CENTRE:
        return
    if len(place.code) > Level.VILLAGE:
        raise RuleViolation("网格不设综治中心。", field="kind")
    if Organisation.objects.filter(kind=kind, territory=place, ends_on=None).exists():
        raise RuleViolation("该区划已有综治中心。", field="kind")
