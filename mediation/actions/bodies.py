"""Bodies that mediate and their rooms: set up, changed, ended; nothing is ever deleted."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from mediation.actions._bulk import NOT_KEEPER, filled, locked_row, once, save_row
from mediation.lifecycle import OPEN_STATES
from mediation.models import Body, BodyKind, Room, Session, SessionState
from mediation.permissions import may_keep_body, may_set_up_bodies
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text

MARK_TAKEN = "这个文书代字已由另一个调解组织使用，协议编号会重复，请换一个。"
ROOM_TAKEN = "这个调解组织已有同名的调解室；停用的可以重新启用。"


@dataclass(frozen=True)
class BodyEntry:
    """What is known of a body; `doc_mark` begins the numbers of its agreements."""

    kind: str
    seal: str
    doc_mark: str
    introduction: str = ""


@transaction.atomic
def set_up_body(organisation: Organisation | None, entry: BodyEntry, *, actor: User, starts_on: date) -> Body:
    """Let an organisation mediate from a day on; one whose body was ended takes it up again, with its history.

    Raises RuleViolation at `organisation` for one that mediates already, at `doc_mark` for a mark in use.
    """
    if organisation is None:
        raise RuleViolation("请选择机构。", field="organisation")
    require(may_set_up_bodies(actor, organisation.territory), NOT_KEEPER)
    values = _checked(entry)
    known = Body.objects.select_for_update().filter(organisation=organisation).first()
    if known is not None and known.ends_on is None:
        raise RuleViolation(f"{organisation.name}已登记为调解组织，请在它的页面修改。", field="organisation")
    with once(MARK_TAKEN, field="doc_mark"):
        if known is None:
            body = Body.objects.create(organisation=organisation, starts_on=starts_on, **values)
        else:
            body = known
            save_row(body, ends_on=None, **values)
    record(actor, Verb.BODY_SET_UP, organisation, body=body.pk, kind=str(body.kind), again=known is not None)
    return body


@transaction.atomic
def change_body(body: Body, entry: BodyEntry, *, actor: User, version: int | None = None) -> Body:
    """Change what is known of a body; papers that are signed keep the wording they were signed with."""
    body = _kept(body, actor, version)
    values = _checked(entry)
    changed = sorted(name for name, value in values.items() if getattr(body, name) != value)
    with once(MARK_TAKEN, field="doc_mark"):
        save_row(body, **values)
    record(actor, Verb.BODY_CHANGED, body.organisation, body=body.pk, fields=changed)
    return body


@transaction.atomic
def end_body(body: Body, *, actor: User, ends_on: date, reason: str, version: int | None = None) -> Body:
    """End a body on a day, today at the latest; its mediators leave office with it and its rooms are closed.

    Raises InvalidTransition while a mediation is open before it.
    """
    body = _kept(body, actor, version)
    note = filled(reason, field="reason", what="撤销的原因", longest=200)
    check_end(ends_on, body.starts_on, "设立")
    open_ones = body.mediations.filter(status__in=OPEN_STATES).count()
    if open_ones:
        raise InvalidTransition(f"{body}还有 {open_ones} 件调解没有结束，请先办结或终结，再撤销。")
    for mediator in body.mediators.select_for_update().filter(ends_on__isnull=True):
        save_row(mediator, ends_on=max(ends_on, mediator.starts_on + timedelta(days=1)))
    for room in body.rooms.select_for_update().filter(is_active=True):
        save_row(room, is_active=False)
    save_row(body, ends_on=ends_on)
    record(actor, Verb.BODY_ENDED, body.organisation, body=body.pk, ends_on=ends_on, reason=note)
    return body


@transaction.atomic
def add_room(body: Body, name: str, place: str = "", *, actor: User) -> Room:
    """A room of a body that sessions can be held in."""
    body = _kept(body, actor)
    values = _room_values(name, place)
    with once(ROOM_TAKEN, field="name"):
        room = Room.objects.create(body=body, **values)
    record(actor, Verb.ROOM_ADDED, body.organisation, room=room.pk)
    return room


@transaction.atomic
def change_room(room: Room, name: str, place: str, *, actor: User, version: int | None = None) -> Room:
    """Change name and place of a room."""
    room = _kept_room(room, actor, version)
    with once(ROOM_TAKEN, field="name"):
        save_row(room, **_room_values(name, place))
    record(actor, Verb.ROOM_CHANGED, room.body.organisation, room=room.pk)
    return room


@transaction.atomic
def close_room(room: Room, *, actor: User, version: int | None = None) -> Room:
    """Hold no more sessions in a room; InvalidTransition while one is planned there."""
    room = _kept_room(room, actor, version)
    planned = Session.objects.filter(room=room, status=SessionState.PLANNED).count()
    if planned:
        raise InvalidTransition(f"{room}还安排了 {planned} 场调解，请先改期到别的地点，再停用。")
    save_row(room, is_active=False)
    record(actor, Verb.ROOM_CLOSED, room.body.organisation, room=room.pk)
    return room


@transaction.atomic
def open_room(room: Room, *, actor: User, version: int | None = None) -> Room:
    """Use a closed room again."""
    room = _kept_room(room, actor, version)
    save_row(room, is_active=True)
    record(actor, Verb.ROOM_OPENED, room.body.organisation, room=room.pk)
    return room


def check_end(ends_on: date, starts_on: date, began: str) -> None:
    """The day something ends: after it began (`began` in the refusal's words), and not ahead."""
    if ends_on > timezone.localdate():
        raise RuleViolation("日期不能晚于今天，请到那一天再办理。", field="ends_on")
    if ends_on <= starts_on:
        raise RuleViolation(f"日期应晚于{began}日期 {starts_on}。", field="ends_on")


def require_in_force(body: Body) -> None:
    """Refuse acts on a body that was ended."""
    if body.ends_on is not None:
        raise InvalidTransition(f"{body}已于 {body.ends_on} 撤销；要继续使用，请重新设立。")


def _kept(body: Body, actor: User, version: int | None = None) -> Body:
    body = locked_row(body, version)
    require(may_keep_body(actor, body), NOT_KEEPER)
    require_in_force(body)
    return body


def _kept_room(room: Room, actor: User, version: int | None) -> Room:
    room = locked_row(room, version)
    require(may_keep_body(actor, room.body), NOT_KEEPER)
    require_in_force(room.body)
    return room


def _checked(entry: BodyEntry) -> dict[str, str]:
    if entry.kind not in BodyKind.values:
        raise RuleViolation("请选择调解组织的类型。", field="kind")
    return asdict(entry) | {
        "seal": filled(entry.seal, field="seal", what="印章全称", longest=80),
        "doc_mark": filled(entry.doc_mark, field="doc_mark", what="文书代字", longest=20),
        "introduction": clean_text(entry.introduction, field="introduction", max_length=1000, multiline=True),
    }


def _room_values(name: str, place: str) -> dict[str, str]:
    return {
        "name": filled(name, field="name", what="调解室名称", longest=40),
        "place": clean_text(place, field="place", max_length=80),
    }
