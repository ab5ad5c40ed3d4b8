"""What each row of a table of people would do, and doing it: one row, one person in one post.

A user name that is new gets an account, without a password until its slip is printed; one that is known gets one more
post. Who may give which post, and which posts are confirmed first, is the rule of the pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from grids.actions.people import NOT_YOURS, end_post, give_post
from grids.actions.roster_snapshot import Plan
from grids.actions.tables import PEOPLE, day_of
from grids.entries import PostEntry
from grids.models import Organisation, Posting, PostProposal, Role, Verdict
from grids.permissions import may_post
from grids.queries import organisations
from grids.verbs import Verb
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError
from zhongzhi.core.text import clean_text
from zhongzhi.rows.periods import not_over

TITLES = {column.name: column.title for column in PEOPLE}
ROLES = {role.label: role for role in Role}
Key = tuple[str, int, str]


@dataclass
class PeopleReservations:
    """Of the whole table: whose name goes with a user name, and in which row each post stands."""

    names: dict[str, str] = field(default_factory=dict)
    posts: dict[Key, int] = field(default_factory=dict)


@dataclass
class PeopleSnapshot:
    """What a chunk of rows is compared with, read at once."""

    actor: User
    users: dict[str, User]
    places: dict[str, Organisation]
    held: dict[Key, Posting]
    waiting: set[Key]
    reservations: PeopleReservations


@dataclass
class PersonPlan(Plan):
    """What one row would do: open an account where there is none, give a post or end the one that is held."""

    username: str = ""
    name: str = ""
    phone: str = ""
    user: User | None = None
    entry: PostEntry | None = None
    held: Posting | None = None


def reserve_person_again(number: int, cells: dict[str, str], verdict: str, reservations: PeopleReservations) -> None:
    """What a faultless row laid claim to, as an interrupted check had it."""
    reservations.names.setdefault(_username(cells), cells.get("name", "").strip())


def read_people(
    rows: Sequence[dict[str, str]], actor: User, reservations: PeopleReservations, *, lock: bool = False
) -> PeopleSnapshot:
    """Everything a chunk of rows refers to, in a fixed number of queries."""
    known = User.objects.select_for_update() if lock else User.objects
    names = {_username(cells) for cells in rows}
    users = {u.username.lower(): u for u in known.filter(username__in=names).order_by("pk")}
    called = {cells.get("organisation", "").strip() for cells in rows}
    places = {o.short_name: o for o in organisations().filter(short_name__in=called)}
    places |= {o.name: o for o in organisations().filter(name__in=called)}
    today = timezone.localdate()
    posts = Posting.objects.filter(not_over(today), user__in=users.values())
    held = {
        (p.user.username.lower(), p.organisation_id, p.role): p for p in posts.select_related("user", "organisation")
    }
    proposed = PostProposal.objects.filter(granted=None, user__in=users.values()).select_related("user")
    waiting = {(p.user.username.lower(), p.organisation_id, p.role) for p in proposed}
    return PeopleSnapshot(actor, users, places, held, waiting, reservations)


def plan_person(number: int, cells: dict[str, str], snapshot: PeopleSnapshot) -> PersonPlan:
    """What the row would do; every fault in words."""
    said = (cells.get("name", ""), _username(cells), cells.get("organisation", ""), cells.get("role", ""))
    plan = PersonPlan(number, username=_username(cells), label=" ".join(said)[:120])
    _plan_account(plan, cells, snapshot)
    try:
        starts, ends = (day_of(cells.get(name, ""), TITLES[name]) for name in ("starts_on", "ends_on"))
        _plan_post(plan, cells, snapshot, starts or timezone.localdate(), ends)
    except DomainError as error:
        plan.fault(error.message)
    return plan


def write_people(plans: Sequence[PersonPlan], actor: User) -> None:
    """Write a chunk of faultless plans by the acts of the pages."""
    opened: dict[str, User] = {}
    with transaction.atomic():
        for plan in plans:
            if plan.verdict == Verdict.SAME or plan.entry is None:
                continue
            if plan.held is not None and plan.entry.ends_on is not None:
                end_post(plan.held, ends_on=plan.entry.ends_on, actor=actor)
                continue
            user = plan.user or opened.get(plan.username) or _open(plan, actor)
            opened[plan.username] = user
            give_post(user, plan.entry, actor=actor)


def _open(plan: PersonPlan, actor: User) -> User:
    """An account that nobody can sign in with before its slip is printed."""
    known = User.objects.filter(username=plan.username).first()
    if known is not None:
        return known
    user = create_user(username=plan.username, name=plan.name, phone=plan.phone, must_change_password=True, actor=actor)
    record(actor, Verb.ACCOUNT_OPENED, user, by="table")
    return user


def _username(cells: dict[str, str]) -> str:
    return cells.get("username", "").strip().lower()


def _plan_account(plan: PersonPlan, cells: dict[str, str], snapshot: PeopleSnapshot) -> None:
    plan.user = snapshot.users.get(plan.username)
    try:
        plan.name = clean_text(cells.get("name", ""), max_length=50)
        plan.phone = clean_text(cells.get("phone", ""), max_length=20)
    except DomainError as error:
        plan.fault(error.message)
    if not plan.name or not plan.username:
        plan.fault("请填写姓名和用户名。")
    elif not plan.username.replace("_", "").replace(".", "").replace("-", "").isalnum():
        plan.fault(f"用户名“{plan.username[:30]}”只能用字母、数字和 . - _。")
    elif len(plan.username) > 150:
        plan.fault("用户名过长。")
    said = plan.user.name if plan.user else snapshot.reservations.names.setdefault(plan.username, plan.name)
    if said != plan.name:
        plan.fault(f"用户名“{plan.username[:30]}”已是另一个人（{said}）的，请换一个。")
    if plan.user is not None and (not plan.user.is_active or plan.user.kind != UserKind.PERSON):
        plan.fault(f"账号“{plan.username[:30]}”已停用，或属于外部系统。")


def _plan_post(
    plan: PersonPlan, cells: dict[str, str], snapshot: PeopleSnapshot, starts: date, ends: date | None
) -> None:
    called, label = cells.get("organisation", "").strip(), cells.get("role", "").strip()
    place, role = snapshot.places.get(called), ROLES.get(label)
    if place is None or role is None:
        missing = f"机构“{called[:30]}”；请写全称或简称" if place is None else f"岗位“{label[:20]}”"
        plan.fault(f"没有{missing}。")
        return
    if not may_post(snapshot.actor, place, role, plan.user):
        plan.fault(NOT_YOURS)
    key = (plan.username, place.pk, str(role))
    if snapshot.reservations.posts.setdefault(key, plan.number) != plan.number:
        plan.fault(f"这个人的这个岗位在第 {snapshot.reservations.posts[key]} 行已出现过。")
    plan.held = snapshot.held.get(key)
    plan.entry = PostEntry(place.pk, role, starts, ends, cells.get("title", "").strip()[:40])
    if not plan.faults:
        _judge(plan, ends, waits=key in snapshot.waiting)


def _judge(plan: PersonPlan, ends: date | None, *, waits: bool) -> None:
    """An end of what is held, something new, or nothing to do."""
    assert plan.entry is not None
    if plan.held is not None:
        if ends is not None and plan.held.ends_on is None:
            plan.verdict, plan.changes = Verdict.ENDED, [TITLES["ends_on"]]
            _check_end(plan, ends)
    elif not waits:
        plan.verdict = Verdict.CHANGED if plan.user else Verdict.NEW
        plan.changes = [TITLES["role"]] if plan.user else []
        if ends is not None and ends <= plan.entry.starts_on:
            plan.fault("离任日期应晚于任职日期。")


def _check_end(plan: PersonPlan, ends: date) -> None:
    if plan.held is not None and ends <= plan.held.starts_on:
        plan.fault(f"离任日期应晚于任职日期（{plan.held.starts_on}）。")
