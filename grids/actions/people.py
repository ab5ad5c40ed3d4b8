"""A person's life in the office: account and first post, more posts, deputising, the review of wide posts."""

from datetime import date
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grids.actions.leaving import held_work
from grids.actions.postings import end_posting, post_person
from grids.entries import AccountEntry, PostEntry
from grids.models import FormerName, Organisation, Posting, PostProposal, Role
from grids.permissions import is_wide, may_confirm_post, may_keep_account, may_post
from grids.queries.people import people_without_password, reviewers_of
from grids.queries.places import organisation_of
from grids.roles import ADMINISTRATORS
from grids.verbs import Verb
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.actions.people import one_time_end
from zhongzhi.accounts.models import User
from zhongzhi.accounts.passwords import one_time_password
from zhongzhi.accounts.queries import people
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text, required_text
from zhongzhi.notices.actions import post as notify

NOT_YOURS = "您不能办理这个岗位：只能为本单位和下级任职，不能给自己、上级或同级负责人任职。"
NOT_KEEPER = "这个账号不由您管理，请联系系统管理员。"

SLIPS_AT_ONCE = 30


@transaction.atomic
def open_account(account: AccountEntry, post: PostEntry, *, actor: User) -> tuple[User, str]:
    """Open an account with its first post; the account and its one-time password, which is kept nowhere.

    Without a post there is no account. Raises what `give_post` and `create_user` raise.
    """
    require(may_post(actor, organisation_of(post.organisation), post.role), NOT_YOURS)
    password = one_time_password()
    phone = clean_text(account.phone, field="phone", max_length=20)
    name = clean_text(account.name, field="name", max_length=50)
    user = create_user(
        username=account.username, name=name, phone=phone, password=password, must_change_password=True, actor=actor
    )
    record(actor, Verb.ACCOUNT_OPENED, user)
    give_post(user, post, actor=actor)
    return user, password


@transaction.atomic
def change_account(person: User, *, name: str, phone: str, actor: User) -> User:
    """Correct a name or a phone.

    The user name stays, the trail knows people by it, and stories keep the name of then.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    require(may_keep_account(actor, person), NOT_KEEPER)
    name = required_text(name, field="name", missing="请填写姓名。", max_length=50)
    values = {"name": name, "phone": clean_text(phone, field="phone", max_length=20)}
    changed = [key for key, value in values.items() if getattr(person, key) != value]
    if "name" in changed:
        FormerName.objects.create(user=person, name=person.name)
    for key in changed:
        setattr(person, key, values[key])
    person.save(update_fields=changed or ["name"])
    record(actor, Verb.ACCOUNT_CHANGED, person, fields=changed)
    return person


@transaction.atomic
def give_post(person: User, entry: PostEntry, *, actor: User) -> Posting | PostProposal:
    """Let a person serve in a role for a period; a post of wide sight waits for the security administrator.

    Raises PermissionDenied outside the rule of `may_post`, RuleViolation for an account that is closed, a period that
    does not fit, a deputy without an end, posts that exclude one another.
    """
    organisation = organisation_of(entry.organisation)
    require(may_post(actor, organisation, entry.role, person), NOT_YOURS)
    if not person.is_active:
        raise RuleViolation("这个账号已停用，不能再任职。")
    if entry.role in ADMINISTRATORS and (held := held_work(person)):
        raise RuleViolation(f"{person.name}名下还有{held[0].kind.title}，请先办理交接。")
    deputised = _deputised(entry, person)
    title = clean_text(entry.title, field="title", max_length=40)
    if is_wide(organisation, entry.role):
        return _propose(person, organisation, entry, title, deputised, actor)
    return post_person(
        person,
        organisation,
        Role(entry.role),
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        title=title,
        deputises_for=deputised,
        actor=actor,
    )


@transaction.atomic
def end_post(posting: Posting, *, ends_on: date, actor: User) -> Posting:
    """End a post on a day; of its holder's other posts nothing changes."""
    require(may_post(actor, posting.organisation, posting.role, posting.user), NOT_YOURS)
    return end_posting(posting, ends_on=ends_on, actor=actor)


@transaction.atomic
def confirm_post(proposal: PostProposal, *, actor: User) -> Posting:
    """Let a post of wide sight begin, on its day or today, whichever is later."""
    proposal = _open(proposal, actor)
    starts_on = max(proposal.starts_on, timezone.localdate())
    posting = post_person(
        proposal.user,
        proposal.organisation,
        Role(proposal.role),
        starts_on=starts_on,
        ends_on=proposal.ends_on,
        title=proposal.title,
        deputises_for=proposal.deputises_for,
        actor=actor,
    )
    _decide(proposal, actor, Verb.POST_CONFIRMED, granted=True)
    return posting


