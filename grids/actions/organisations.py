"""Organisations that come to be: registered once, under a name of their own."""

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation, OrganisationKind, Territory
from grids.permissions import may_register_organisation
from grids.queries import require_open
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, RuleViolation, require
from zhongzhi.core.text import clean_text

NAME_LENGTH, SHORT_LENGTH = 80, 30


@transaction.atomic
def register_organisation(name: str, kind: OrganisationKind, place: Territory, *, actor: User) -> Organisation:
    """Register an organisation at a place, from today on.

    Raises RuleViolation at `name` for a name in use, at `territory` for a place that is not in force.
    """
    require(may_register_organisation(actor, place), "机构由所在区划综治中心的负责人或系统管理员登记。")
    require_open(place)
    full = clean_text(name, field="name", max_length=NAME_LENGTH)
    if not full:
        raise BadInput("请填写机构名称。", field="name")
    columns = {"short_name": full[:SHORT_LENGTH], "kind": kind, "territory": place, "starts_on": timezone.localdate()}
    organisation, is_new = Organisation.objects.get_or_create(name=full, defaults=columns)
    if not is_new:
        raise RuleViolation("已有同名的机构，请在列表中选择它，或换一个名称。", field="name")
    record(actor, Verb.ORGANISATION_REGISTERED, organisation, kind=str(kind), territory=place.pk)
    return organisation
