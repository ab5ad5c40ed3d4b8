"""A small county for the simulation: towns, villages, departments, people, and many cases with limits to come."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection

from grids.actions import post_person
from grids.models import Organisation, OrganisationKind, Role, Territory
from intake import actions as cases
from intake.deadlines.queries import work_calendar
from intake.entries import CaseEntry, PartyEntry
from intake.models import Case
from referrals.actions import dispatch_with_slip
from referrals.models import DocumentKind
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User

COUNTY, TOWNS, VILLAGES = "990099", 4, 3
STARTS = date(2020, 1, 1)
K = OrganisationKind


@dataclass
class County:
    """Who takes part: people by organisation."""

    people: dict[int, User] = field(default_factory=dict)
    centre: Organisation | None = None
    leader: User | None = None

    def of(self, organisation_id: int) -> User:
        """Who works there."""
        return self.people[organisation_id]


def make_county() -> County:
    """Tables, places, organisations, one person for each; letters and supervisions issue by themselves."""
    call_command("load_tables", verbosity=0)
    DocumentKind.objects.filter(code__in=["reminder", "supervision"]).update(by_itself=True)
    county = County()
    top = None
    for code, name in (("99", "模拟省"), ("9900", "模拟市"), (COUNTY, "模拟县")):
        top = _place(code, name, top)
    assert top is not None  # noqa: S101 - three were made
    county.centre = _organisation(county, "模拟县综治中心", K.CENTRE, top, Role.MANAGER)
    for name in ("司法局", "民政局", "人社局", "农牧局"):
        _organisation(county, f"模拟县{name}", K.DEPARTMENT, top, Role.HANDLER)
    committee = _organisation(county, "模拟县政法委", K.DEPARTMENT, top, Role.LEADER)
    county.leader = county.of(committee.pk)
    for t in range(TOWNS):
        town = _place(f"{COUNTY}{100 + t}", f"第{t}镇", top)
        _organisation(county, f"第{t}镇综治中心", K.CENTRE, town, Role.MANAGER)
        _organisation(county, f"第{t}镇派出所", K.POLICE_STATION, town, Role.HANDLER)
        for v in range(VILLAGES):
            village = _place(f"{town.code}{200 + v}", f"第{t}镇第{v}村", town)
            _organisation(county, f"第{t}镇第{v}村综治中心", K.CENTRE, village, Role.MANAGER)
    return county


def make_cases(county: County, number: int, begins: datetime, days: int) -> None:
    """So many cases, three kinds of them at every village: taken on, handed out and not signed for, being handled.

    Their limits run out at the closing hours of the working days to come, evenly.
    """
    calendar = work_calendar()
    moments: list[datetime] = []
    day = begins.date()
    while len(moments) < max(days - 8, 1):
        day = calendar.nth_workday(day, 1)
        moments.append(calendar.closing_of(day))
    villages = list(Organisation.objects.filter(kind=K.CENTRE, territory__level=12).order_by("pk"))
    patterns = [pattern for village in villages for pattern in _patterns(county, village)]
    each = max(number // len(patterns), 1)
    for at, pattern in enumerate(patterns):
        _copy(pattern, each - 1, at, moments)


def _patterns(county: County, village: Organisation) -> list[Case]:
    actor = county.of(village.pk)
    police = Organisation.objects.get(kind=K.POLICE_STATION, territory=village.territory.parent)
    made = []
    for way in ("held", "handed", "signed"):
        entry = CaseEntry(
            narrative="模拟纠纷", territory=village.territory.code, category="0201", complexity="hard",
            parties=(PartyEntry(name="模拟当事人"),),
        )  # fmt: skip
        case = cases.register_case(entry, actor=actor)
        case = cases.accept_case(case, actor=actor)
        if way != "held":
            case = dispatch_with_slip(case, actor=actor, organisation=police)
        if way == "signed":
            case = cases.sign_for_case(case, actor=county.of(police.pk))
        made.append(case)
    return made


def _copy(pattern: Case, number: int, at: int, moments: list[datetime]) -> None:
    """Rows like those of a case, with its party, handling and running clocks; limits spread over `moments`."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "pattern": pattern.pk,
            "n": number,
            "at": at,
            "moments": moments,
            "early": timedelta(days=9),
        }
        for statement in STATEMENTS:
            cursor.execute(statement.format(**{table: _columns(cursor, table, but) for table, but in TABLES}), values)


def _columns(cursor: Any, table: str, but: tuple[str, ...]) -> str:
    cursor.execute(
        "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER' AND NOT column_name = ANY(%s)",
        [table, list(but)],
    )
    return str(cursor.fetchone()[0])


TABLES = (
    ("intake_case", ("id", "uid", "code")),
    ("intake_party", ("id", "uid", "case_id")),
    ("intake_handling", ("id", "case_id")),
    ("intake_clock", ("id", "case_id", "handling_id", "due_at", "next_at", "started_at", "warned_at")),
)
STATEMENTS = (
    """INSERT INTO intake_case (uid, code, {intake_case})
       SELECT gen_random_uuid(), 'S' || %(at)s || '-' || n, {intake_case}
       FROM intake_case, generate_series(1, %(n)s) n WHERE id = %(pattern)s""",
    """INSERT INTO intake_party (uid, case_id, {intake_party}) SELECT gen_random_uuid(), new.id, {intake_party}
       FROM intake_party p, (SELECT id FROM intake_case WHERE code LIKE 'S' || %(at)s || '-%%') new
       WHERE p.case_id = %(pattern)s""",
    """INSERT INTO intake_handling (case_id, {intake_handling}) SELECT new.id, {intake_handling}
       FROM intake_handling h, (SELECT id FROM intake_case WHERE code LIKE 'S' || %(at)s || '-%%') new
       WHERE h.case_id = %(pattern)s""",
    """INSERT INTO intake_clock (case_id, handling_id, due_at, next_at, started_at, warned_at, {intake_clock})
       SELECT new_case, handling, due, due, due - %(early)s, due - %(early)s, {intake_clock}
       FROM (SELECT k.*, new.id AS new_case, (%(moments)s::timestamptz[])[1 + (new.id + k.id) %%
                    cardinality(%(moments)s::timestamptz[])] AS due,
                    (SELECT h.id FROM intake_handling h WHERE h.case_id = new.id AND k.handling_id IS NOT NULL)
                    AS handling
             FROM intake_clock k, (SELECT id FROM intake_case WHERE code LIKE 'S' || %(at)s || '-%%') new
             WHERE k.case_id = %(pattern)s AND k.stopped_at IS NULL) c""",
)


def _place(code: str, name: str, parent: Territory | None) -> Territory:
    return Territory.objects.create(code=code, name=name, full_name=name, parent=parent, starts_on=STARTS)


def _organisation(county: County, name: str, kind: OrganisationKind, place: Territory, role: Role) -> Organisation:
    made = Organisation.objects.create(name=name, short_name=name, kind=kind, territory=place, starts_on=STARTS)
    person = create_user(username=f"sim-{made.pk}", name=f"{name}某")
    post_person(person, made, role, starts_on=STARTS)
    county.people[made.pk] = person
    return made
