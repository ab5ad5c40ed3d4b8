"""Somebody leaves: everything that hangs on the person is given away in one act, then posts and account end."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from grids.extension_points import WorkKind, unattended, work_kinds
from grids.models import Posting, PostProposal
from grids.permissions import may_keep_account
from grids.queries.people import colleagues, keeps_installation
from grids.verbs import Verb
from zhongzhi.accounts.actions import end_other_sessions
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import required_text
from zhongzhi.notices.actions import post as notify
from zhongzhi.rows.periods import not_over

NOT_KEEPER = "这个账号不由您管理，请联系系统管理员。"


@dataclass(frozen=True)
class HeldWork:
    """What one person holds of a kind."""

    kind: WorkKind
    items: list[str]


def held_work(person: User) -> list[HeldWork]:
    """Everything open that hangs on a person, by kind; kinds of which there is nothing are left out."""
    found = [HeldWork(kind, kind.held(person)) for kind in work_kinds]
    return [held for held in found if held.items]


def left_unattended(person: User) -> list[str]:
    """What of an organisation's work nobody could do once the person has left."""
    return [sentence for reader in unattended for sentence in reader(person)]


@transaction.atomic
def leave(person: User, successors: Mapping[str, User], *, actor: User, reason: str, closes: bool = True) -> int:
    """Give what a person holds to the successors, by kind; with `closes` end posts, account and sessions.

    How many things went over. All or nothing: RuleViolation at the kind that has no successor, or one who does not
    serve at an organisation of the person, and where an organisation's open work would have nobody who may do it;
    nothing is left without somebody who minds it.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    require(may_keep_account(actor, person), NOT_KEEPER)
    reason = required_text(reason, field="reason", missing="请写明交接的原因。", max_length=200)
    if not person.is_active:
        raise InvalidTransition("这个账号已经停用。")
    given = _give_all(person, successors, actor)
    if closes:
        if alone := left_unattended(person):
            raise RuleViolation(f"{alone[0]}，请先为它安排人员，再办理离岗。")
        _close(person, actor)
    record(actor, Verb.WORK_HANDED_OVER, person, given=given, reason=reason, closed=closes)
    return sum(given.values())


def _give_all(person: User, successors: Mapping[str, User], actor: User) -> dict[str, int]:
    given: dict[str, int] = {}
    told: dict[User, list[str]] = {}
    for held in held_work(person):
        name, title, count = held.kind.name, held.kind.title, len(held.items)
        successor = _checked(successors.get(name), person, held)
        held.kind.give(person, successor, actor)
        record(actor, Verb.WORK_TAKEN_OVER, successor, kind=name, items=count, of=person.pk)
        given[name] = count
        told.setdefault(successor, []).append(f"{title} {count} 件")
    if left := held_work(person):
        raise RuleViolation(f"还有{left[0].kind.title}没有交出去：{left[0].items[0]}。")
    for successor, words in told.items():
        key = f"taken-over:{person.pk}:{successor.pk}:{timezone.now():%Y%m%d%H%M%S}"
        title = f"{person.name}的工作已交给您"
        notify([successor], "work_taken_over", title=title, body="；".join(words), link="/", key=key)
    return given


def _checked(successor: User | None, person: User, held: HeldWork) -> User:
    """Who takes a kind over: in office, another, no administrator, at an organisation of the person."""
    field = held.kind.name
    if successor is None:
        raise RuleViolation(f"请为“{held.kind.title}”选择接手人（{len(held.items)} 件）。", field=field)
    if successor.pk == person.pk or not successor.is_active or keeps_installation(successor):
        raise RuleViolation("接手人须是在岗的其他业务人员。", field=field)
    if not colleagues(person).filter(pk=successor.pk).exists():
        raise RuleViolation(f"{successor.name}不在离岗人所在的机构任职，请先办理任职。", field=field)
    return successor


def _close(person: User, actor: User) -> None:
    """Posts end today, those still to come never begin; the account and its sessions end."""
    today = timezone.localdate()
    PostProposal.objects.filter(user=person, granted=None).delete()
    for post in Posting.objects.select_for_update().filter(not_over(today), user=person).order_by("pk"):
        record(actor, Verb.POSTING_ENDED, person, posting=post.pk, ends_on=today)
        if post.starts_on >= today:
            post.delete()
        else:
            post.ends_on = today
            post.save(update_fields=["ends_on"])
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_other_sessions(person, keep=None)
    record(actor, Verb.ACCOUNT_CLOSED, person)
