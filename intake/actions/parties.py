"""The parties of an entry: the rules of their names, numbers and roles, and their rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import uuid4

from django.db.models import Model, ProtectedError
from django.utils import timezone

from grids.models import Organisation
from grids.queries import account_by_name, account_by_number, known_organisation
from intake.bulk_copy import alike
from intake.entries import PARTY, CaseEntry, PartyEntry
from intake.insert_together import insert_together
from intake.models import Capacity, Case, PaperKind, Party, PartyKind, PartyRole
from intake.models.party import FOR_THEMSELVES
from intake.queries.guardians import ADULT, WORKING
from zhongzhi.accounts.models import User
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import DomainError, RuleViolation
from zhongzhi.core.idnumbers import age_on
from zhongzhi.core.pinyin import name_initials
from zhongzhi.core.text import clean_text, name_key, number_key
from zhongzhi.web.shapes import Choice, Line

MAX_PARTIES = 30
LONGEST = {name: kind.longest for name, kind in PARTY.items() if isinstance(kind, Line)}
CODES = tuple(
    (name, kind.values if kind.required else kind.values | {"", None})
    for name, kind in PARTY.items()
    if isinstance(kind, Choice)
)


class Faults:
    """Faults by field, gathered so that a clerk sees all of them at once."""

    def __init__(self) -> None:
        self.by_field: dict[str, list[str]] = {}

    def add(self, field: str, message: str) -> None:
        self.by_field.setdefault(field, []).append(message)

    def at(self, field: str) -> "_At":
        """Note a refusal raised inside under this field, and go on."""
        return _At(self, field)

    def raise_if_any(self) -> None:
        if self.by_field:
            raise RuleViolation(next(iter(self.by_field.values()))[0], errors=self.by_field)


class _At:
    """What `Faults.at` gives; a plain class, for an import enters it a dozen times a row."""

    def __init__(self, faults: Faults, field: str) -> None:
        self._faults, self._field = faults, field

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, DomainError):
            return False
        self._faults.add(self._field, error.message)
        return True


@dataclass(frozen=True)
class CheckedParty:
    """A party whose numbers are normalised; sex and birth date come from the identity number."""

    entry: PartyEntry
    sex: str = ""
    birth_date: date | None = None
    warning: str = ""
    works_at: Organisation | None = None


def write_parties(case: Case, parties: tuple[CheckedParty, ...], *beside: Sequence[Model]) -> list[Party]:
    """Make the case's parties what the entry says: kept by uid, added, taken off. What else is new is written with
    them, in the same statement where the case is new itself."""
    if case._state.adding:
        return _write_first_parties(case, parties, beside)
    insert_together(*beside)
    existing = {str(p.uid): p for p in case.parties.all()}
    kept = {p.entry.uid for p in parties if p.entry.uid in existing}
    _take_off(case, kept)
    rows: dict[int, Party] = {}
    principals_first = sorted(enumerate(parties), key=lambda pair: pair[1].entry.role not in FOR_THEMSELVES)
    for at, item in principals_first:
        rows[at] = existing.get(item.entry.uid) or Party(case=case)
        _write_party(rows[at], item, at, rows)
    return [rows[at] for at in sorted(rows)]


def _write_first_parties(
    case: Case, parties: tuple[CheckedParty, ...], beside: Sequence[Sequence[Model]]
) -> list[Party]:
    """The parties of a case that is new: those who stand for themselves in one statement, who acts for them in one."""
    rows: dict[int, Party] = {}
    for themselves in (True, False):
        here = [at for at, item in enumerate(parties) if (item.entry.role in FOR_THEMSELVES) == themselves]
        for at in here:
            rows[at] = Party(case=case)
            _fill_party(rows[at], parties[at], at, rows)
        insert_together([rows[at] for at in here], *(beside if themselves else ()))
    return [rows[at] for at in sorted(rows)]


def _take_off(case: Case, kept: set[str]) -> None:
    """Take off the parties that the entry does not name any more; those that papers refer to must stay."""
    try:
        case.parties.exclude(uid__in=kept).delete()
    except ProtectedError as error:
        raise RuleViolation(
            "有当事人已写入调解材料或者群体名册，不能移除；可改为更正其信息。", field="parties"
        ) from error


def check_parties(entry: CaseEntry, faults: Faults, draft: bool) -> tuple[CheckedParty, ...]:
    """Check and normalise the parties of an entry; faults are noted at `parties.0.name` and so on."""
    if not entry.parties and not draft:
        faults.add("parties", "请填写申请人姓名，或勾选“不愿透露姓名”。")
    if len(entry.parties) > MAX_PARTIES:
        faults.add("parties", f"一件案件最多登记 {MAX_PARTIES} 位当事人。")
    checked = tuple(_check_party(p, i, entry.parties, faults) for i, p in enumerate(entry.parties))
    _check_twice(checked, faults)
    _check_capacity(checked, faults)
    return checked


def _check_party(party: PartyEntry, at: int, all_parties: tuple[PartyEntry, ...], faults: Faults) -> CheckedParty:
    def field(name: str) -> str:
        return f"parties.{at}.{name}"

    _check_party_codes(party, field, faults)
    _check_represents(party, at, all_parties, field, faults)
    name, address = party.name, party.address
    with faults.at(field("name")):
        name = name_key(clean_text(party.name, max_length=LONGEST["name"]))
        if party.name_withheld == bool(name):
            raise RuleViolation("请填写姓名，或勾选“不愿透露姓名”（二者选一）。")
    if address:
        with faults.at(field("address")):
            address = clean_text(party.address, max_length=LONGEST["address"])
    phone = party.phone
    with faults.at(field("phone")):
        phone = _phone(party)
    if (name, address, phone) != (party.name, party.address, party.phone):
        party = replace(party, name=name, address=address, phone=phone)
    works_at = _works_at(party, field, faults)
    with faults.at(field("paper_number")):
        checked = _check_paper(party)
        return replace(checked, works_at=works_at) if works_at else checked
    return CheckedParty(party, works_at=works_at)


def _works_at(party: PartyEntry, field: Callable[[str], str], faults: Faults) -> Organisation | None:
    """The organisation of whom a complaint is about; nobody else is asked for one."""
    if party.role != PartyRole.ACCUSED:
        return None
    found = known_organisation(party.works_at)
    if found is None:
        wrong = (
            f"没有名为“{party.works_at}”的单位，请填写全称。" if party.works_at.strip() else "请填写被反映人所在单位。"
        )
        faults.add(field("works_at"), wrong)
    return found


def _phone(party: PartyEntry) -> str:
    """One number that can be dialled; or what a table said, where it is not that."""
    if party.phone_as_told:
        return clean_text(party.phone, max_length=LONGEST["phone"])
    return idnumbers.phone(party.phone) if party.phone.strip() else ""


def _check_party_codes(party: PartyEntry, field: Callable[[str], str], faults: Faults) -> None:
    for name, values in CODES:
        if (value := getattr(party, name)) not in values:
            what = "这种证件" if name == "paper_kind" else "这个选项"
            faults.add(field(name), f"没有“{value}”{what}。")


def _check_represents(
    party: PartyEntry,
    at: int,
    all_parties: tuple[PartyEntry, ...],
    field: Callable[[str], str],
    faults: Faults,
) -> None:
    if party.role in FOR_THEMSELVES:
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
        is_clean = (party.paper_number, party.paper_kind) == ("", "")
        return CheckedParty(party if is_clean else replace(party, paper_number="", paper_kind=""))
    kind = party.paper_kind or _usual_paper(party)
    if kind == PaperKind.RESIDENT_ID:
        person = idnumbers.resident_id(number, today=timezone.localdate())
        entry = replace(party, paper_number=person.number, paper_kind=kind)
        return CheckedParty(entry, person.sex, person.birth_date, person.region_warning or "")
    if kind == PaperKind.CREDIT_CODE:
        return CheckedParty(replace(party, paper_number=idnumbers.credit_code(number), paper_kind=kind))
    return CheckedParty(
        replace(party, paper_number=number_key(clean_text(number, max_length=40)).upper(), paper_kind=kind)
    )


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


def _check_capacity(parties: tuple[CheckedParty, ...], faults: Faults) -> None:
    """Who acts alone must be old enough, who acts for others of age and not on the other side (民法典 art. 18, 27)."""
    if not any(item.entry.capacity or item.entry.role == PartyRole.GUARDIAN for item in parties):
        return
    today = timezone.localdate()
    for at, item in enumerate(parties):
        age = age_on(item.birth_date, today) if item.birth_date else None
        if item.entry.capacity == Capacity.FULL and age is not None and age < WORKING:
            faults.add(f"parties.{at}.capacity", "未满十六周岁的，不能按完全民事行为能力登记（民法典第十八条）。")
        if item.entry.role != PartyRole.GUARDIAN:
            continue
        if age is not None and age < ADULT:
            faults.add(f"parties.{at}.paper_number", "监护人应当是成年人，请核对号码。")
        if any(_is_adversary(item, other) for other in parties):
            faults.add(f"parties.{at}.role", "监护人是本案对方当事人，利益冲突，请登记其他监护人或由有关组织指定。")


def _is_adversary(guardian: CheckedParty, other: CheckedParty) -> bool:
    one, two = guardian.entry, other.entry
    same = bool(one.paper_number) and one.paper_number == two.paper_number
    return same and two.role == PartyRole.PRINCIPAL and one.side != two.side


def new_parties(parties: tuple[CheckedParty, ...]) -> list[Party]:
    """The parties of a case that has no key yet, not yet written. Only for entries without agents: those refer to
    written rows."""
    rows: dict[int, Party] = {}
    for at, item in enumerate(parties):
        rows[at] = alike(_blank_party())
        rows[at].uid = uuid4()
        _fill_party(rows[at], item, at, rows)
    return list(rows.values())


@cache
def _blank_party() -> Party:
    """What new ones of many are copied from: that is several times quicker than to make each."""
    return Party()


def _account_of(party: Party, entry: PartyEntry) -> User | None:
    """The account of whom a complaint is about, by person number or by name and organisation; kept once known."""
    found = account_by_number(entry.paper_number) if entry.paper_number else None
    return found or account_by_name(entry.name, party.works_at) or party.account


def _write_party(party: Party, item: CheckedParty, at: int, rows: dict[int, Party]) -> None:
    _fill_party(party, item, at, rows)
    party.save()


def _fill_party(party: Party, item: CheckedParty, at: int, rows: dict[int, Party]) -> None:
    entry = item.entry
    party.ordinal = at + 1
    party.side, party.kind, party.role = entry.side, entry.kind, entry.role
    party.represents = rows[entry.represents] if entry.represents is not None else None
    party.works_at = item.works_at
    party.account = _account_of(party, entry) if item.works_at else None
    party.name, party.name_withheld = entry.name, entry.name_withheld
    party.capacity = entry.capacity if entry.kind == PartyKind.PERSON else ""
    party.initials = name_initials(entry.name)
    keep = entry.keep if party.pk else frozenset()
    if "ethnic" not in keep:
        party.ethnic = entry.ethnic
    if "paper_number" not in keep:
        party.sex, party.birth_date, party.paper_kind = item.sex, item.birth_date, entry.paper_kind
        party.seal_paper(entry.paper_number)
    if "phone" not in keep:
        party.seal_phone(entry.phone)
    if "address" not in keep:
        party.seal_address(entry.address)
