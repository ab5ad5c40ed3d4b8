"""Special care (特殊关爱): a protected record on a case, seen by few, each look recorded; the guardian's consent.

A diagnosis comes from a psychiatrist only (精神卫生法 art. 29), a transfer needs the guardian's consent (art. 31).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from grids.models import Organisation
from grids.queries import members_of
from grids.roles import Capability
from intake.coordination.models import TaskKind
from intake.coordination.queries import open_tasks
from intake.deadlines.queries import work_calendar
from intake.models import Case
from intake.permissions import may_work_on
from intake.sight import readers_among
from intake.transitions import reason_given
from referrals.models import CareAssessment, CareRecord, CareVisit, Danger, GuardianConsent
from referrals.permissions import may_mark_care, may_see_care
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import ciphers
from zhongzhi.core.errors import InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import clean_text
from zhongzhi.notices.actions import post
from zhongzhi.set_aside import Share, Sweep

INTERVALS = {Danger.NONE: 90, Danger.ONE: 90, Danger.TWO: 90, Danger.THREE: 30, Danger.FOUR: 14, Danger.FIVE: 14}
"""Days between visits by assessed danger (default)."""


@dataclass(frozen=True)
class OpenedCare:
    """What one look at a record showed."""

    record: CareRecord
    diagnosis: str
    notes: str
    visits: tuple[tuple[date, str, str], ...]


@transaction.atomic
def mark_care(
    case: Case,
    *,
    actor: User,
    reason: str,
    danger: int = Danger.NONE,
    notes: str = "",
    shared_with: Sequence[Organisation] = (),
    version: int | None = None,
) -> CareRecord:
    """Put a case under special care; open transfers wait for the guardian's consent from now on.

    A record that was ended is opened again, with its visits, consents, notes and earlier assessments; whom it is
    shared with is said anew. Raises InvalidTransition while one is open.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    require(may_mark_care(actor, case), "特殊关爱由负责中心负责人或承办单位登记。")
    care = CareRecord.objects.select_for_update().filter(case=case).first()
    if care is not None and care.ended_at is None:
        if may_see_care(actor, care):
            raise InvalidTransition("本案已有特殊关爱记录。")
        return _join(care, case, actor, clean_text(notes, field="notes", max_length=2000, multiline=True))
    text = clean_text(notes, field="notes", max_length=2000, multiline=True)
    verb = Verb.CARE_MARKED if care is None else Verb.CARE_REOPENED
    if care is None:
        care = CareRecord.objects.create(
            case=case, reason=reason, danger=danger, marked_by=actor, marked_at=timezone.now()
        )
    _begin(care, reason, danger, text)
    care.shared_with.set(shared_with)
    _keep_assessment(care, actor)
    open_tasks(case).filter(kind=TaskKind.TRANSFER).update(needs_consent=True)
    record(actor, verb, case, record=care.pk, danger=care.danger)
    return care


def _join(care: CareRecord, case: Case, actor: User, text: str) -> CareRecord:
    """Who handles the case and finds a reason for care of its own is not told that there is a record, and joins it."""
    handlings = [h for h in case.handlings.all() if h.closed_at is None and may_work_on(actor, h)]
    care.shared_with.add(*(handling.organisation_id for handling in handlings))
    earlier = _opened(care, "notes", care.notes_sealed)
    care.notes_sealed = _sealed(care, "notes", "\n".join(part for part in (earlier, text) if part))
    care.save(update_fields=["notes_sealed"])
    record(actor, Verb.CARE_CHANGED, case, record=care.pk, danger=care.danger, diagnosis=False)
    return care


def _begin(care: CareRecord, reason: str, danger: int, text: str) -> None:
    """Open a record, new or ended before; what was noted earlier stays above."""
    care.reason, care.danger, care.ended_at = reason, int(danger), None
    care.next_visit_on = timezone.localdate() + timedelta(days=INTERVALS[Danger(care.danger)])
    earlier = _opened(care, "notes", care.notes_sealed)
    care.notes_sealed = _sealed(care, "notes", "\n".join(part for part in (earlier, text) if part))
    care.save()


