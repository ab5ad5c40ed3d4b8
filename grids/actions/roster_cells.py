"""The cells of a row of a roster's table: read, compared, put on person and service; every fault in words."""

from datetime import date
from typing import Any

from django.utils import timezone

from grids.actions.roster_snapshot import Plan, RosterSnapshot
from grids.actions.rules import households_fault
from grids.actions.tables import ROSTER, day_of, whole_number
from grids.models import RosterPerson, Service, roster_hash, roster_hashes
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import DomainError
from zhongzhi.core.text import clean_text, name_key

TITLES = {column.name: column.title for column in ROSTER}
UNITS = {"households": "户"}


class Cells:
    """The cells of a row, read with their faults noted on the plan."""

    def __init__(self, plan: Plan, cells: dict[str, str]) -> None:
        self.plan, self.cells = plan, cells

    def text(self, name: str, limit: int) -> str:
        try:
            return clean_text(self.cells.get(name, ""), max_length=limit)
        except DomainError as error:
            self.plan.fault(f"{TITLES[name]}：{error.message}")
            return ""

    def day(self, name: str) -> date | None:
        try:
            return day_of(self.cells.get(name, ""), TITLES[name])
        except DomainError as error:
            self.plan.fault(error.message)
            return None

    def number(self, name: str) -> int | None:
        try:
            return whole_number(self.cells.get(name, ""), TITLES[name], UNITS.get(name, ""))
        except DomainError as error:
            self.plan.fault(error.message)
            return None

    def external(self) -> tuple[str, str] | None:
        system, number = self.text("system", 30), self.text("number", 60)
        return (system, number) if system and number else None

    def change(self, row: Any, name: str, value: Any) -> None:
        """Set a column where the table has it and it differs, and note its title."""
        if name in self.cells and getattr(row, name) != value:
            setattr(row, name, value)
            self.plan.changes.append(TITLES[name])


def fill_person(person: RosterPerson, given: Cells, snapshot: RosterSnapshot) -> None:
    name = name_key(given.text("name", 50))
    if not name:
        given.plan.fault("请填写姓名。")
    given.change(person, "name", name)
    given.change(person, "public_phone", given.text("public_phone", 30))
    _fill_phone(person, given)
    _fill_paper(person, given, snapshot)
    _fill_account(person, given, snapshot)


def _fill_phone(person: RosterPerson, given: Cells) -> None:
    text = given.cells.get("phone", "")
    if not text.strip() or "*" in text:
        return
    try:
        number = idnumbers.phone(text)
    except DomainError as error:
        given.plan.fault(f"手机：{error.message}")
        return
    if person.phone_hash is None or bytes(person.phone_hash) not in roster_hashes("phone", number):
        person.seal_phone(number)
        given.plan.changes.append(TITLES["phone"])


def _fill_paper(person: RosterPerson, given: Cells, snapshot: RosterSnapshot) -> None:
    text = given.cells.get("paper_number", "")
    if not text.strip() or "*" in text:
        return
    try:
        number = idnumbers.resident_id(text, today=timezone.localdate()).number
    except DomainError as error:
        given.plan.fault(f"身份证号：{error.message}")
        return
    sealed, known = roster_hash("paper", number) or b"", roster_hashes("paper", number)
    if person.paper_hash is not None and bytes(person.paper_hash) in known:
        return
    other = next((snapshot.papers[value] for value in known if value in snapshot.papers), None)
    claimed = snapshot.reservations.papers.get(sealed, given.plan.number)
    if claimed != given.plan.number or (other is not None and other != person.pk):
        given.plan.fault("这个身份证号在名册或本表中已属于另一个人。")
        return
    snapshot.reservations.papers[sealed] = given.plan.number
    person.seal_paper(number)
    given.plan.changes.append(TITLES["paper_number"])


def _fill_account(person: RosterPerson, given: Cells, snapshot: RosterSnapshot) -> None:
    account = given.cells.get("username", "").strip().lower()
    if not account:
        return
    user = snapshot.users.get(account)
    if user is None:
        given.plan.fault(f"没有用户名为“{account[:30]}”的账号。")
        return
    if person.user_id == user.pk:
        return
    claimed = snapshot.reservations.accounts.get(account, given.plan.number)
    if claimed != given.plan.number or snapshot.accounts.get(user.pk, person.pk) != person.pk:
        given.plan.fault(f"账号“{account[:30]}”在名册或本表中已属于另一个人。")
        return
    snapshot.reservations.accounts[account] = given.plan.number
    person.user = user
    given.plan.changes.append(TITLES["username"])


def fill_service(service: Service, given: Cells) -> None:
    given.change(service, "title", given.text("title", 40))
    given.change(service, "households_note", given.text("households_note", 200))
    given.change(service, "households", given.number("households"))
    if service.households is not None and (wrong := households_fault(service)):
        given.plan.fault(wrong)
