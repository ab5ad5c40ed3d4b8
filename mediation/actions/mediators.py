"""Mediators: appointed, changed, out of office with what they had in hand passed on."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from grids.actions import end_posting, post_person
from grids.extension_points import WorkKind
from grids.models import Posting
from grids.queries import keeps_installation
from grids.roles import POST_OF_MEDIATION, Capability, roles_with
from intake.queries.categories import category_names
from mediation.actions._bulk import NOT_KEEPER, filled, locked_row, once, save_row
from mediation.actions._locking import locked
from mediation.actions.bodies import check_end, require_in_force
from mediation.actions.opening import exchange
from mediation.lifecycle import OPEN_STATES
from mediation.models import Body, Mediation, Mediator, MediatorKind
from mediation.permissions import may_keep_body
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import people
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text
from zhongzhi.rows.periods import not_over

TWICE = "这个账号已是本组织在任的调解员。"


@dataclass(frozen=True)
class MediatorEntry:
    """What is known of a mediator; `specialities` are codes of groups of disputes."""

    name: str
    kind: str = MediatorKind.PART_TIME
    username: str = ""
    certificate: str = ""
    qualified_until: date | None = None
    specialities: tuple[str, ...] = ()


@transaction.atomic
def appoint_mediator(body: Body, entry: MediatorEntry, *, actor: User, starts_on: date) -> Mediator:
    """Appoint a mediator (人民调解法 art. 14: an adult citizen who is fair, devoted and of some education).

    An account that goes with it gets the post of a mediator at the body, where it works there in no other.
    """
    body = locked_row(body)
    require(may_keep_body(actor, body), NOT_KEEPER)
    require_in_force(body)
    if starts_on < body.starts_on:
        raise RuleViolation(f"聘任日期不能早于调解组织的设立日期 {body.starts_on}。", field="starts_on")
    values = _checked(entry)
    with once(TWICE, field="username"):
        mediator = Mediator.objects.create(body=body, starts_on=starts_on, **values)
    _post(mediator, starts_on, actor)
    record(actor, Verb.MEDIATOR_APPOINTED, mediator, body=body.pk)
    return mediator


@transaction.atomic
def change_mediator(mediator: Mediator, entry: MediatorEntry, *, actor: User, version: int | None = None) -> Mediator:
    """Change what is known of a mediator in office: a new certificate, a longer qualification."""
    mediator = _kept(mediator, actor, version)
    values = _checked(entry)
    before = {name: getattr(mediator, name) for name in values}
    if before["user"] is not None and before["user"] != values["user"]:
        raise RuleViolation("账号不能换成别人的：请先解聘，再聘任新的调解员。", field="username")
    with once(TWICE, field="username"):
        save_row(mediator, **values)
    if before["user"] is None:
        _post(mediator, mediator.starts_on, actor)
    changed = sorted(name for name, value in values.items() if before[name] != value)
    record(actor, Verb.MEDIATOR_CHANGED, mediator, body=mediator.body_id, fields=changed)
    return mediator


@transaction.atomic
def end_mediator(
    mediator: Mediator,
    *,
    actor: User,
    ends_on: date,
    reason: str,
    successor: Mediator | None = None,
    version: int | None = None,
) -> Mediator:
    """End a mediator's service on a day, today at the latest; open mediations and booked sessions go to `successor`.

    Raises RuleViolation at `successor` where a mediation would be left without a mediator. The post goes with it.
    """
    require(may_keep_body(actor, mediator.body), NOT_KEEPER)
    return _ended(mediator, actor, ends_on, reason, successor, version)


def _ended(
    mediator: Mediator, actor: User, ends_on: date, reason: str, successor: Mediator | None, version: int | None
) -> Mediator:
    """End it; whether the actor may is asked before."""
    in_hand = _lock_mediations_of(mediator)
    mediator = _in_office(mediator, version)
    note = filled(reason, field="reason", what="解聘的原因", longest=200)
    check_end(ends_on, mediator.starts_on, "聘任")
    if _in_hand(mediator).exclude(pk__in=[m.pk for m in in_hand]).exists():
        raise InvalidTransition("刚刚又有调解交给这位调解员，请刷新后再办理。")
    for mediation in in_hand:
        exchange(mediation, mediator, successor, field="successor")
        record(actor, Verb.MEDIATOR_EXCHANGED, mediation.case, mediation=mediation.pk, mediator=mediator.pk)
    save_row(mediator, ends_on=ends_on)
    posts = Posting.objects.filter(user=mediator.user, organisation=mediator.body.organisation, role=POST_OF_MEDIATION)
    for posting in posts.filter(ends_on__isnull=True, starts_on__lt=ends_on) if mediator.user else ():
        end_posting(posting, ends_on=ends_on, actor=actor)
    record(actor, Verb.MEDIATOR_ENDED, mediator, body=mediator.body_id, ends_on=ends_on, reason=note)
    return mediator


def _in_hand(mediator: Mediator) -> QuerySet[Mediation]:
    return Mediation.objects.filter(mediators=mediator, status__in=OPEN_STATES).order_by("case_id", "pk")


def _lock_mediations_of(mediator: Mediator) -> list[Mediation]:
    """The open mediations of a mediator with their cases locked, before anything below them is."""
    rows = [locked(row) for row in _in_hand(mediator).select_related("case")]
    return [row for row in rows if row.is_open]


def _kept(mediator: Mediator, actor: User, version: int | None) -> Mediator:
    """The mediator in office, the body locked first: who opens a mediation before it waits."""
    require(may_keep_body(actor, mediator.body), NOT_KEEPER)
    return _in_office(mediator, version)


def _in_office(mediator: Mediator, version: int | None) -> Mediator:
    locked_row(mediator.body)
    mediator = locked_row(mediator, version)
    if mediator.ends_on is not None:
        raise InvalidTransition(f"{mediator}已于 {mediator.ends_on} 解聘；要继续担任，请重新聘任。")
    return mediator


def _checked(entry: MediatorEntry) -> dict[str, object]:
    if entry.kind not in MediatorKind.values:
        raise RuleViolation("请选择调解员的类别。", field="kind")
    unknown = set(entry.specialities) - set(category_names())
    if unknown:
        raise RuleViolation(f"没有代码为 {min(unknown)[:10]} 的纠纷大类。", field="specialities")
    return {
        "name": filled(entry.name, field="name", what="姓名", longest=40),
        "kind": entry.kind,
        "user": _account(entry.username),
        "certificate": clean_text(entry.certificate, field="certificate", max_length=40),
        "qualified_until": entry.qualified_until,
        "specialities": sorted(entry.specialities),
    }


def _account(username: str) -> User | None:
    name = clean_text(username, field="username", max_length=150)
    if not name:
        return None
    user = people().filter(username__iexact=name).first()
    if user is None:
        raise RuleViolation(f"没有用户名为“{name[:40]}”的账号，请核对；没有账号的调解员留空即可。", field="username")
    if keeps_installation(user):
        raise RuleViolation("这个账号是系统管理员、安全管理员或审计员，不能任调解员。", field="username")
    return user


def _post(mediator: Mediator, starts_on: date, actor: User) -> None:
    user, organisation = mediator.user, mediator.body.organisation
    if user is None:
        return
    mediating = roles_with(Capability.MEDIATE)
    held = Posting.objects.filter(not_over(starts_on), user=user, role__in=mediating)
    if held.filter(organisation=organisation).exists():
        return
    try:
        post_person(user, organisation, POST_OF_MEDIATION, starts_on=starts_on, actor=actor)
    except RuleViolation as error:
        raise RuleViolation(f"这个账号不能任调解员：{error.message}", field="username") from error


def _offices(person: User) -> QuerySet[Mediator]:
    return Mediator.objects.filter(user=person, ends_on=None).select_related("body__organisation").order_by("pk")


def _office_words(person: User) -> list[str]:
    return [f"{row.body}调解员，在办调解 {_in_hand(row).count()} 件" for row in _offices(person)]


def _give_offices(leaver: User, successor: User, actor: User) -> None:
    """The office ends today; open mediations and booked sessions go to the successor, a mediator of the same body."""
    for office in _offices(leaver):
        other = _offices(successor).filter(body=office.body).first()
        if other is None and _in_hand(office).exists():
            raise RuleViolation(f"{successor.name}不是{office.body}的调解员，请先聘任。", field="mediations")
        _ended(office, actor, timezone.localdate(), "工作交接", other, None)


MEDIATIONS = WorkKind("mediations", "调解", _office_words, _give_offices)