def _keep_assessment(care: CareRecord, actor: User) -> None:
    CareAssessment.objects.create(record=care, danger=care.danger, assessed_by=actor, assessed_at=timezone.now())


@transaction.atomic
def open_care(case: Case, *, actor: User, reason: str) -> OpenedCare:
    """Open the record of a case for one look, with a reason that is kept. NotFound for who may not see it."""
    care = _care_for(case, actor)
    reason = reason_given(reason)
    record(actor, Verb.CARE_OPENED, case, record=care.pk, reason=reason[:200])
    visits = [
        (visit.visited_on, visit.visited_by.name, _opened(care, f"visit:{visit.pk}", visit.note_sealed))
        for visit in care.visits.select_related("visited_by")
    ]
    diagnosis = _opened(care, "diagnosis", care.diagnosis_sealed)
    return OpenedCare(care, diagnosis, _opened(care, "notes", care.notes_sealed), tuple(visits))


@transaction.atomic
def change_care(
    case: Case,
    *,
    actor: User,
    danger: int,
    diagnosis: str = "",
    diagnosed_by: str = "",
    diagnosed_on: date | None = None,
    shared_with: Sequence[Organisation] | None = None,
) -> CareRecord:
    """Change the assessment, enter a diagnosis, share with other organisations.

    Raises RuleViolation at `diagnosed_by` for a diagnosis without its psychiatrist, institution and date.
    """
    care = _care_for(case, actor)
    text = clean_text(diagnosis, field="diagnosis", max_length=1000, multiline=True)
    if text:
        by = clean_text(diagnosed_by, field="diagnosed_by", max_length=100)
        if not by or diagnosed_on is None:
            raise RuleViolation(
                "诊断须由精神科执业医师作出（精神卫生法第二十九条）：请写明医师、医疗机构和日期。", field="diagnosed_by"
            )
        care.diagnosis_sealed, care.diagnosed_by = _sealed(care, "diagnosis", text), by
        care.diagnosed_on = diagnosed_on
    if int(danger) != care.danger:
        care.danger = int(danger)
        care.next_visit_on = timezone.localdate() + timedelta(days=INTERVALS[Danger(care.danger)])
    care.save()
    _keep_assessment(care, actor)
    if shared_with is not None:
        care.shared_with.set(shared_with)
    record(actor, Verb.CARE_CHANGED, case, record=care.pk, danger=care.danger, diagnosis=bool(text))
    return care


@transaction.atomic
def give_consent(
    case: Case, *, actor: User, guardian: str, relation: str, means: str, given_on: date
) -> GuardianConsent:
    """Record a guardian's consent; the transfers of the case may go on with it."""
    care = _care_for(case, actor)
    name = clean_text(guardian, field="guardian", max_length=80)
    if not name:
        raise RuleViolation("请填写监护人姓名。", field="guardian")
    if given_on > timezone.localdate():
        raise RuleViolation("同意日期不能晚于今天。", field="given_on")
    now = timezone.now()
    consent = GuardianConsent.objects.create(
        record=care,
        guardian=name,
        relation=clean_text(relation, field="relation", max_length=40),
        means=means,
        given_on=given_on,
        recorded_by=actor,
        recorded_at=now,
    )
    open_tasks(case).filter(kind=TaskKind.TRANSFER, needs_consent=True, consented_at=None).update(consented_at=now)
    record(actor, Verb.CONSENT_GIVEN, case, consent=consent.pk, means=means)
    return consent


@transaction.atomic
def withdraw_consent(consent: GuardianConsent, *, actor: User, reason: str) -> GuardianConsent:
    """The guardian takes the consent back: transfers that are not done wait again."""
    case = consent.record.case
    _care_for(case, actor)
    reason = reason_given(reason)
    consent = GuardianConsent.objects.select_for_update(of=("self",)).select_related("record").get(pk=consent.pk)
    if consent.withdrawn_at:
        raise InvalidTransition("这份同意已经撤回。")
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
    if not consent.record.consents.filter(withdrawn_at=None).exists():
        open_tasks(case).filter(kind=TaskKind.TRANSFER, needs_consent=True).update(consented_at=None)
    record(actor, Verb.CONSENT_WITHDRAWN, case, consent=consent.pk, reason=reason[:200])
    return consent


