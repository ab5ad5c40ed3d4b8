"""Stock characters and the small ground they stand on: a county, two towns, a few villages, the tables.

`make_ground()` builds it; every test that needs people asks for the fixture `ground` of `tests/conftest.py`.
"""

from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command

from devkit.demo.county import make_accounts, make_organisations, make_territories
from grids.actions import post_person
from grids.models import Organisation, OrganisationKind, Posting, Role, Territory
from intake.entries import CaseEntry, PartyEntry
from intake.models import Category
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User

STARTS = date(2025, 1, 1)
PASSWORD = "Zhongzhi-2026-demo"

PLACES = (
    ("15", "内蒙古自治区"),
    ("1505", "通辽市"),
    ("150526", "扎鲁特旗"),
    ("150526100", "鲁北镇"),
    ("150526103", "巨日合镇"),
    ("150526100001", "鲁北镇南环社区"),
    ("150526103200", "巨日合镇五家子村"),
    ("150526103201", "巨日合镇五道河子村"),
    ("150526103200001", "巨日合镇五家子村第1网格"),
    ("150526103201001", "巨日合镇五道河子村第1网格"),
)
K = OrganisationKind
ORGANISATIONS = (
    ("county_centre", "旗综治中心", K.CENTRE, "150526"),
    ("lubei_centre", "鲁北镇综治中心", K.CENTRE, "150526100"),
    ("juri_centre", "巨日合镇综治中心", K.CENTRE, "150526103"),
    ("village_centre", "五家子村综治中心", K.CENTRE, "150526103200"),
    ("justice_bureau", "司法局", K.DEPARTMENT, "150526"),
    ("labour_bureau", "人社局", K.DEPARTMENT, "150526"),
    ("politics_and_law", "政法委", K.DEPARTMENT, "150526"),
    ("juri_police", "巨日合镇派出所", K.POLICE_STATION, "150526103"),
    ("juri_justice", "巨日合镇司法所", K.JUSTICE_OFFICE, "150526103"),
    ("branded_room", "那顺金牌调解室", K.BRANDED_ROOM, "150526"),
)
PEOPLE = (
    ("clerk", "包萨仁", "county_centre", Role.CLERK),
    ("dispatcher", "韩冰", "county_centre", Role.DISPATCHER),
    ("manager", "李建国", "county_centre", Role.MANAGER),
    ("leader", "陈志强", "politics_and_law", Role.LEADER),
    ("handler", "王立新", "justice_bureau", Role.HANDLER),
    ("other_handler", "赵敏", "labour_bureau", Role.HANDLER),
    ("mediator", "那顺", "branded_room", Role.MEDIATOR),
    ("town_clerk", "刘芳", "juri_centre", Role.CLERK),
    ("town_dispatcher", "白玉山", "juri_centre", Role.DISPATCHER),
    ("town_manager", "孙海涛", "juri_centre", Role.MANAGER),
    ("town_handler", "高娃", "juri_justice", Role.HANDLER),
    ("village_manager", "付德柱", "village_centre", Role.MANAGER),
    ("grid_worker", "徐秀英", "village_centre", Role.GRID_WORKER),
    ("stranger", "邢磊", "lubei_centre", Role.DISPATCHER),
    ("system_admin", "周工", "county_centre", Role.SYSTEM_ADMIN),
    ("security_admin", "吴工", "county_centre", Role.SECURITY_ADMIN),
    ("auditor", "郑工", "county_centre", Role.AUDITOR),
)


@dataclass
class Ground:
    """Places by code, organisations and people by the names above: `ground.clerk`, `ground.county_centre`."""

    places: dict[str, Territory] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        for table in ("people", "organisations"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(name)


def load_tables() -> None:
    """Categories, clock rules and calendar, where they are not there already."""
    if not Category.objects.exists():
        call_command("load_tables", verbosity=0, stdout=StringIO())


def make_ground() -> Ground:
    """Build the tables, places, organisations and people. Passwords are unusable: tests use force_login, or
    `set_password(PASSWORD)` where the login itself is tested (hashing is slow on purpose)."""
    load_tables()
    ground = Ground()
    for code, name in PLACES:
        parent = next(
            (ground.places[code[:n]] for n in (12, 9, 6, 4, 2) if n < len(code) and code[:n] in ground.places),
            None,
        )
        ground.places[code] = Territory.objects.create(
            code=code, name=name, full_name=name, parent=parent, starts_on=STARTS
        )
    for key, name, kind, code in ORGANISATIONS:
        ground.organisations[key] = Organisation.objects.create(
            name=name, short_name=name, kind=kind, territory=ground.places[code], starts_on=STARTS
        )
    for username, name, organisation, role in PEOPLE:
        user = create_user(username=username, name=name)
        place = ground.organisations[organisation]
        area = ground.places["150526103200001"] if role == Role.GRID_WORKER else None
        post_person(user, place, role, starts_on=STARTS, area=area)
        ground.people[username] = user
    return ground


def make_demo_ground() -> None:
    """The tables, places, organisations and accounts of the demo county, without anything that happens there."""
    load_tables()
    make_territories(settings.BASE_DIR / "data" / "towns.csv")
    make_organisations()
    make_accounts()


def an_entry(**changes: Any) -> CaseEntry:
    """Story 2 of the domain as typed at a window: 岳某's land is short by three ridges."""
    values: dict[str, Any] = {
        "title": "土地少三垄",
        "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
        "request": "重新丈量，归还土地。",
        "territory": "150526103200",
        "category": "0901",
        "parties": (
            PartyEntry(name="岳某某", paper_number="152327196503152419", phone="13847500001"),
            PartyEntry(side="respondent", name="付某", phone="13847500002"),
        ),
    }
    return CaseEntry(**(values | changes))


def postings() -> list[Posting]:
    return list(Posting.objects.select_related("user", "organisation"))
