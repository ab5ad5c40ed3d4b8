"""The rules of an entry, checked once for page, API and import; every fault is told at its field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from grids.models import Level, Territory
from grids.queries import find_open_territory
from intake.entries import CaseEntry, PartyEntry
from intake.models import (
    Case,
    Category,
    Channel,
    Complexity,
    ExternalReference,
    PaperKind,
    Party,
    PartyKind,
    PartyRole,
    PartySide,
    Risk,
    Scale,
)
from intake.queries import find_leaf
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import DomainError, RuleBroken
from zhongzhi.core.pinyin import name_initials
from zhongzhi.core.text import clean_text

MAX_PARTIES = 30
ELDEST_YEARS = 120


@dataclass(frozen=True)
class CheckedParty:
    """A party whose numbers are normalised; sex and birth date come from the identity number."""

    entry: PartyEntry
    sex: str = ""
    birth_date: date | None = None
    warning: str = ""


@dataclass(frozen=True)
class CheckedEntry:
    """An entry that may become a case."""

    entry: CaseEntry
    territory: Territory | None
    category: Category | None
    parties: tuple[CheckedParty, ...]


class Faults:
    """Faults by field, gathered so that a clerk sees all of them at once."""

    def __init__(self) -> None:
        self.by_field: dict[str, list[str]] = {}

    def add(self, field: str, message: str) -> None:
        self.by_field.setdefault(field, []).append(message)

    @contextmanager
    def at(self, field: str) -> Iterator[None]:
        """Note a refusal raised inside under this field, and go on."""
        try:
            yield
        except DomainError as error:
            self.add(field, error.message)

    def raise_if_any(self) -> None:
        if self.by_field:
            raise RuleBroken(next(iter(self.by_field.values()))[0], errors=self.by_field)


def check_entry(entry: CaseEntry, *, draft: bool = False) -> CheckedEntry:
    """Check and normalise an entry. A draft may lack what happened, the place and the parties.

    Raises RuleBroken whose `errors` name every faulty field: `narrative`, `territory`, `category`,
    `parties.0.paper_number` and so on.
    """
    faults = Faults()
    entry = _clean_texts(entry, faults)
    _check_codes(entry, faults)
    _check_facts(entry, faults, draft)
    territory = _territory(entry, faults, draft)
    category = None
    if entry.category:
        with faults.at("category"):
            category = find_leaf(entry.category)
    parties = _check_parties(entry, faults, draft)
    faults.raise_if_any()
    return CheckedEntry(entry, territory, category, parties)


def write_entry(case: Case, checked: CheckedEntry) -> None:
    """Put the checked values on the case's columns; the caller saves."""
    entry = checked.entry
    case.title = entry.title or _title_from(entry.narrative)
    case.narrative = entry.narrative
    case.request = entry.request
    case.category = checked.category
    case.channel = entry.channel
    case.territory = checked.territory
    case.place_detail = entry.place_detail
    case.occurred_on = entry.occurred_on
    case.amount = entry.amount
    case.people_count = entry.people_count
    case.scale = entry.scale


def write_parties(case: Case, checked: CheckedEntry) -> list[Party]:
    """Make the case's parties what the entry says: kept by uid, added, taken off."""
    existing = {str(p.uid): p for p in case.parties.all()}
    kept = {p.entry.uid for p in checked.parties if p.entry.uid in existing}
    case.parties.exclude(uid__in=kept).delete()
    rows: dict[int, Party] = {}
    principals_first = sorted(enumerate(checked.parties), key=lambda pair: pair[1].entry.role != PartyRole.PRINCIPAL)
    for at, item in principals_first:
        rows[at] = existing.get(item.entry.uid) or Party(case=case)
        _write_party(rows[at], item, at, rows)
    return [rows[at] for at in sorted(rows)]


def link_external(case: Case, entry: CaseEntry) -> None:
    """Keep the number the case has in the system it came from.

    Raises RuleBroken at `external_number` when that number is registered already, naming the case.
    """
    if not entry.external_number:
        return
    row, _ = ExternalReference.objects.select_related("case").get_or_create(
        system=entry.external_system, number=entry.external_number, defaults={"case": case}
    )
    if row.case_id != case.pk:
        raise RuleBroken(
            f"来源编号 {entry.external_number} 已登记为 {row.case.code or '草稿'}，请勿重复登记。",
            field="external_number",
        )


def _clean_texts(entry: CaseEntry, faults: Faults) -> CaseEntry:
    limits = {
        "title": (100, False),
        "narrative": (5000, True),
        "request": (2000, True),
        "place_detail": (200, False),
        "external_system": (30, False),
        "external_number": (60, False),
    }
    cleaned: dict[str, Any] = {}
    for field, (limit, multiline) in limits.items():
        with faults.at(field):
            cleaned[field] = clean_text(getattr(entry, field), field=field, max_length=limit, multiline=multiline)
    return replace(entry, **cleaned)


def _check_codes(entry: CaseEntry, faults: Faults) -> None:
    tables = {
        "channel": Channel.values,
        "scale": Scale.values,
        "complexity": Complexity.values,
        "risk": Risk.values,
    }
    for field, values in tables.items():
        if getattr(entry, field) not in values:
            faults.add(field, f"没有“{getattr(entry, field)}”这个选项。")


def _check_facts(entry: CaseEntry, faults: Faults, draft: bool) -> None:
    if not entry.narrative and not draft:
        faults.add("narrative", "请写明事情经过。")
    if entry.occurred_on and entry.occurred_on > timezone.localdate():
        faults.add("occurred_on", "发生日期不能晚于今天。")
    if entry.amount is not None and entry.amount < 0:
        faults.add("amount", "金额不能为负数。")
    if entry.external_number and not entry.external_system:
        faults.add("external_system", "填写来源编号时，请同时写明来源系统。")


