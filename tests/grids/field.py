"""The field around the stock characters: a beat with its officer, the roster row of the grid worker, heads."""

from grids.actions import appoint, post_person
from grids.entries import PersonEntry, ServiceEntry
from grids.models import Beat, BeatGrid, Role, RosterPerson, Service, Territory
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User

GRID, OTHER_GRID = "150526103200001", "150526103201001"
VILLAGE, OTHER_VILLAGE = "150526103200", "150526103201"


def an_officer(ground: Ground, *codes: str) -> User:
    """An officer of 巨日合镇派出所 whose beat covers these grids (the story's grid by default)."""
    beat = Beat.objects.create(name=f"警格{Beat.objects.count() + 1}", station=ground.juri_police, starts_on=STARTS)
    for code in codes or (GRID,):
        BeatGrid.objects.create(beat=beat, territory=Territory.objects.get(code=code), starts_on=STARTS)
    user = create_user(username=f"officer{beat.pk}", name="乌力吉")
    post_person(user, ground.juri_police, Role.HANDLER, starts_on=STARTS)
    person = RosterPerson.objects.create(name="乌力吉", user=user)
    Service.objects.create(person=person, kind="officer", beat=beat, starts_on=STARTS)
    return user


def a_worker(ground: Ground, name: str = "王海", *, place: str = GRID, username: str = "", **facts: object) -> Service:
    """A full-time worker of a grid, appointed by the county's manager."""
    entry = ServiceEntry("full_time", place, starts_on=STARTS, **facts)
    return appoint(entry, PersonEntry(name, phone="13847500009", username=username), actor=ground.manager)


def a_head(ground: Ground, name: str = "李长福", *, place: str = GRID, households: int = 15) -> Service:
    entry = ServiceEntry("household_head", place, households=households, households_note="第 1—15 户", starts_on=STARTS)
    return appoint(entry, PersonEntry(name, phone="13847500010"), actor=ground.manager)
