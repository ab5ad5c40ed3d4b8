"""The record of special care, for those who may see it."""

from django.db.models import QuerySet

from intake.models import Case
from referrals.models import CareAssessment, CareRecord, GuardianConsent
from referrals.permissions import may_see_care
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

NO_CARE = "没有找到这份记录，或者它不在您的查看范围内。"


def care_of(user: User, case: Case) -> CareRecord | None:
    """The record of special care; None for who may not see it, whether there is one or not."""
    record: CareRecord | None = getattr(case, "care", None)
    if record is None or record.ended_at is not None:
        return None
    return record if may_see_care(user, record) else None


def care_visible_to(user: User, case: Case) -> CareRecord:
    """The record of special care; NotFound for who may not see it."""
    record = care_of(user, case)
    if record is None:
        raise NotFound(NO_CARE)
    return record


def consents_of(record: CareRecord) -> QuerySet[GuardianConsent]:
    """Guardians' consents, the latest first."""
    return record.consents.select_related("recorded_by").order_by("-recorded_at")


def consents_in_force(case: Case) -> QuerySet[GuardianConsent]:
    """Guardians' consents for the person of a case under special care that were not taken back, the latest first."""
    return consents_of(case.care).filter(withdrawn_at=None)


def assessments_of(record: CareRecord) -> QuerySet[CareAssessment]:
    """How the danger was assessed, the latest first."""
    return record.assessments.select_related("assessed_by")


def consent_of(user: User, case: Case, pk: int) -> GuardianConsent:
    """One consent in the record of a case; NotFound for none, and for who may not see it."""
    consent = consents_of(care_visible_to(user, case)).filter(pk=pk).select_related("record__case").first()
    if consent is None:
        raise NotFound("没有找到这份同意。")
    return consent