@transaction.atomic
def refuse_post(proposal: PostProposal, *, reason: str, actor: User) -> PostProposal:
    """Refuse a post; it never was."""
    proposal = _open(proposal, actor)
    proposal.reason = required_text(reason, field="reason", missing="请写明不同意的理由。", max_length=200)
    return _decide(proposal, actor, Verb.POST_REFUSED, granted=False)


def _deputised(entry: PostEntry, person: User) -> User | None:
    name = entry.deputises_for.strip()
    if not name:
        return None
    found = people().filter(username__iexact=name).first()
    if found is None or found.pk == person.pk:
        raise RuleViolation(f"没有用户名为“{name[:30]}”的其他账号可以代理。", field="deputises_for")
    held = found.postings.filter(organisation_id=entry.organisation, role=entry.role)
    if not held.exists():
        raise RuleViolation(f"{found.name}没有担任过这个岗位，不能代理。", field="deputises_for")
    if entry.ends_on is None:
        raise RuleViolation("代理须填写结束日期。", field="ends_on")
    return found


def _propose(
    person: User, organisation: Organisation, entry: PostEntry, title: str, deputised: User | None, actor: User
) -> PostProposal:
    """Ask the security administrator; before it is confirmed the post does not exist."""
    if entry.ends_on is not None and entry.ends_on <= entry.starts_on:
        raise RuleViolation("离任日期应晚于任职日期。", field="ends_on")
    proposal = PostProposal(
        user=person,
        organisation=organisation,
        role=entry.role,
        title=title,
        deputises_for=deputised,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        asked_by=actor,
    )
    try:
        proposal.full_clean()
    except ValidationError as error:
        raise RuleViolation("".join(error.messages)) from error
    proposal.save()
    record(actor, Verb.POST_PROPOSED, person, proposal=proposal.pk, organisation=organisation.pk, role=entry.role)
    notify(
        reviewers_of(proposal),
        "post_to_confirm",
        title=f"待复核任职：{person.name}，{proposal.get_role_display()}",
        body=f"{organisation.name}，由{actor.name}提请",
        link=reverse("grids:post_reviews"),
        key=f"post-proposal:{proposal.pk}",
    )
    return proposal


def _open(proposal: PostProposal, actor: User) -> PostProposal:
    rows = PostProposal.objects.select_for_update(of=("self",)).select_related("user", "organisation__territory")
    proposal = rows.get(pk=proposal.pk)
    require(may_confirm_post(actor, proposal), "不能复核自己的任职，也不能复核自己提请的任职。")
    if proposal.granted is not None:
        raise InvalidTransition("这个任职已经复核过。")
    return proposal


def _decide(proposal: PostProposal, actor: User, verb: Verb, *, granted: bool) -> PostProposal:
    proposal.granted, proposal.decided_by, proposal.decided_at = granted, actor, timezone.now()
    proposal.save(update_fields=["granted", "decided_by", "decided_at", "reason"])
    record(actor, verb, proposal.user, proposal=proposal.pk, organisation=proposal.organisation_id, role=proposal.role)
    notify(
        [proposal.asked_by],
        "post_decided",
        title=f"{'已确认' if granted else '未同意'}：{proposal.user.name}任{proposal.get_role_display()}",
        body=proposal.reason,
        link=reverse("grids:staff_person", args=[proposal.user_id]),
        key=f"post-proposal:{proposal.pk}:decided",
    )
    return proposal


@transaction.atomic
def print_slips(*, actor: User) -> list[tuple[User, str]]:
    """One-time passwords for accounts that came by a table and have none, so many at once as a page makes in time.

    They are shown once and kept nowhere.
    """
    found = people_without_password(actor).select_for_update(of=("self",))
    kept = islice((user for user in found if may_keep_account(actor, user)), SLIPS_AT_ONCE)
    slips = [(user, one_time_password()) for user in kept]
    for user, password in slips:
        user.set_password(password)
        user.must_change_password, user.one_time_until = True, one_time_end()
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "must_change_password", "one_time_until", "password_changed_at"])
        record(actor, Verb.SLIP_PRINTED, user)
    return slips
