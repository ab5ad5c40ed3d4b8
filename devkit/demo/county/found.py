"""What was found and done in the demo county: 357 hazards, plans of this month, outreach, duty of this week."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from devkit.demo.county.territory import COUNTY
from grids.lifecycle import HazardState
from grids.models import (
    Hazard,
    HazardKind,
    HazardLevel,
    HazardSource,
    Level,
    Organisation,
    OutreachEvent,
    PlannedVisit,
    RosterPerson,
    Shift,
    Territory,
)
from zhongzhi.accounts.models import User

HAZARDS = 357
FIRST_DAY = date(2026, 1, 5)
VILLAGE = "150526103200"
D, S = HazardKind.DISPUTE, HazardKind.SAFETY
STORIES = (
    (D, "yellow", "两户因地界相争，犁地时发生口角。", "按台账丈量，重新立桩，双方签字。"),
    (D, "blue", "羊群进了邻居的玉米地，吃了两垄苗。", "当场估价赔偿，约定修好羊圈。"),
    (S, "yellow", "院外电线老化下垂，儿童常从下面经过。", "通知供电所当天加固。"),
    (D, "orange", "儿女为老人赡养费分担争吵，老人住处无人照看。", "约定每月分担数额，轮流照看。"),
    (S, "blue", "灌溉渠边护栏缺失一段。", "村委会补装护栏。"),
    (D, "blue", "婚宴酒席钱没有结清，饭店上门讨要。", "对账后分两次付清。"),
    (S, "orange", "独居老人家煤炉烟道堵塞。", "帮助疏通并装报警器。"),
    (D, "yellow", "打工的工钱拖了两个月。", "雇主到场当面结清。"),
    (S, "yellow", "有人打电话自称客服，要村民转账。", "当场劝阻，并在村屯群提醒。"),
)
PLANS = ("1 组王家（独居老人）", "2 组李家（地界纠纷回访）", "3 组赵家（外出务工留守）", "村口小卖部", "出租房 2 户")
TALKS = (("anti_fraud", "防电信诈骗宣讲"), ("law", "土地承包法律咨询"), ("safety", "冬季取暖防火"))


def make_found() -> int:
    """Make hazards and talks where there are none, plans and duty for today's month and week; how many rows."""
    made = 0
    if not Hazard.objects.filter(is_demo=True).exists():
        made += len(Hazard.objects.bulk_create(_hazards()))
        made += len(OutreachEvent.objects.bulk_create(_talks()))
    month = timezone.localdate().replace(day=1)
    if not PlannedVisit.objects.filter(is_demo=True, month=month).exists():
        made += len(PlannedVisit.objects.bulk_create(_plans(month)))
    return made + _make_duty()


def _hazards() -> Iterator[Hazard]:
    """One in every fourth grid or so; nine in ten settled, every seventh a call to come."""
    grids = list(Territory.objects.filter(level=Level.GRID, code__startswith=COUNTY, is_demo=True).order_by("code"))
    worker, centre = (User.objects.get(username=name) for name in ("wangge", "fenliu"))
    for n in range(HAZARDS):
        grid = grids[n * 389 % len(grids)]
        found = _moment(FIRST_DAY + timedelta(days=n * 13 % 310), 8 + n % 10, n * 7 % 60)
        own = grid.code.startswith(VILLAGE)
        yield _hazard(n, grid, found, worker if own else centre)


def _hazard(n: int, grid: Territory, found: datetime, by: User) -> Hazard:
    kind, level, story, result = STORIES[n % len(STORIES)]
    state = HazardState.OPEN if n % 29 == 0 else HazardState.WATCHED if n % 13 == 0 else HazardState.SOLVED
    solved = state == HazardState.SOLVED
    urgent = n % 7 == 0
    return Hazard(
        territory=grid,
        kind=kind,
        level=HazardLevel(level),
        source=(HazardSource.PATROL, HazardSource.VILLAGER, HazardSource.GROUP)[n % 3],
        status=state,
        narrative=story,
        is_urgent=urgent,
        is_demo=True,
        found_at=found,
        reported_at=found,
        reported_by=by,
        first_on_spot_at=found + timedelta(minutes=6 + n % 17) if urgent and solved else None,
        result=result if solved else "",
        watch_until=found.date() + timedelta(days=60) if state == HazardState.WATCHED else None,
        ended_at=found + timedelta(hours=3 + n % 20) if solved else None,
    )


def _talks() -> Iterator[OutreachEvent]:
    by = User.objects.get(username="fenliu")
    villages = Territory.objects.filter(level=Level.VILLAGE, code__startswith=COUNTY, is_demo=True).order_by("code")
    for n, village in enumerate(villages[::3]):
        kind, topic = TALKS[n % 3]
        held = FIRST_DAY + timedelta(days=n * 4)
        yield OutreachEvent(
            territory=village,
            kind=kind,
            topic=topic,
            held_on=held,
            reached=24 + n * 7 % 60,
            is_demo=True,
            created_by=by,
        )


def _plans(month: date) -> Iterator[PlannedVisit]:
    grids = Territory.objects.filter(level=Level.GRID, code__startswith=VILLAGE).order_by("code")
    reasons = ("care", "dispute", "care", "key_place", "rented")
    for grid in grids:
        for household, reason in zip(PLANS, reasons, strict=True):
            yield PlannedVisit(territory=grid, month=month, household=household, reason=reason, is_demo=True)


def _make_duty() -> int:
    """A turn of a day each at the county centre and in the village of the stories, for this week."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    made = 0
    for name, people in DUTY.items():
        place = Organisation.objects.get(name=name)
        if place.shifts.filter(starts_at__gte=_moment(monday, 0)).exists():
            continue
        persons = [_person(username) for username in people]
        rows = [_turn(place, persons[n % len(persons)], monday + timedelta(days=n), n) for n in range(7)]
        made += len(Shift.objects.bulk_create(rows))
    return made


DUTY = {
    "扎鲁特旗社会治安综合治理中心": ("zhuren", "fenliu"),
    "巨日合镇综治中心": ("juri-zhuren", "juri-fenliu"),
    "巨日合镇五家子村综治中心": ("wujiazi", "wangge"),
}


def _turn(place: Organisation, person: RosterPerson, day: date, n: int) -> Shift:
    starts = _moment(day, 8, 30)
    return Shift(
        organisation=place, person=person, leads=n % 2 == 0, starts_at=starts, ends_at=starts + timedelta(days=1)
    )


def _person(username: str) -> RosterPerson:
    user = User.objects.get(username=username)
    person, _ = RosterPerson.objects.get_or_create(user=user, defaults={"name": user.name, "is_demo": True})
    return person


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
