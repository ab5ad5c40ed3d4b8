"""Notes on the work of a case, mentions in them, and directions of leaders: written, read, answered."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from grids.roles import Capability
from grids.scope import scope_of
from intake.actions.attach import attach_prepared
from intake.lifecycle import OPEN_STATES, State
from intake.models import Attachment, Case, Direction, Mention, NoteKind, WorkNote
from intake.notifications import notify, notify_handlers
from intake.permissions import may_direct, may_write_note
from intake.queries import open_directions_of, organisations_on
from intake.sight import readers_among
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text, required_text
from zhongzhi.files.preparing import prepared


def write_note(
    case: Case,
    *,
    actor: User,
    text: str,
    on: date,
    kind: str = NoteKind.WORK,
    citizen_line: str = "",
    mentioned: Sequence[User] = (),
    file: "UploadedFile[Any] | None" = None,
    version: int | None = None,
) -> WorkNote:
    """Note what was done on a day: by who works on the case, sorts it, or leads it. Those mentioned are told.

    Raises RuleViolation at `on` for a day ahead, at `mentioned` for somebody who may not be told of the case; what
    `attach_file` raises for the file.
    """
    require(may_write_note(actor, case), "办理记录由承办单位、负责中心和包案领导填写。")
    with prepared(*([file] if file else [])) as files, transaction.atomic():
        case = _open(case, version)
        require(may_write_note(actor, case), "办理记录由承办单位、负责中心和包案领导填写。")
        kept = attach_prepared(case, files[0], actor=actor, note="办理记录") if files else None
        note = _write(case, actor, text, on, kind, citizen_line, kept)
        _mention(note, mentioned, actor)
        touch(case)
        record(actor, Verb.NOTED, case, note=note.pk, mentioned=[person.pk for person in mentioned])
        return note


@transaction.atomic
def read_mentions(case: Case, *, actor: User, version: int | None = None) -> int:
    """The person has read the notes of a case that mention them; how many. InvalidTransition for none."""
    case = locked(case, version=version)
    found = Mention.objects.filter(note__case=case, user=actor, read_at=None).update(read_at=timezone.now())
    if not found:
        raise InvalidTransition("这件案件没有提到您、还没有阅读的记录。")
    record(actor, Verb.MENTION_READ, case, notes=found)
    return found


@transaction.atomic
def give_direction(
    case: Case,
    *,
    actor: User,
    organisation: Organisation | None,
    words: str,
    due_on: date | None = None,
    version: int | None = None,
) -> Direction:
    """A leader over the place says what an organisation on the case is to do, and by when.

    Raises RuleViolation at `organisation` for one that is not on the case, at `due_on` for a day that is past.
    """
    case = _open(case, version)
    require(may_direct(actor, case), "批示由案发地所在旗县、乡镇的领导作出。")
    if organisation is None or organisation.pk not in {row.pk for row in organisations_on(case)}:
        raise RuleViolation("请选择负责本案或承办本案的单位。", field="organisation")
    if due_on is not None and due_on < timezone.localdate():
        raise RuleViolation("办复期限不能早于今天。", field="due_on")
    row = Direction.objects.create(
        case=case,
        leader=actor,
        organisation=organisation,
        words=required_text(words, field="words", missing="请填写批示内容。", max_length=1000, multiline=True),
        due_on=due_on,
        given_at=timezone.now(),
    )
    touch(case)
    record(actor, Verb.DIRECTED, case, direction=row.pk, organisation=organisation.pk, due_on=due_on)
    notify_handlers(case, organisation, f"directed_{row.pk}", "有领导批示，请阅办")
    return row


@transaction.atomic
def read_direction(case: Case, *, actor: User, version: int | None = None) -> int:
    """The organisation has read what it was directed to do; how many directions. InvalidTransition for none."""
    case = locked(case, version=version)
    rows = [row for row in _directed_here(case, actor) if row.read_at is None]
    if not rows:
        raise InvalidTransition("没有等待本单位阅读的批示。")
    for row in rows:
        row.read_at, row.read_by = timezone.now(), actor
        row.save(update_fields=["read_at", "read_by"])
    record(actor, Verb.DIRECTION_READ, case, directions=[row.pk for row in rows])
    return len(rows)


@transaction.atomic
def answer_direction(case: Case, *, actor: User, answer: str, version: int | None = None) -> Direction:
    """The organisation answers the oldest direction that waits; the leader is told. InvalidTransition for none."""
    case = locked(case, version=version)
    row = next(iter(_directed_here(case, actor)), None)
    if row is None:
        raise InvalidTransition("没有等待本单位办复的批示。")
    now = timezone.now()
    row.answer = required_text(answer, field="answer", missing="请填写办复内容。", max_length=2000, multiline=True)
    row.answered_at, row.answered_by, row.read_at, row.read_by = now, actor, row.read_at or now, row.read_by or actor
    row.save(update_fields=["answer", "answered_at", "answered_by", "read_at", "read_by"])
    touch(case)
    record(actor, Verb.DIRECTION_ANSWERED, case, direction=row.pk)
    notify([row.leader], case, f"direction_answered_{row.pk}", f"{row.organisation.short_name}已办复您的批示")
    return row


def _open(case: Case, version: int | None) -> Case:
    case = locked(case, version=version)
    if case.status not in OPEN_STATES:
        raise InvalidTransition(f"案件{State(case.status).label}，不再增加记录和批示。")
    return case


def _write(
    case: Case, actor: User, text: str, on: date, kind: str, citizen_line: str, kept: Attachment | None
) -> WorkNote:
    if kind not in NoteKind.values:
        raise BadInput("请选择类别。", field="kind")
    if on > timezone.localdate():
        raise RuleViolation("日期不能晚于今天。", field="on")
    return WorkNote.objects.create(
        case=case,
        kind=kind,
        organisation=_own_organisation(case, actor),
        on=on,
        text=required_text(text, field="text", missing="请填写记录。", max_length=2000, multiline=True),
        citizen_line=clean_text(citizen_line, field="citizen_line", max_length=200),
        attachment=kept,
        written_by=actor,
        written_at=timezone.now(),
    )


def _own_organisation(case: Case, actor: User) -> Organisation | None:
    """For which of the organisations on the case the person writes."""
    own = scope_of(actor).organisation_ids
    return next((row for row in organisations_on(case) if row.pk in own), None)


def _mention(note: WorkNote, people: Sequence[User], actor: User) -> None:
    found = {person.pk: person for person in people if person.pk != actor.pk}
    if len(readers_among(found.values(), note.case)) < len(found):
        raise RuleViolation("所选的人中有不能查看本案的，请重新选择。", field="mentioned")
    Mention.objects.bulk_create(Mention(note=note, user=person) for person in found.values())
    notify(found.values(), note.case, f"mentioned_{note.pk}", f"{actor.name}在办理记录中提到了您")


def _directed_here(case: Case, actor: User) -> list[Direction]:
    scope = scope_of(actor)
    return [row for row in open_directions_of(case) if scope.may_at(row.organisation_id, Capability.HANDLE)]
