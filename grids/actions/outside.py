"""The book of outside organisations: entered, corrected, taken out; what was sent there keeps what it was sent to."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from grids.models import OutsideKind, OutsideOrganisation
from grids.permissions import may_keep_outside_book
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text, required_text

WHO = "外单位名录由综治中心的研判分流员或负责人维护。"


@dataclass(frozen=True)
class OutsideFacts:
    """How an outside organisation is called and reached."""

    name: str
    kind: str
    address: str
    phone: str = ""


@transaction.atomic
def enter_outside_organisation(facts: OutsideFacts, *, actor: User) -> OutsideOrganisation:
    """Enter one in the book. Raises RuleViolation at `name` for one that stands there."""
    require(may_keep_outside_book(actor), WHO)
    columns = _checked(facts)
    row, is_new = OutsideOrganisation.objects.get_or_create(name=columns.pop("name"), retired_at=None, defaults=columns)
    if not is_new:
        raise RuleViolation("名录中已有这个单位。", field="name")
    record(actor, Verb.OUTSIDE_ENTERED, row, kind=row.kind)
    return row


@transaction.atomic
def change_outside_organisation(pk: int, facts: OutsideFacts, *, actor: User) -> OutsideOrganisation:
    """Correct its name, kind, address or telephone. Raises RuleViolation at `name` for the name of another."""
    require(may_keep_outside_book(actor), WHO)
    row, columns = _locked(pk), _checked(facts)
    if OutsideOrganisation.objects.filter(name=columns["name"], retired_at=None).exclude(pk=pk).exists():
        raise RuleViolation("名录中已有同名的单位。", field="name")
    before = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=[*columns])
    record(actor, Verb.OUTSIDE_CHANGED, row, before=before)
    return row


@transaction.atomic
def retire_outside_organisation(pk: int, *, actor: User) -> OutsideOrganisation:
    """Take one out of the book; nothing new is sent there."""
    require(may_keep_outside_book(actor), WHO)
    row = _locked(pk)
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    record(actor, Verb.OUTSIDE_RETIRED, row)
    return row


def _locked(pk: int) -> OutsideOrganisation:
    row = OutsideOrganisation.objects.select_for_update().filter(pk=pk, retired_at=None).first()
    if row is None:
        raise InvalidTransition("名录中没有这个单位，可能已被移出。")
    return row


def _checked(facts: OutsideFacts) -> dict[str, str]:
    if facts.kind not in OutsideKind.values:
        raise BadInput("请选择类别。", field="kind")
    return {
        "name": required_text(facts.name, field="name", missing="请填写单位全称。", max_length=80),
        "kind": facts.kind,
        "address": required_text(
            facts.address, field="address", missing="请填写地址，告知书上要写明。", max_length=200
        ),
        "phone": clean_text(facts.phone, field="phone", max_length=30),
    }
