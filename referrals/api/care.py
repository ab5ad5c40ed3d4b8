"""Special care in the API: for the few, each look with a reason that is kept; everybody else finds nothing."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.acts import KEY, ReasonIn
from intake.api.fields import OrganisationBrief, OrganisationKey, label, text
from intake.models import Case
from referrals import actions, queries
from referrals.actions import OpenedCare
from referrals.api.joint import OfCase
from referrals.models import CARE_REASONS, CONSENT_MEANS, CareRecord, Danger
from zhongzhi.accounts.models import User

TAGS = ["特殊关爱"]


class CareOut(serializers.Serializer[CareRecord]):
    """What is known without a look: that there is a record, and when the next visit is due."""

    marked_at = serializers.DateTimeField()
    next_visit_on = serializers.DateField(allow_null=True)
    shared_with = OrganisationBrief(many=True)


class CareVisitOut(serializers.Serializer[Any]):
    visited_on = serializers.DateField()
    visited_by = serializers.CharField()
    note = serializers.CharField()


class GuardianConsentOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    guardian = serializers.CharField()
    relation = serializers.CharField()
    means = serializers.CharField()
    means_label = label("means")
    given_on = serializers.DateField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class AssessmentOut(serializers.Serializer[Any]):
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
        return AssessmentOut(queries.assessments_of(opened.record), many=True).data

    @extend_schema_field(CareVisitOut(many=True))
    def get_visits(self, opened: OpenedCare) -> Any:
        """As they were made."""
        return [{"visited_on": on, "visited_by": who, "note": note} for on, who, note in opened.visits]

    @extend_schema_field(GuardianConsentOut(many=True))
    def get_consents(self, opened: OpenedCare) -> Any:
        """The latest first."""
        return GuardianConsentOut(queries.consents_of(opened.record), many=True).data


class MarkIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(CARE_REASONS)
    danger = serializers.ChoiceField(Danger.choices, required=False)
    notes = text()
    shared_with = OrganisationKey(many=True, required=False)


class AssessIn(serializers.Serializer[Any]):
    danger = serializers.ChoiceField(Danger.choices)
    diagnosis = text(help_text="只能由精神科执业医师作出（精神卫生法第二十九条）；没有新的诊断不填")
    diagnosed_by = text(help_text="诊断医师及医疗机构")
    diagnosed_on = serializers.DateField(required=False, allow_null=True)
    shared_with = OrganisationKey(many=True, required=False)


class GuardianConsentIn(serializers.Serializer[Any]):
    guardian = text(required=True)
    relation = text(required=True, help_text="与本人关系")
    means = serializers.ChoiceField(CONSENT_MEANS)
    given_on = serializers.DateField()


class WithdrawIn(serializers.Serializer[Any]):
    consent = serializers.IntegerField(min_value=1, help_text="同意的编号")
    reason = text(required=True)


class CareVisitIn(serializers.Serializer[Any]):
    visited_on = serializers.DateField()
    note = text(required=True)


class Care(OfCase):
    """Whether a case is under special care."""

    serializer_class = MarkIn

    @extend_schema(summary="特殊关爱", tags=TAGS, operation_id="case_care", responses=CareOut)
    def get(self, request: Request, code: str) -> Response:
        """For the few; 404 for everybody else, whether there is a record or not."""
        return Response(CareOut(queries.care_visible_to(self.user, self.case(code))).data)

    @extend_schema(
        summary="登记特殊关爱", tags=TAGS, operation_id="case_care_mark", parameters=[KEY], responses={201: CareOut}
    )
    def post(self, request: Request, code: str) -> Response:
        """Put the case under special care."""
        care = actions.mark_care(self.case(code), actor=self.user, **self.given(request))
        return Response(CareOut(care).data, 201)


class CareLook(OfCase):
    """One look at the record."""

    serializer_class = ReasonIn

    @extend_schema(
        summary="查看特殊关爱记录（留痕）", tags=TAGS, operation_id="case_care_open", responses=OpenedCareOut
    )
    def post(self, request: Request, code: str) -> Response:
        """With a reason, which is kept together with who looked and when."""
        seen = actions.open_care(self.case(code), actor=self.user, **self.given(request))
        return Response(OpenedCareOut(seen).data)


def _withdraw(case: Case, *, actor: User, consent: int, reason: str) -> None:
    actions.withdraw_consent(queries.consent_of(actor, case, consent), actor=actor, reason=reason)


CARE_ACTS: dict[str, tuple[str, type[serializers.Serializer[Any]], Callable[..., Any]]] = {
    "assess": ("评估、诊断和知悉单位", AssessIn, actions.change_care),
    "consent": ("登记监护人同意", GuardianConsentIn, actions.give_consent),
    "withdraw-consent": ("撤回监护人同意", WithdrawIn, _withdraw),
    "visit": ("登记随访", CareVisitIn, actions.record_visit),
    "end": ("解除特殊关爱", ReasonIn, actions.end_care),
}


class CareActView(OfCase):
    """One act on the record; it answers with nothing, a look is an act of its own."""

    run: Callable[..., Any]

    def do(self, request: Request, code: str) -> Response:
        """Do it."""
        type(self).run(self.case(code), actor=self.user, **self.given(request))
        return Response(status=204)


def care_act_views() -> list[tuple[str, type[CareActView]]]:
    """Name and view of every act on the record."""
    return [(name, _view(name, *parts)) for name, parts in CARE_ACTS.items()]


def _view(
    name: str, title: str, given: type[serializers.Serializer[Any]], run: Callable[..., Any]
) -> type[CareActView]:
    def post(self: CareActView, request: Request, code: str) -> Response:
        return self.do(request, code)

    word = name.replace("-", "_")
    described = extend_schema(
        summary=title, tags=TAGS, operation_id=f"case_care_{word}", parameters=[KEY], responses={204: None}
    )
    values = {"run": staticmethod(run), "serializer_class": given, "post": described(post)}
    return type(f"Care{word.title().replace('_', '')}View", (CareActView,), values)
