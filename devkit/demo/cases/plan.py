"""When each invented dispute comes and goes. Pure arithmetic: no database, the same for the same day.

Two groups of centres, the county's and those of towns and villages. In each group as many disputes are open at the end
of every month as at its beginning, so that in the year up to today as many were concluded as were accepted: what is
accepted and not resolved is the one dispute of each group that could not be settled. 1 of 250 is 99.6 %, 1 of 320 is
99.7 %, both together 2 of 570 are 99.6 % again.

So it stays for `CALM` days after: whatever was accepted in as many days at the beginning of the year was concluded the
same day, and what was open then was concluded later. As the year moves on, both lose the same cases, in each town.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2025, 1, 1)
CALM = 63
"""Days after the demo was made for which its year loses as many resolved as accepted: few, and settled on the day."""
CALM_SHARE = 0.5
SLOW_DAYS = (1, 1, 1, 2, 2, 2, 3, 3, 5, 5, 6, 7, 9, 12, 17, 24)


@dataclass(frozen=True)
class Living:
    """One dispute that is open today: its state, since how many days, how complex, in whose hands."""

    state: str
    age: int
    complexity: str = "ordinary"
    handler: str = ""
    centre: str = ""
    risk: str = "blue"
    place: str = ""

    @property
    def where(self) -> str:
        """The code of the place."""
        return self.centre or self.place


@dataclass(frozen=True)
class Group:
    """One group of centres: disputes of the last year and of the time before, how many are settled on the day."""

    name: str
    cases: int
    earlier: int
    quick: float
    unresolved_earlier: int
    living: tuple[Living, ...]


JURI, LUBEI, VILLAGE = "150526103", "150526100", "150526103200"
COUNTY_GROUP = Group("county", 250, 190, 0.3, 2, (
    Living("accepted", 0, "complex", risk="orange", place="150526100"), Living("accepted", 1, place="150526101"),
    Living("dispatched", 0, handler="司法局", place="150526103"),
    Living("dispatched", 1, handler="人社局", place="150526100"),
    Living("handling", 19, "complex", handler="人社局", place="150526102"),
    Living("handling", 3, handler="司法局", place="150526104"),
    Living("handling", 4, "complex", handler="那顺调解室", place="150526100"),
    Living("suspended", 9, "complex", handler="司法局", place="150526200"),
))  # fmt: skip
TOWNS_GROUP = Group("towns", 320, 240, 0.55, 3, (
    Living("accepted", 0, centre=JURI), Living("dispatched", 0, handler="巨日合镇司法所", centre=JURI),
    Living("dispatched", 2, handler="巨日合镇派出所", centre=JURI),
    Living("handling", 3, handler="巨日合镇司法所", centre=JURI),
    Living("handling", 16, "complex", handler="巨日合镇司法所", centre=JURI, risk="yellow"),
    Living("handling", 2, "complex", centre=JURI), Living("accepted", 0, "simple", centre=VILLAGE),
    Living("handling", 1, "ordinary", centre=VILLAGE), Living("accepted", 1, centre=LUBEI),
    Living("dispatched", 1, handler="鲁北镇司法所", centre=LUBEI),
    Living("handling", 6, handler="鲁北镇派出所", centre=LUBEI, risk="red"),
    Living("handling", 5, centre="150526101"), Living("handling", 10, "complex", centre="150526104"),
    Living("suspended", 8, "complex", centre="150526203"),
))  # fmt: skip
REGISTERED = (
    Living("registered", 0), Living("registered", 0, "simple"), Living("registered", 5, risk="yellow"),
    Living("registered", 0, centre=JURI), Living("registered", 0, "simple", centre=JURI),
    Living("registered", 6, centre=LUBEI), Living("registered", 0, "simple", centre=VILLAGE),
    Living("registered", 7, centre="150526101"),
)  # fmt: skip
HOW_MANY = sum(group.cases + group.earlier for group in (COUNTY_GROUP, TOWNS_GROUP)) + len(REGISTERED)
"""All disputes that are planned."""


@dataclass(frozen=True)
class Planned:
    """One dispute: when what happened to it. The `twin` of one that was open when the year began is open now, at the
    same place: so each town, too, concluded in the year as many as it accepted."""

    group: str
    accepted: datetime
    state: str = "closed"
    concluded: datetime | None = None
    is_quick: bool = False
    is_resolved: bool = True
    living: Living | None = None
    twin: Living | None = None
    random: Random = field(default_factory=lambda: Random(0), compare=False)


def year_before(day: date) -> date:
    """The first day of the year that ends with `day`."""
    back = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day.replace(year=day.year - 1, day=28)
    return back + timedelta(days=1)


def planned(now: datetime) -> list[Planned]:
    """All disputes up to now, the earliest first."""
    found = [case for group in (COUNTY_GROUP, TOWNS_GROUP) for case in _of_group(group, now)]
    found += [Planned("registered", _since(now, life), "registered", living=life) for life in REGISTERED]
    found.sort(key=lambda case: case.accepted)
    return [replace(case, random=Random(f"demo:{at}")) for at, case in enumerate(found)]


def _of_group(group: Group, now: datetime) -> list[Planned]:
    random = Random(group.name)
    start = year_before(now.astimezone(ZONE).date())
    alive = [Planned(group.name, _since(now, life), life.state, living=life) for life in group.living]
    ended = _ended(group, random, max(FIRST_DAY, year_before(start - timedelta(days=1))), start, now)
    return [*alive, *_with_ends(ended, group, alive, random, start, now)]


def _ended(group: Group, random: Random, first: date, start: date, now: datetime) -> list[Planned]:
    until = now.astimezone(ZONE).date() - timedelta(days=1)
    times = _spread(group.earlier, first, start - timedelta(days=1), random)
    times += _spread(group.cases - len(group.living), start, until, random, calm=start + timedelta(days=CALM))
    quick = [_is_calm(at, start) or random.random() < group.quick for at in times]
    unsettled = _unsettled(group, len(times))
    return [
        Planned(group.name, at, is_quick=fast and n not in unsettled, is_resolved=n not in unsettled)
        for n, (at, fast) in enumerate(zip(times, quick, strict=True))
    ]


def _unsettled(group: Group, number: int) -> set[int]:
    """Some of the time before, one of the last year."""
    step = group.earlier // (group.unresolved_earlier + 1)
    return {step * n for n in range(1, group.unresolved_earlier + 1)} | {number - number // 6}


def _is_calm(at: datetime, start: date) -> bool:
    return start <= at.date() < start + timedelta(days=CALM)


def _spread(number: int, first: date, last: date, random: Random, *, calm: date = FIRST_DAY) -> list[datetime]:
    """So many moments between two days, evenly over working days, a few on others, fewer before `calm` ends, a little
    more of late."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weights = [(1 if day.weekday() < 5 else 0.2) * (1 + 0.25 * n / len(days)) for n, day in enumerate(days)]
    weights = [weight * (CALM_SHARE if day < calm else 1) for day, weight in zip(days, weights, strict=True)]
    total, passed, found, at = sum(weights), 0.0, [], 0
    for n in range(number):
        aim = (n + 0.5) * total / number
        while passed + weights[at] < aim:
            passed, at = passed + weights[at], at + 1
        found.append(datetime.combine(days[at], office_time(random), ZONE))
    return sorted(found)


