"""The rules of an entry, checked once for page, API and import; every fault is told at its field."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from grids.models import Level, Territory
from grids.queries import find_open_territory
from intake.actions.parties import CheckedParty, Faults, check_parties
from intake.actions.places import check_places
from intake.entries import CASE, CaseEntry
from intake.lifecycle import State
from intake.models import Case, Category, ExternalReference
from intake.queries import cases_visible_to, find_leaf, title_from
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation
from zhongzhi.core.text import clean_text, number_key
from zhongzhi.web.shapes import Choice, Line, Text

GRADES = ("complexity", "risk")
LINES = tuple((name, kind.longest, isinstance(kind, Text)) for name, kind in CASE.items() if isinstance(kind, Line))
CODES = tuple((name, kind.values) for name, kind in CASE.items() if isinstance(kind, Choice))
"""What is cleaned and what is compared of every entry, found out once."""
AS_TYPED = tuple(
    name
    for name in CASE
    if name not in ("title", "category", "territory", "other_places", *GRADES, "external_system", "external_number")
)
"""What goes to the column of its name as it was typed; the others have a way of their own."""
AMENDABLE = ("title", "category", "territory", *(name for name in AS_TYPED if name not in ("channel", "is_restricted")))
"""The columns that may be corrected once it is a case: grades and channel stay, outside numbers are linked, and the
places it concerns have rows of their own."""


class NumberKnown(InvalidTransition):
    """A case has this number of the sender already; `context["case"]` is its code, for who may see it."""

    code = "number_known"
    told = ("case",)


@dataclass(frozen=True)
class CheckedEntry:
    """An entry that may become a case."""

    entry: CaseEntry
    territory: Territory | None
    category: Category | None
    parties: tuple[CheckedParty, ...]
    other_places: tuple[Territory, ...] = ()


@dataclass(frozen=True)
class Tables:
    """Where an entry's codes are looked up: in the database, or for an import in what was read of it once."""

    place: Callable[[str], Territory] = find_open_territory
    leaf: Callable[[str], Category] = find_leaf


IN_DATABASE = Tables()


def check_entry(
    entry: CaseEntry, *, draft: bool = False, tables: Tables = IN_DATABASE, known: Case | None = None
) -> CheckedEntry:
    """Check and normalise an entry. A draft may lack what happened, the place and the parties; a `known` case may
    keep its place and category although they have been retired since.

    Raises RuleViolation whose `errors` name every faulty field: `narrative`, `territory`, `category`,
    `parties.0.paper_number` and so on.
    """
    faults = Faults()
    entry = _clean_texts(entry, faults)
    _check_codes(entry, faults)
    _check_facts(entry, faults, draft)
    same_place = known is not None and known.territory is not None and known.territory.code == entry.territory
    territory = known.territory if known and same_place else _territory(entry, faults, draft, tables)
    category = known.category if known and known.category_id == entry.category else None
    if entry.category and category is None:
        with faults.at("category"):
            category = tables.leaf(entry.category)
    other_places = (
        check_places(entry.other_places, territory, faults, tables.place, known) if entry.other_places else ()
    )
    parties = check_parties(entry, faults, draft)
    faults.raise_if_any()
    return CheckedEntry(entry, territory, category, parties, other_places)


def write_entry(case: Case, checked: CheckedEntry) -> None:
    """Put the checked values on the case's columns; the caller saves. Grades are set by who registers or grades."""
    entry = checked.entry
    for name in AS_TYPED:
        setattr(case, name, getattr(entry, name))
    case.title = title_of(checked)
    case.category, case.territory = checked.category, checked.territory


def title_of(checked: CheckedEntry) -> str:
    """The title as it was typed, else what the entry is called by."""
    entry = checked.entry
    return entry.title or title_from(entry.parties, checked.category, entry.narrative)


def link_external(case: Case, entry: CaseEntry, *, actor: User) -> None:
    """Keep the number the case has in the system it came from; a draft of somebody gives it up to who registers.

    Raises NumberKnown at `external_number` when that number is registered already, naming the case to who may see it.
    """
    if not entry.external_number:
        return
    row, _ = ExternalReference.objects.select_related("case").get_or_create(
        system=entry.external_system, number=entry.external_number, defaults={"case": case}
    )
    if row.case_id == case.pk:
        return
    if row.case.status == State.DRAFT:
        ExternalReference.objects.filter(pk=row.pk).update(case=case)
        return
    known = cases_visible_to(actor).filter(pk=row.case_id).exists()
    says = f"来源编号 {entry.external_number} 已登记{f'为 {row.case.code}' if known else ''}，请勿重复登记。"
    if known:
        raise NumberKnown(says, field="external_number", case=row.case.code)
    raise NumberKnown(says, field="external_number")


def _clean_texts(entry: CaseEntry, faults: Faults) -> CaseEntry:
    cleaned: dict[str, Any] = {}
    for name, longest, multiline in LINES:
        if text := getattr(entry, name):
            with faults.at(name):
                text = number_key(text, field=name) if name == "external_number" else text
                cleaned[name] = clean_text(text, field=name, max_length=longest, multiline=multiline)
    changed = {name: text for name, text in cleaned.items() if text != getattr(entry, name)}
    return replace(entry, **changed) if changed else entry


def _check_codes(entry: CaseEntry, faults: Faults) -> None:
    for name, values in CODES:
        if getattr(entry, name) not in values:
            faults.add(name, f"没有“{getattr(entry, name)}”这个选项。")


def _check_facts(entry: CaseEntry, faults: Faults, draft: bool) -> None:
    if not entry.narrative and not draft:
        faults.add("narrative", "请写明事情经过。")
    if entry.occurred_on and entry.occurred_on > timezone.localdate():
        faults.add("occurred_on", "发生日期不能晚于今天。")
    if entry.amount is not None and entry.amount < 0:
        faults.add("amount", "金额不能为负数。")
    if entry.external_number and not entry.external_system:
        faults.add("external_system", "填写来源编号时，请同时写明来源系统。")


def _territory(entry: CaseEntry, faults: Faults, draft: bool, tables: Tables) -> Territory | None:
    if not entry.territory:
        if not draft:
            faults.add("territory", "请选择发生地。")
        return None
    with faults.at("territory"):
        place = tables.place(entry.territory)
        if place.level < Level.COUNTY:
            raise RuleViolation("发生地至少要选到旗县。", field="territory")
        return place
    return None
