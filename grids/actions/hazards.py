"""Acts on what is found in the field: report, come, watch, solve, hand on, reopen; photos and videos."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from grids.actions._hazard_steps import NOT_THERE, locked, move_hazard
from grids.entries import HazardEntry
from grids.extension_points import follow_hazard
from grids.lifecycle import UNSETTLED, HazardEvent, HazardState
from grids.models import (
    Arrival,
    Hazard,
    HazardFile,
    HazardKind,
    HazardLevel,
    HazardSource,
    Level,
)
from grids.permissions import may_arrive, may_report_from, may_settle
from grids.queries import find_open_territory, people_to_call
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text
from zhongzhi.files.actions import keep_prepared
from zhongzhi.files.preparing import PreparedFile, discard, prepared
from zhongzhi.notices.actions import post

MAX_FILES = 9


@transaction.atomic
def report_hazard(entry: HazardEntry, *, actor: User) -> Hazard:
    """Take a report in. The officer and the cadres of the grid hear of an urgent one at once.

    The number that the phone gave the report (`entry.uid`) makes a second sending the same report: it is answered
    with the one that is there, however late it comes. Raises RuleViolation with the faults by field.
    """
    if entry.uid is not None:
        _one_at_a_time(entry.uid)
        known = Hazard.objects.select_related("territory").filter(uid=entry.uid).first()
        if known is not None:
            require(known.reported_by_id == actor.pk, "这个上报编号已由他人使用。")
            return known
    hazard = _checked(entry, actor)
    require(may_report_from(actor, hazard.territory), "这里不在您负责的网格内，请选择自己的网格。")
    hazard.save()
    record(actor, Verb.HAZARD_REPORTED, hazard, place=hazard.territory.code, kind=hazard.kind, urgent=hazard.is_urgent)
    if hazard.is_urgent:
        _call(hazard, actor)
    follow_hazard(hazard)
    return hazard


def add_file(hazard: Hazard, upload: "UploadedFile[Any]", *, actor: User, uid: UUID | None = None) -> HazardFile:
    """Keep a photo or video with a report; one that was sent before under the same number is not kept again.

    The file is checked and written before the report is locked. Raises TooLarge, UnsupportedType, RuleViolation past
    nine files, InvalidTransition for a report that is settled.
    """
    if (known := _sent_before(hazard, uid)) is not None:
        return known
    _require_room(hazard, actor)
    with prepared(upload) as (file,):
        row = _add_prepared(hazard, file, actor, uid)
    if row.file_id != file.id:
        discard(file)
    return row


@transaction.atomic
def _add_prepared(hazard: Hazard, file: PreparedFile, actor: User, uid: UUID | None) -> HazardFile:
    hazard = locked(hazard)
    if (known := _sent_before(hazard, uid)) is not None:
        return known
    _require_room(hazard, actor)
    kept = keep_prepared(file, actor=actor)
    row = HazardFile.objects.create(hazard=hazard, file=kept, added_by=actor, **({"uid": uid} if uid else {}))
    record(actor, Verb.HAZARD_FILE_ADDED, hazard, file=kept.pk, sm3=kept.sm3, **file.came_as)
    return row


def _sent_before(hazard: Hazard, uid: UUID | None) -> HazardFile | None:
    return HazardFile.objects.filter(uid=uid, hazard=hazard).first() if uid else None


def _require_room(hazard: Hazard, actor: User) -> None:
    """This person may add one more file to this report."""
    require(hazard.reported_by_id == actor.pk or may_settle(actor, hazard), NOT_THERE)
    if hazard.status == HazardState.HANDED_ON:
        raise InvalidTransition(f"已转为案件 {hazard.case_code}，附件请到案件中上传。")
    if hazard.files.count() >= MAX_FILES:
        raise RuleViolation(f"一次上报最多 {MAX_FILES} 个照片或视频。", field="file")


@transaction.atomic
def arrive(hazard: Hazard, *, actor: User, at: datetime | None = None) -> Hazard:
    """Press "on the spot". The first who does sets the response time: a measure, no duty; no position is kept.

    `at` is when the button was pressed, where the phone had no network then; never before the report came in.
    """
    hazard = locked(hazard)
    require(may_arrive(actor, hazard), NOT_THERE)
    if hazard.status not in UNSETTLED:
        raise InvalidTransition(f"这件事{HazardState(hazard.status).label}，不用再到场。")
    moment = max(hazard.reported_at, min(at or timezone.now(), timezone.now()))
    arrival, is_new = Arrival.objects.get_or_create(hazard=hazard, user=actor, defaults={"at": moment})
    if not is_new:
        return hazard
    if hazard.first_on_spot_at is None or arrival.at < hazard.first_on_spot_at:
        hazard.first_on_spot_at = arrival.at
        hazard.save(update_fields=["first_on_spot_at"])
        _tell_reporter(hazard, actor)
    record(actor, Verb.ON_THE_SPOT, hazard, minutes=hazard.minutes_to_spot)
    return hazard


@transaction.atomic
def watch_hazard(hazard: Hazard, *, actor: User, note: str = "", until: date | None = None) -> Hazard:
    """Keep an eye on it, until a day where one is named."""
    hazard = locked(hazard)
    require(may_settle(actor, hazard), NOT_THERE)
    if until is not None and until < timezone.localdate():
        raise RuleViolation("关注截止日期不能早于今天。", field="until")
    hazard.watch_until = until
    move_hazard(hazard, HazardEvent.WATCH, actor, _words(note, "note"), "watch_until")
    record(actor, Verb.HAZARD_WATCHED, hazard, until=until)
    return hazard


@transaction.atomic
def solve_hazard(hazard: Hazard, *, actor: User, result: str) -> Hazard:
    """Settled where it was found; how is said in words."""
    hazard = locked(hazard)
    require(may_settle(actor, hazard), NOT_THERE)
    hazard.result = _words(result, "result")
    if not hazard.result:
        raise BadInput("请写明怎样化解的。", field="result")
    hazard.ended_at = timezone.now()
    move_hazard(hazard, HazardEvent.SOLVE, actor, hazard.result, "result", "ended_at")
    record(actor, Verb.HAZARD_SOLVED, hazard)
    return hazard


@transaction.atomic
def reopen_hazard(hazard: Hazard, *, actor: User, reason: str) -> Hazard:
    """It came up again."""
    hazard = locked(hazard)
    require(may_settle(actor, hazard), NOT_THERE)
    reason = _words(reason, "reason")
    if not reason:
        raise BadInput("请写明重新处置的理由。", field="reason")
    hazard.ended_at = None
    move_hazard(hazard, HazardEvent.REOPEN, actor, reason, "ended_at")
    record(actor, Verb.HAZARD_REOPENED, hazard)
    return hazard


def forget_reporters(keys: Sequence[int]) -> None:
    """Take those who reported, and the other side, out of hazards that are over long since; the hazards stay."""
    Hazard.objects.filter(pk__in=keys).update(reporter_name="", other_side="", reporter_phone_sealed=None)


def _checked(entry: HazardEntry, actor: User) -> Hazard:
    """The report as a row, every fault told at its field."""
    faults: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for field, check in CHECKS.items():
        try:
            values[field] = check(getattr(entry, field))
        except DomainError as error:
            faults[field] = [error.message]
    if faults:
        raise RuleViolation(errors=faults)
    values["territory"], phone = values.pop("place"), values.pop("reporter_phone")
    hazard = Hazard(**values, is_urgent=entry.is_urgent, reported_by=actor)
    if entry.uid is not None:
        hazard.uid = entry.uid
    hazard.seal_reporter_phone(phone)
    return hazard


def _one_of(values: list[str]) -> Any:
    def check(value: str) -> str:
        if value not in values:
            raise RuleViolation(f"没有“{value}”这个选项。")
        return value

    return check


def _narrative(value: str) -> str:
    text = clean_text(value, max_length=2000, multiline=True)
    if not text:
        raise RuleViolation("请说明发现了什么。")
    return text


def _place(value: str) -> Any:
    if not value:
        raise RuleViolation("请选择网格。")
    place = find_open_territory(value)
    if place.level < Level.VILLAGE:
        raise RuleViolation("请选到村或网格。")
    return place


def _found_at(value: datetime | None) -> datetime:
    """When the phone says it was found; a phone whose clock is ahead means now."""
    now = timezone.now()
    return min(value, now) if value else now


def _line(limit: int) -> Any:
    return lambda value: clean_text(value, max_length=limit)


CHECKS: dict[str, Any] = {
    "narrative": _narrative,
    "place": _place,
    "kind": _one_of(HazardKind.values),
    "level": _one_of(HazardLevel.values),
    "source": _one_of(HazardSource.values),
    "place_detail": _line(200),
    "reporter_name": _line(80),
    "reporter_phone": lambda value: idnumbers.phone(value) if value.strip() else "",
    "other_side": _line(80),
    "found_at": _found_at,
}


def _one_at_a_time(uid: UUID) -> None:
    """Two sendings of one report meet here: the second waits for the first and finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(uid)])


def _call(hazard: Hazard, actor: User) -> None:
    people = [user for user in people_to_call(hazard.territory) if user.pk != actor.pk]
    post(
        people,
        "field_report",
        title=f"{hazard.territory.full_name}：请到场",
        body=hazard.narrative[:200],
        link=f"/field/reports/{hazard.uid}/",
        key=f"field_report:{hazard.pk}",
    )


def _tell_reporter(hazard: Hazard, actor: User) -> None:
    if hazard.reported_by_id == actor.pk:
        return
    post(
        [hazard.reported_by],
        "on_the_spot",
        title=f"{actor.name}已到场",
        body=f"{hazard.territory.full_name}：{hazard.narrative[:100]}",
        link=f"/field/reports/{hazard.uid}/",
        key=f"on_the_spot:{hazard.pk}",
    )


def _words(text: str, field: str) -> str:
    return clean_text(text, field=field, max_length=2000, multiline=True)
