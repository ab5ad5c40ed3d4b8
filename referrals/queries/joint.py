"""Joint work and special care as their readers see them, and moves between the tiers."""

from django.db.models import QuerySet

from grids.models import Organisation
from grids.scope import scope_of
from intake.coordination.models import Task
from intake.models import Case, Handling, TierMove
from referrals.models import CareAssessment, CareRecord, GuardianConsent, Meeting
from referrals.permissions import may_see_care
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound, RuleViolation

NO_CARE = "没有找到这份记录，或者它不在您的查看范围内。"


def task_of(case: Case, pk: int) -> Task:
    """One task of a case; NotFound for none."""
    task = Task.objects.filter(case=case, pk=pk).select_related("case", "handling__organisation").first()
    if task is None:
        raise NotFound("没有找到这项任务。")
    return task


def open_handling_of(case: Case, organisation: Organisation) -> Handling:
    """The open handling of a case by an organisation.

    RuleViolation at `organisation` where it does not handle it now.
    """
    found = Handling.objects.filter(case=case, organisation=organisation, closed_at__isnull=True).first()
    if found is None:
        raise RuleViolation("该单位目前没有承办本案，请先交办或增加协办单位。", field="organisation")
    return found


def meetings_of(case: Case) -> QuerySet[Meeting]:
    """The meetings about a case, the latest first."""
    rows = Meeting.objects.filter(case=case).select_related("recorded_by")
    return rows.prefetch_related("tasks__handling__organisation", "present").order_by("-held_at")


def care_of(user: User, case: Case) -> CareRecord | None:
    """The record of special care, for the few; None for everybody else, whether there is one or not."""
    rows = CareRecord.objects.filter(case=case, ended_at__isnull=True).select_related("case")
    record = rows.prefetch_related("shared_with").first()
    return record if record is not None and may_see_care(user, record) else None


def care_visible_to(user: User, case: Case) -> CareRecord:
    """The record of special care; NotFound for all but the few."""
    record = care_of(user, case)
    if record is None:
        raise NotFound(NO_CARE)
    return record


def consents_of(record: CareRecord) -> QuerySet[GuardianConsent]:
    """Guardians' consents, the latest first."""
    return record.consents.select_related("recorded_by").order_by("-recorded_at")


def assessments_of(record: CareRecord) -> QuerySet[CareAssessment]:
    """How the danger was assessed, the latest first."""
    return record.assessments.select_related("assessed_by")


def consent_of(user: User, case: Case, pk: int) -> GuardianConsent:
    """One consent in the record of a case; NotFound for none, and for all but the few."""
    consent = consents_of(care_visible_to(user, case)).filter(pk=pk).select_related("record__case").first()
    if consent is None:
        raise NotFound("没有找到这份同意。")
    return consent


def moves_in_sight(user: User, way: str) -> QuerySet[TierMove]:
    """Cases that came to one's centres from another tier, or left them for one."""
    ids = sorted(scope_of(user).organisation_ids)
    rows = TierMove.objects.filter(**{"to_centre_id__in" if way == "in" else "from_centre_id__in": ids})
    return rows.select_related("case", "from_centre", "to_centre", "actor").order_by("-id")
