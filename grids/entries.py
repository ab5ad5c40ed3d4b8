"""What is handed in about a new county, people, reports and visits, before the actions have checked it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from grids.models import HazardKind, HazardLevel, HazardSource, Role, VisitReason


@dataclass(frozen=True)
class PersonEntry:
    """A person of the rosters as typed. `user` is the name of an account, where the person has one."""

    name: str
    phone: str = ""
    paper_number: str = ""
    public_phone: str = ""
    username: str = ""


@dataclass(frozen=True)
class ServiceEntry:
    """A period of service as typed. `place` is a code of a grid or village; of officers, `beat` names the beat."""

    kind: str
    place: str = ""
    beat: int | None = None
    title: str = ""
    households: int | None = None
    households_note: str = ""
    starts_on: date | None = None


@dataclass(frozen=True)
class HazardEntry:
    """A report as it leaves the phone. `uid` is the number that the phone gave it."""

    narrative: str
    place: str
    kind: str = HazardKind.DISPUTE
    level: str = HazardLevel.BLUE
    source: str = HazardSource.PATROL
    place_detail: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    other_side: str = ""
    is_urgent: bool = False
    found_at: datetime | None = None
    uid: UUID | None = None


@dataclass(frozen=True)
class VisitEntry:
    """A visit as it leaves the phone."""

    place: str
    household: str
    reason: str = VisitReason.ROUTINE
    note: str = ""
    visited_on: date | None = None
    plan: int | None = None
    uid: UUID | None = None


@dataclass(frozen=True)
class TownEntry:
    """A town of a new county, by its nine digits."""

    code: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class CountyEntry:
    """The county that an installation is for, with what lies above it. `centre` is its centre's full name."""

    code: str
    name: str
    prefecture: str
    province: str
    centre: str = ""
    towns: tuple[TownEntry, ...] = ()


@dataclass(frozen=True)
class OfficerEntry:
    """One of the people an installation begins with."""

    role: Role
    name: str
    username: str


@dataclass(frozen=True)
class AccountEntry:
    """Who gets an account."""

    username: str
    name: str
    phone: str = ""


@dataclass(frozen=True)
class PostEntry:
    """A post as typed. `deputises_for` is the name of the account whose work is done for a time (代理)."""

    organisation: int
    role: str
    starts_on: date
    ends_on: date | None = None
    title: str = ""
    deputises_for: str = ""