def _territory(entry: CaseEntry, faults: Faults, draft: bool) -> Territory | None:
    if not entry.territory:
        if not draft:
            faults.add("territory", "请选择发生地。")
        return None
    with faults.at("territory"):
        place = find_open_territory(entry.territory)
        if place.level < Level.COUNTY:
            raise RuleBroken("发生地至少要选到旗县。", field="territory")
        return place
    return None


def _check_parties(entry: CaseEntry, faults: Faults, draft: bool) -> tuple[CheckedParty, ...]:
    if not entry.parties and not draft:
        faults.add("parties", "请填写申请人姓名，或勾选“不愿透露姓名”。")
    if len(entry.parties) > MAX_PARTIES:
        faults.add("parties", f"一件案件最多登记 {MAX_PARTIES} 位当事人。")
    checked = tuple(_check_party(p, i, entry.parties, faults) for i, p in enumerate(entry.parties))
    _check_twice(checked, faults)
    return checked


def _check_party(party: PartyEntry, at: int, all_parties: tuple[PartyEntry, ...], faults: Faults) -> CheckedParty:
    def field(name: str) -> str:
        return f"parties.{at}.{name}"

    _check_party_codes(party, field, faults)
    _check_represents(party, at, all_parties, field, faults)
    name, address = party.name, party.address
    with faults.at(field("name")):
        name = clean_text(party.name, max_length=80)
        if party.name_withheld == bool(name):
            raise RuleBroken("请填写姓名，或勾选“不愿透露姓名”（二者选一）。")
    with faults.at(field("address")):
        address = clean_text(party.address, max_length=200)
    phone = party.phone
    with faults.at(field("phone")):
        phone = idnumbers.phone(party.phone) if party.phone.strip() else ""
    party = replace(party, name=name, address=address, phone=phone)
    with faults.at(field("paper_number")):
        return _check_paper(party)
    return CheckedParty(party)


def _check_party_codes(party: PartyEntry, field: Callable[[str], str], faults: Faults) -> None:
    tables = {"side": PartySide.values, "kind": PartyKind.values, "role": PartyRole.values}
    for name, values in tables.items():
        if getattr(party, name) not in values:
            faults.add(field(name), f"没有“{getattr(party, name)}”这个选项。")
    if party.paper_kind and party.paper_kind not in PaperKind.values:
        faults.add(field("paper_kind"), f"没有“{party.paper_kind}”这种证件。")


def _check_represents(
    party: PartyEntry,
    at: int,
    all_parties: tuple[PartyEntry, ...],
    field: Callable[[str], str],
    faults: Faults,
) -> None:
    if party.role == PartyRole.PRINCIPAL:
        if party.represents is not None:
            faults.add(field("represents"), "当事人本人不代表他人；请把身份改为代理人或监护人。")
        return
    target = party.represents
    if target is None or not 0 <= target < len(all_parties) or target == at:
        faults.add(field("represents"), "请选择代表哪位当事人。")
    elif all_parties[target].role != PartyRole.PRINCIPAL:
        faults.add(field("represents"), "只能代表当事人本人。")


def _check_paper(party: PartyEntry) -> CheckedParty:
    number = party.paper_number.strip()
    if not number:
        return CheckedParty(replace(party, paper_number="", paper_kind=""))
    kind = party.paper_kind or _usual_paper(party)
    if kind == PaperKind.RESIDENT_ID:
        person = idnumbers.resident_id(number, today=timezone.localdate())
        entry = replace(party, paper_number=person.number, paper_kind=kind)
        return CheckedParty(entry, person.sex, person.birth_date, person.region_warning or "")
    if kind == PaperKind.CREDIT_CODE:
        return CheckedParty(replace(party, paper_number=idnumbers.credit_code(number), paper_kind=kind))
    return CheckedParty(replace(party, paper_number=clean_text(number, max_length=40).upper(), paper_kind=kind))


def _usual_paper(party: PartyEntry) -> str:
    return PaperKind.CREDIT_CODE if party.kind == PartyKind.ORGANISATION else PaperKind.RESIDENT_ID


def _check_twice(parties: tuple[CheckedParty, ...], faults: Faults) -> None:
    """One person stands once on one side in one role."""
    seen: set[tuple[str, str, str]] = set()
    for at, item in enumerate(parties):
        if not item.entry.paper_number:
            continue
        key = (item.entry.paper_number, item.entry.side, item.entry.role)
        if key in seen:
            faults.add(f"parties.{at}.paper_number", "这个证件号码在本案中已登记过。")
        seen.add(key)


def _write_party(party: Party, item: CheckedParty, at: int, rows: dict[int, Party]) -> None:
    entry = item.entry
    party.ordinal = at + 1
    party.side, party.kind, party.role = entry.side, entry.kind, entry.role
    party.represents = rows[entry.represents] if entry.represents is not None else None
    party.name, party.name_withheld = entry.name, entry.name_withheld
    party.initials = name_initials(entry.name)
    party.ethnic = entry.ethnic
    keep = entry.keep if party.pk else frozenset()
    if "paper_number" not in keep:
        party.sex, party.birth_date, party.paper_kind = item.sex, item.birth_date, entry.paper_kind
        party.seal_paper(entry.paper_number)
    if "phone" not in keep:
        party.seal_phone(entry.phone)
    if "address" not in keep:
        party.seal_address(entry.address)
    party.save()


def _title_from(narrative: str) -> str:
    """A title for those who did not type one: the first sentence of what happened, at most 30 characters."""
    for end in "。！？!?\n；;":
        narrative = narrative.split(end)[0]
    narrative = narrative.strip()
    return narrative if len(narrative) <= 30 else narrative[:29] + "…"
