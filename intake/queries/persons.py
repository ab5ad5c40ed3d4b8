"""Who stands at the window: what the number tells, and whether the person was here before."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from intake.models import Case, PaperKind, PartyKind
from intake.queries.cases import earlier_cases
from zhongzhi.accounts.models import User
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import RuleViolation

ADULT = 18


@dataclass(frozen=True)
class PersonFacts:
    """What an identity number says, and the earlier cases of its holder that the asker may see."""

    earlier: QuerySet[Case]
    sex: str = ""
    birth_date: date | None = None
    age: int | None = None
    warning: str = ""


@dataclass(frozen=True)
class PersonTyped:
    """What stands in the row of a party so far."""

    paper_number: str = ""
    paper_kind: str = ""
    kind: str = PartyKind.PERSON
    phone: str = ""
    name: str = ""
    territory: str = ""


def facts_of_person(user: User, typed: PersonTyped) -> PersonFacts:
    """Sex, birth date and age from a resident identity number, and earlier cases by number, phone or name and place.

    Raises RuleViolation at `paper_number` for a number that cannot be right; a phone that is none finds nothing.
    """
    number, person = _number(typed.paper_number, typed.paper_kind, typed.kind)
    name, phone = typed.name.strip(), _phone(typed.phone)
    earlier = earlier_cases(user, paper_number=number, phone=phone, name=name, territory=typed.territory)[:5]
    if person is None:
        return PersonFacts(earlier)
    age = idnumbers.age_on(person.birth_date, timezone.localdate())
    return PersonFacts(earlier, person.sex, person.birth_date, age, person.region_warning or "")


def is_minor(paper_number: str) -> bool:
    """Whether a resident identity number is that of somebody under eighteen; not for what is no such number."""
    try:
        person = idnumbers.resident_id(paper_number, today=timezone.localdate())
    except RuleViolation:
        return False
    return idnumbers.age_on(person.birth_date, timezone.localdate()) < ADULT


def _number(paper_number: str, paper_kind: str, kind: str) -> tuple[str, idnumbers.ResidentId | None]:
    number = paper_number.strip()
    if not number:
        return "", None
    if paper_kind == PaperKind.CREDIT_CODE or (not paper_kind and kind == PartyKind.ORGANISATION):
        return idnumbers.credit_code(number), None
    if paper_kind in ("", PaperKind.RESIDENT_ID):
        person = idnumbers.resident_id(number, today=timezone.localdate())
        return person.number, person
    return number.upper(), None


def _phone(text: str) -> str:
    try:
        return idnumbers.phone(text) if text.strip() else ""
    except RuleViolation:
        return ""