def _with_ends(
    ended: list[Planned], group: Group, alive: list[Planned], random: Random, start: date, now: datetime
) -> list[Planned]:
    """Give every dispute its end; as many are open at each turn of a month, at the year's first day and now."""
    done: list[Planned] = [replace(c, concluded=_same_day(c.accepted, random)) for c in ended if c.is_quick]
    waiting, slow = [], [c for c in ended if not c.is_quick]
    opens = slow[0].accepted
    for end in [*_turns(opens, start, now), now]:
        waiting += [c for c in slow if opens <= c.accepted < end]
        keep = 0 if end == now else max(0, len(group.living) - sum(c.accepted < end for c in alive))
        cut = max(0, len(waiting) - keep)
        done += [replace(c, concluded=_end(c.accepted, opens, end, random)) for c in waiting[:cut]]
        waiting, opens = waiting[cut:], end
        if end == datetime.combine(start, time.min, ZONE):
            waiting = [replace(c, twin=life) for c, life in zip(waiting, group.living, strict=True)]
    return _in_review(done)


def _in_review(done: list[Planned]) -> list[Planned]:
    """The last few wait for review."""
    done.sort(key=lambda case: case.concluded or case.accepted)
    late = [n for n, case in enumerate(done) if not case.is_quick][-3:]
    return [replace(case, state="concluded") if n in late else case for n, case in enumerate(done)]


def _turns(first: datetime, start: date, now: datetime) -> list[datetime]:
    """Turns of months between two moments, the first day of the last year, and the end of its calm days."""
    day, found = first.date().replace(day=1), {start, start + timedelta(days=CALM)}
    while (day := (day + timedelta(days=32)).replace(day=1)) <= now.astimezone(ZONE).date():
        found.add(day)
    return sorted(datetime.combine(turn, time.min, ZONE) for turn in found)


def _end(accepted: datetime, opens: datetime, closes: datetime, random: Random) -> datetime:
    """Some days after it was accepted, within this span."""
    day = accepted.date() + timedelta(days=random.choice(SLOW_DAYS))
    aim = datetime.combine(day, office_time(random), ZONE)
    first = max(accepted + timedelta(hours=1), opens + timedelta(hours=random.choice((9, 10, 15, 33, 57))))
    if first >= closes:
        first = max(accepted, opens) + (closes - max(accepted, opens)) / 2
    last = closes - timedelta(minutes=random.randint(5, 90))
    return max(first, min(aim, last)) if first < last else first


def _same_day(accepted: datetime, random: Random) -> datetime:
    evening = datetime.combine(accepted.date(), time(21), ZONE)
    return min(accepted + timedelta(minutes=random.randint(25, 200)), evening)


def _since(now: datetime, life: Living) -> datetime:
    """Some days ago, in the morning; today shortly before now."""
    if life.age == 0:
        return now - timedelta(minutes=40)
    return datetime.combine(now.astimezone(ZONE).date() - timedelta(days=life.age), time(9, 40), ZONE)


def office_time(random: Random) -> time:
    """A moment of the office's day."""
    minutes = random.randint(0, 389)
    at = 8 * 60 + 30 + minutes if minutes < 210 else 14 * 60 + 30 + minutes - 210
    return time(at // 60, at % 60, random.randint(0, 59))