@transaction.atomic
def record_visit(case: Case, *, actor: User, visited_on: date, note: str) -> CareVisit:
    """A follow-up visit; the next one is due by the assessed danger."""
    care = _care_for(case, actor)
    text = clean_text(note, field="note", max_length=2000, multiline=True)
    if not text or visited_on > timezone.localdate():
        raise RuleViolation("请写明随访情况，随访日期不能晚于今天。", field="note" if not text else "visited_on")
    visit = CareVisit.objects.create(
        record=care, visited_on=visited_on, note_sealed=b"", visited_by=actor, recorded_at=timezone.now()
    )
    visit.note_sealed = _sealed(care, f"visit:{visit.pk}", text) or b""
    visit.save(update_fields=["note_sealed"])
    care.next_visit_on = visited_on + timedelta(days=INTERVALS[Danger(care.danger)])
    care.save(update_fields=["next_visit_on"])
    record(actor, Verb.VISITED, case, visit=visit.pk)
    return visit


@transaction.atomic
def end_care(case: Case, *, actor: User, reason: str) -> CareRecord:
    """End special care, with a reason: the mark disappears, the record stays; transfers need no consent any more."""
    care = _care_for(case, actor)
    reason = reason_given(reason)
    care.ended_at, care.next_visit_on = timezone.now(), None
    care.save(update_fields=["ended_at", "next_visit_on"])
    open_tasks(case).filter(kind=TaskKind.TRANSFER, consented_at=None).update(needs_consent=False)
    record(actor, Verb.CARE_ENDED, case, record=care.pk, reason=reason[:200])
    return care


def notify_due_visits(today: date, *, limit: int = 50) -> int:
    """Notify, once for each due day, those who see the record of a visit that is due; how many records. A record at
    which this fails is set aside."""

    def due() -> QuerySet[CareRecord]:
        rows = CareRecord.objects.filter(next_visit_on__lte=today, ended_at__isnull=True)
        return rows.exclude(visit_told_on=F("next_visit_on")).order_by("pk")

    def take(share: Share) -> int:
        fresh = share.of(due()).select_for_update(skip_locked=True, of=("self",))
        return _notify(list(fresh.select_related("case").prefetch_related("shared_with")[:limit]))

    return Sweep("care-visits", due, take, limit).run(timezone.now())


def _notify(rows: Sequence[CareRecord]) -> int:
    """Tell of the visits of locked records."""
    for care in rows:
        places = [care.case.centre_id, *(organisation.pk for organisation in care.shared_with.all())]
        people = {user for pk in places if pk for user in members_of(pk, Capability.NOTIFIED_OF_CARE_VISITS)}
        post(
            readers_among(people, care.case),
            "care_visit_due",
            title=f"{care.case.code} 特殊关爱随访到期",
            link=f"/cases/{care.case.code}/care/",
            key=f"care:{care.pk}:visit:{care.next_visit_on}",
            not_before=work_calendar().next_office_moment(timezone.now()),
        )
        care.visit_told_on = care.next_visit_on
        care.save(update_fields=["visit_told_on"])
    return len(rows)


def _care_for(case: Case, actor: User) -> CareRecord:
    rows = CareRecord.objects.select_for_update(of=("self",)).select_related("case")
    care = rows.filter(case=case, ended_at__isnull=True).first()
    if care is None or not may_see_care(actor, care):
        raise NotFound("没有找到这份记录，或者它不在您的查看范围内。")
    return care


def _sealed(care: CareRecord, column: str, text: str) -> bytes | None:
    return ciphers.seal(text, aad=f"referrals.care.{column}:{care.pk}") if text else None


def _opened(care: CareRecord, column: str, sealed: bytes | memoryview | None) -> str:
    return ciphers.unseal(bytes(sealed), aad=f"referrals.care.{column}:{care.pk}") if sealed else ""
