"""The first start of an installation: its county, the county's centre, and the people who can sign in to go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from grids.actions.postings import post_person
from grids.entries import CountyEntry, OfficerEntry
from grids.models import Level, Organisation, OrganisationKind, Role, Territory
from grids.queries.national import county_code, require_no_county
from grids.roles import ADMINISTRATORS, SECOND_FACTOR_ROLES
from grids.verbs import Verb
from zhongzhi.accounts.actions import create_user, require_second_factor
from zhongzhi.accounts.models import User
from zhongzhi.accounts.passwords import one_time_password
from zhongzhi.audit.actions import AuditEvent, record, record_all
from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.core.text import clean_text

PLACES_SINCE = date(2000, 1, 1)
"""Places stood before the program did; rosters and cases of former years refer to them."""
SETTLING_IN = timedelta(days=7)
"""From the day of the first start until leaders, managers and administrators must show a second factor."""
CENTRE_NAME = "{}社会治安综合治理中心"
SET_UP_LOCK = 0x7A7A_0002
APART = "系统管理员、安全管理员、审计员须由不同的人担任，且不兼业务岗位"


@dataclass(frozen=True)
class FirstAccount:
    """An account with its one-time password, which is kept nowhere else."""

    user: User
    role: Role
    password: str = field(repr=False)


@dataclass(frozen=True)
class FirstStart:
    """What was made."""

    county: Territory
    centre: Organisation
    towns: int
    accounts: tuple[FirstAccount, ...]


@transaction.atomic
def set_up_county(entry: CountyEntry, officers: Sequence[OfficerEntry]) -> FirstStart:
    """Make the county with what lies above it, its towns and its centre, and open an account for each officer.

    Everybody gets a one-time password and must choose another at the first sign-in. Raises InvalidTransition where a
    county stands already, BadInput for a code or name that is wrong, RuleViolation unless there is exactly one of
    each of the three administrators, each a different person. All or nothing.
    """
    _wait_for_others()
    require_no_county()
    code = county_code(entry.code)
    _require_apart(officers)
    county = _upper_places(code, entry)
    towns = _towns(county, entry)
    centre = _centre(county, entry.centre)
    accounts = tuple(_open_account(officer, centre) for officer in officers)
    require_second_factor(SECOND_FACTOR_ROLES, starts_on=timezone.localdate() + SETTLING_IN)
    people = {str(account.role): account.user.pk for account in accounts}
    record(None, Verb.COUNTY_SET_UP, county, code=code, centre=centre.pk, towns=towns, people=people)
    return FirstStart(county, centre, towns, accounts)


def _wait_for_others() -> None:
    """Of two who set up at once the second waits, and then finds a county."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SET_UP_LOCK])


def _require_apart(officers: Sequence[OfficerEntry]) -> None:
    roles = [officer.role for officer in officers]
    if missing := [role.label for role in Role if role in ADMINISTRATORS and roles.count(role) != 1]:
        raise RuleViolation(f"{'、'.join(missing)}须有且只有一人。")
    for values in ([o.name for o in officers], [o.username.lower() for o in officers]):
        if twice := next((value for value in values if values.count(value) > 1), ""):
            raise RuleViolation(f"“{twice}”出现了两次：{APART}。同名的两人请在姓名后加以区分。")


def _upper_places(code: str, entry: CountyEntry) -> Territory:
    """Province, prefecture and county, one below the other; the county."""
    province = _place(code[: Level.PROVINCE], entry.province, None, "province")
    prefecture = _place(code[: Level.PREFECTURE], entry.prefecture, province, "prefecture")
    return _place(code, entry.name, prefecture, "name")


def _place(code: str, name: str, parent: Territory | None, at: str) -> Territory:
    clean = clean_text(name, field=at, max_length=60)
    if not clean:
        raise BadInput(f"请填写 {code} 的名称。", field=at)
    place = Territory.objects.create(code=code, name=clean, full_name=clean, parent=parent, starts_on=PLACES_SINCE)
    record(None, Verb.PLACE_OPENED, place, by="set_up")
    return place


def _towns(county: Territory, entry: CountyEntry) -> int:
    if strange := next((town.code for town in entry.towns if not town.code.startswith(county.code)), ""):
        raise BadInput(f"乡镇代码 {strange} 不属于{county.name}。", field="towns")
    rows = [
        Territory(
            code=town.code, name=town.name, full_name=town.name, kind=town.kind, parent=county, starts_on=PLACES_SINCE
        )
        for town in entry.towns
    ]
    Territory.objects.bulk_create(rows)
    record_all([AuditEvent(None, Verb.PLACE_OPENED, row, {"by": "set_up"}) for row in rows])
    return len(rows)


def _centre(county: Territory, name: str) -> Organisation:
    full = clean_text(name, field="centre", max_length=80) or CENTRE_NAME.format(county.name)
    centre = Organisation.objects.create(
        name=full,
        short_name=f"{county.name}综治中心"[:30],
        kind=OrganisationKind.CENTRE,
        territory=county,
        starts_on=timezone.localdate(),
    )
    record(None, Verb.ORGANISATION_REGISTERED, centre, kind=str(centre.kind), territory=county.pk)
    return centre


def _open_account(officer: OfficerEntry, centre: Organisation) -> FirstAccount:
    password = one_time_password()
    if not officer.name.strip():
        raise BadInput(f"请填写{officer.role.label}的姓名。", field=str(officer.role))
    user = create_user(username=officer.username, name=officer.name, password=password, must_change_password=True)
    post_person(user, centre, officer.role, starts_on=centre.starts_on, title=officer.role.label)
    return FirstAccount(user, officer.role, password)
