"""Special care in the API: for the few, each look with a reason that is kept; everybody else finds nothing."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.act_views import ActView, Target, act_views
from intake.api.fields import OrganisationBrief, label
from intake.queries import case_visible_to
from referrals import queries
from referrals.actions import OpenedCare
from referrals.api.joint import OfCase
from referrals.available_actions import CARE_ACTS, CASE_ACTS
from referrals.available_actions.joint import OPEN_CARE
from referrals.models import CareAssessment, CareRecord, CareVisit, GuardianConsent
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.web.fields import shown_as

MARK = CASE_ACTS.named("mark-care")
TAGS = ["特殊关爱"]


class CareOut(serializers.Serializer[CareRecord]):
    """What is known without a look: that there is a record, and when the next visit is due."""

    marked_at = serializers.DateTimeField()
    next_visit_on = serializers.DateField(allow_null=True)
    shared_with = OrganisationBrief(many=True)


class CareVisitOut(serializers.Serializer[CareVisit]):
    visited_on = serializers.DateField()
    visited_by = serializers.CharField()
    note = serializers.CharField()


class GuardianConsentOut(serializers.Serializer[GuardianConsent]):
    id = serializers.IntegerField()
    guardian = serializers.CharField()
    relation = serializers.CharField()
    means = serializers.CharField()
    means_label = label("means")
    given_on = serializers.DateField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class AssessmentOut(serializers.Serializer[CareAssessment]):
    danger = serializers.IntegerField()
    assessed_by = serializers.CharField(source="assessed_by.name")
    assessed_at = serializers.DateTimeField()


class OpenedCareOut(serializers.Serializer[OpenedCare]):
    """The record as one look shows it."""

    reason = serializers.CharField(source="record.reason")
    reason_label = serializers.CharField(source="record.get_reason_display")
    danger = serializers.IntegerField(source="record.danger", help_text="危险性评估，0 至 5 级")
    diagnosis = serializers.CharField()
    diagnosed_by = serializers.CharField(source="record.diagnosed_by")
    diagnosed_on = serializers.DateField(source="record.diagnosed_on", allow_null=True)
    notes = serializers.CharField()
    next_visit_on = serializers.DateField(source="record.next_visit_on", allow_null=True)
    shared_with = OrganisationBrief(source="record.shared_with", many=True)
    assessments = serializers.SerializerMethodField()
    visits = serializers.SerializerMethodField()
    consents = serializers.SerializerMethodField()

    @extend_schema_field(AssessmentOut(many=True))
    def get_assessments(self, opened: OpenedCare) -> Any:
        """The latest first."""
        return shown_as(AssessmentOut, queries.assessments_of(opened.record))

    @extend_schema_field(CareVisitOut(many=True))
    def get_visits(self, opened: OpenedCare) -> Any:
        """As they were made."""
        return [{"visited_on": on, "visited_by": who, "note": note} for on, who, note in opened.visits]

    @extend_schema_field(GuardianConsentOut(many=True))
    def get_consents(self, opened: OpenedCare) -> Any:
        """The latest first."""
        return shown_as(GuardianConsentOut, queries.consents_of(opened.record))


class Care(OfCase):
    """Whether a case is under special care."""

    serializer_class = MARK.api_shape.serializer

    @extend_schema(summary="特殊关爱", tags=TAGS, operation_id="case_care", responses=CareOut)
    def get(self, request: Request, code: str) -> Response:
        """For the few; 404 for everybody else, whether there is a record or not."""
        return Response(CareOut(queries.care_visible_to(self.user, self.case(code))).data)

    @extend_schema(
        summary="登记特殊关爱", tags=TAGS, operation_id="case_care_mark", parameters=[KEY], responses={201: CareOut}
    )
    def post(self, request: Request, code: str) -> Response:
        """Put the case under special care."""
        return Response(CareOut(self.do(MARK, request, code)).data, 201)


class CareLook(OfCase):
    """One look at the record."""

    serializer_class = OPEN_CARE.api_shape.serializer

    @extend_schema(
        summary="查看特殊关爱记录（留痕）", tags=TAGS, operation_id="case_care_open", responses=OpenedCareOut
    )
    def post(self, request: Request, code: str) -> Response:
        """With a reason, which is kept together with who looked and when."""
        return Response(OpenedCareOut(self.do(OPEN_CARE, request, code)).data)


def _nothing(view: ActView, result: Any, where: dict[str, Any]) -> Response:
    return Response(status=204)


ON_CARE = Target(
    case_visible_to,
    _nothing,
    None,
    prefix="case_care",
    tags=tuple(TAGS),
    description="One act on the record; it answers with nothing, a look is an act of its own.",
    versioned=False,
    status=204,
)


def care_act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act on the record."""
    return act_views(CARE_ACTS, ON_CARE)
