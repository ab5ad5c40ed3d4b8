"""The office as the model of the random walk knows it: places, organisations, posts, what a post may, limits.

Written from the rules of the office. Nothing here is read from the program: where the two differ, one is wrong.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.people import ORGANISATIONS, PEOPLE
from zhongzhi.core.worktime import SHANGHAI

REGISTRARS = frozenset({"clerk", "dispatcher", "manager", "grid_worker", "handler", "api_client"})
WINDOW = frozenset({"clerk", "dispatcher", "manager"})
SORTERS = frozenset({"dispatcher", "manager"})
WORKERS = frozenset({"handler", "mediator", "manager", "dispatcher"})
SHARING = WINDOW | {"handler", "mediator"}
MANAGER, LEADER = frozenset({"manager"}), frozenset({"leader"})
ISSUERS = SORTERS | LEADER
PAPER_READERS = WINDOW | {"leader", "api_client", "handler"}

GRID = "150526103200001"


@dataclass(frozen=True)
class Org:
    """An organisation: what kind, at which place."""

    name: str
    kind: str
    place: str


@dataclass(frozen=True)
class Post:
    """What a person serves as, where; the own grid of those who work in the field."""

    org: str
    role: str
    area: str = ""


ORGS = {key: Org(name, str(kind), code) for key, name, kind, code in ORGANISATIONS} | {
    "committee": Org("巨日合镇人民调解委员会", "mediation_committee", "150526103"),
    "court": Org("巨日合镇人民法庭", "court", "150526103"),
}
POSTS: dict[str, tuple[Post, ...]] = {
    name: (Post(org, str(role), GRID if role == "grid_worker" else ""),) for name, _, org, role in PEOPLE
} | {
    "town_mediator": (Post("committee", "mediator"),),
    "officer": (Post("juri_police", "handler"), Post("village_centre", "manager")),
    "system": (Post("lubei_centre", "api_client"),),
}
PARTY = tuple(POSTS)
BODIES = {"committee": ("peoples",), "branded_room": ("branded", "peoples")}


def at(who: str, org: str | None, roles: frozenset[str]) -> bool:
    """Whether the person serves at this organisation in one of these roles; at none, never."""
    return org is not None and any(post.org == org and post.role in roles for post in POSTS[who])


def may_decide(who: str, author: str, org: str | None, roles: frozenset[str]) -> bool:
    """Four eyes: nobody decides on what is their own, unless nobody else of the organisation could."""
    return who != author or not any(at(other, org, roles) for other in POSTS if other != who)


def holds(who: str, roles: frozenset[str]) -> bool:
    """Whether the person serves in one of these roles anywhere."""
    return any(post.role in roles for post in POSTS[who])


def subtrees(who: str) -> set[str]:
    """Places whose whole subtree is open: of a centre to those at its window, of any organisation to its leaders."""
    found = set()
    for post in POSTS[who]:
        org = ORGS[post.org]
        if post.role in ("leader", "api_client") or (post.role in WINDOW and org.kind == "centre"):
            found.add(org.place)
    return found


def workplaces(who: str) -> set[str]:
    """Organisations whose work the person shares."""
    return {post.org for post in POSTS[who] if post.role in SHARING}


def areas(who: str) -> set[str]:
    """The own grids of those who work in the field."""
    return {post.area for post in POSTS[who] if post.area}


def below(place: str, roots: set[str]) -> bool:
    """Whether a place is one of these, or lies in one."""
    return any(place.startswith(root) for root in roots)


def tier(centre: str) -> str:
    """The tier a centre stands on."""
    return {12: "village", 9: "town"}.get(len(ORGS[centre].place), "county")


def centre_for(place: str) -> str:
    """The centre that answers for a place: its own, or the nearest above."""
    codes = [place[:n] for n in (12, 9, 6) if n <= len(place)]
    return next(key for code in codes for key, org in ORGS.items() if (org.kind, org.place) == ("centre", code))


def above(centre: str) -> str | None:
    """The next centre above another; None at the county."""
    place = ORGS[centre].place
    return centre_for(place[:-1]) if len(place) > 6 else None


def reach(centre: str) -> list[str]:
    """Whom a centre may hand a case to: all below it, and those of the town and the county above."""
    place = ORGS[centre].place
    near = {place[:6], place[:9]}
    return [key for key, org in ORGS.items() if key != centre and (org.place.startswith(place) or org.place in near)]


def may_register_in(who: str, place: str) -> bool:
    """Who serves at a centre registers what people bring, others what happened on their organisation's ground."""
    if not holds(who, REGISTRARS):
        return False
    posts = [p for p in POSTS[who] if p.role in REGISTRARS]
    anywhere = any(p.role == "api_client" or ORGS[p.org].kind == "centre" for p in posts)
    return anywhere or any(place.startswith(ORGS[p.org].place) for p in posts)


def receiving_centre(who: str, place: str) -> str:
    """Where what a person registers comes in: at the own centre, or at that of the place."""
    own = [p.org for p in POSTS[who] if p.role in REGISTRARS and ORGS[p.org].kind == "centre"]
    return own[0] if own and not holds(who, frozenset({"api_client"})) else centre_for(place)


# --- limits: the walk happens in weeks without holidays, so that a working day is Monday to Friday ------------------

FIRST_MORNING = datetime(2026, 6, 29, 9, tzinfo=SHANGHAI)
LAST_DAY = date(2026, 8, 18)  # nothing is waited for beyond; limits that run further are not reckoned
PLAIN_UNTIL = date(2026, 9, 18)
CLOSING = time(17, 30)
LIMITS: dict[str, tuple[int, str]] = {
    "triage": (1, "working_day"),
    "dispatch": (1, "working_day"),
    "fallback": (1, "working_day"),
    "sign": (1, "working_day"),
    "return": (1, "working_day"),
    "handle:simple": (1, "day"),
    "handle:ordinary": (7, "day"),
    "handle:complex": (20, "day"),
    "handle:hard": (30, "day"),
    "tier:village": (3, "working_day"),
    "tier:town": (7, "working_day"),
    "review": (2, "working_day"),
    "follow_up": (7, "day"),
    "mediate": (1, "month"),
    "med_labour": (15, "day"),
}
PETITION = {"triage": (15, "day"), "return": (5, "working_day"), "handle": (60, "day")}


def limit_of(kind: str, *, complexity: str, tier: str, channel: str) -> tuple[int, str] | None:
    """How long a limit is; petitions have their own, the county has none for its tier."""
    if channel == "05" and kind in PETITION:
        return PETITION[kind]
    return LIMITS.get({"handle": f"handle:{complexity}", "tier": f"tier:{tier}"}.get(kind, kind))


def most_extensions(kind: str, *, complexity: str, channel: str) -> int:
    """How often a limit may be extended."""
    if kind == "handle":
        return 1 if complexity == "hard" or channel == "05" else 2
    return int(kind == "mediate")


def due(start: datetime, amount: int, unit: str) -> datetime | None:
    """The closing of the last day, rolled on to a working day; None beyond the weeks without holidays."""
    day = start.astimezone(SHANGHAI).date()
    if unit == "working_day":
        while amount:
            day += timedelta(days=1)
            amount -= day.weekday() < 5
    elif unit == "day":
        day += timedelta(days=amount)
    else:
        day = _months_after(day, amount)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, CLOSING, SHANGHAI) if day <= PLAIN_UNTIL else None


def _months_after(day: date, months: int) -> date:
    first = date(day.year, day.month + months, 1)
    last = (date(first.year, first.month + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))
