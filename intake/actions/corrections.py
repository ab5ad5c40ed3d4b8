"""What a correction changed, kept value by value; opened with a purpose like the numbers of a party."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from intake.actions.entry import AMENDABLE
from intake.actions.unmasking import count_look, reason_for_look
from intake.entries import CASE, PARTY
from intake.models import Case, CorrectedValue, Correction, Party
from intake.models.place import other_places_of
from intake.permissions import may_reveal
from intake.transitions import locked, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import NotFound, Unfit, require
from zhongzhi.web.shapes import Amount, Choice, Tick

PERSONAL = frozenset({"name", "paper_number", "phone", "address", "ethnic", "capacity"})
"""What of a party says who it is; sealed on both sides of a correction."""
Key = tuple[UUID | None, str]


@dataclass(frozen=True)
class Registered:
    """What stands in a case: each value in words, by party (none for the case itself) and name; who the parties are."""

    values: Mapping[Key, str]
    subjects: Mapping[UUID, str]


@dataclass(frozen=True)
class OpenedValue:
    """One value of a correction in the clear."""

    subject: str
    field: str
    old: str
    new: str


def registered_values(case: Case) -> Registered:
    """Read what stands in a case and in its parties, to compare it with what will stand there."""
    values: dict[Key, str] = {(None, name): _in_words(name, getattr(case, name)) for name in AMENDABLE}
    values[None, "other_places"] = "、".join(place.full_name for place in other_places_of(case))
    external = ", ".join(f"{row.system} {row.number}" for row in case.external_references.order_by("pk"))
    values[None, "external_number"] = external
    parties = list(case.parties.select_related("represents", "works_at").order_by("ordinal"))
    for party in parties:
        values |= {(party.uid, name): _of_party(party, name) for name in PARTY}
    return Registered(values, {party.uid: f"{party.get_side_display()}{party.ordinal}" for party in parties})


def keep_correction(
    case: Case, before: Registered, *, actor: User, reason: str, reason_always: bool
) -> Correction | None:
    """Keep what changed since `before`, with the reason; None where nothing did.

    Raises BadInput at `reason` where something that stood there was changed and no reason is given, after the end of
    a case also where something was only added.
    """
    after = registered_values(case)
    keys = [key for key in {**before.values, **after.values} if before.values.get(key, "") != after.values.get(key, "")]
    if not keys:
        return None
    if reason_always or any(before.values.get(key) for key in keys):
        if not reason.strip():
            raise Unfit("更正已登记的内容，请填写更正理由，如“当事人出示身份证，号码录错一位”。", field="reason")
        reason = reason_given(reason)
    correction = Correction.objects.create(case=case, made_by=actor, made_at=timezone.now(), reason=reason.strip())
    CorrectedValue.objects.bulk_create([_row(correction, key, before, after) for key in keys])
    return correction


def facts_of_correction(made: Correction | None) -> dict[str, object]:
    """What the trail keeps: which fields of the case, which of parties; never what a party's value was."""
    if made is None:
        return {"fields": []}
    rows = list(made.values.all())
    of_parties = sorted({row.field for row in rows if row.party_uid})
    case_fields = [row.field for row in rows if row.party_uid is None]
    return {"fields": case_fields, "correction": made.pk, "party_fields": of_parties, "reason": made.reason}


def _row(correction: Correction, key: Key, before: Registered, after: Registered) -> CorrectedValue:
    party_uid, name = key
    subject = (after.subjects.get(party_uid) or before.subjects[party_uid]) if party_uid else ""
    personal = party_uid is not None and name in PERSONAL
    label = (PARTY if party_uid else CASE)[name].label
    row = CorrectedValue(
        correction=correction, party_uid=party_uid, subject=subject, field=name, label=label, is_personal=personal
    )
    row.keep(before.values.get(key, ""), after.values.get(key, ""))
    return row


@transaction.atomic
def reveal_correction(case: Case, correction_uid: UUID, *, actor: User, purpose: str, reason: str) -> list[OpenedValue]:
    """Open the personal values of a correction for one look, counted and recorded like one at a party's numbers."""
    case = locked(case)
    require(may_reveal(actor, case), "只有办理本案的人员可以查看更正前后的个人信息。")
    reason = reason_for_look(purpose, reason)
    correction = case.corrections.filter(uid=correction_uid).first()
    if correction is None:
        raise NotFound("没有找到这次更正。")
    count_look(actor)
    record(actor, Verb.REVEALED, case, correction=correction.pk, purpose=purpose, reason=reason)
    rows = correction.values.filter(is_personal=True)
    return [OpenedValue(row.subject, row.label, row.old_value, row.new_value) for row in rows]


def _of_party(party: Party, name: str) -> str:
    if name == "represents":
        return f"当事人{party.represents.ordinal}" if party.represents else ""
    if name == "works_at":
        return party.works_at.name if party.works_at else ""
    return _in_words(name, getattr(party, name))


def _in_words(name: str, value: object) -> str:
    """As a page shows it: the label of a code, the full name of a place, nothing for nothing."""
    kind = CASE.get(name) or PARTY.get(name)
    if isinstance(kind, Amount) and value is not None:
        return f"{Decimal(str(value)):.2f}"
    if isinstance(kind, Choice):
        return str(dict(kind.pairs).get(value, value or ""))
    if isinstance(kind, Tick):
        return "是" if value else ""
    return str(getattr(value, "full_name", "") or value) if value is not None else ""
