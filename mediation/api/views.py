"""Reads and acts of mediations, agreements and obligations in the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.acts import KEY, NothingIn
from intake.queries import case_visible_to
from mediation import actions
from mediation.api.given import AgreementIn, ConsentIn, FailIn, OpeningIn, PerformIn, SigningIn
from mediation.api.shown import AgreementOut, MediationOut, MediationRow, ObligationRow
from mediation.filters import AgreementFilter, MediationFilter, ObligationFilter
from mediation.models import Agreement, Instalment, Mediation
from mediation.queries import seen
from mediation.queries.desk import with_due
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope

CASES = [needs_scope("cases:read", "cases:write")]
TAGS = ["调解"]


class Listed(ApiView):
    """A list, filtered, in keyset pages."""

    permission_classes = CASES

    def answer(self) -> Response:
        """One page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class MediationList(Listed):
    serializer_class = MediationRow
    filterset_class = MediationFilter

    def get_queryset(self) -> Any:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Mediation._default_manager.none()
        return with_due(seen.mediations_for_list(self.user))

    @extend_schema(summary="调解列表", tags=TAGS, operation_id="mediations_list", responses=MediationRow(many=True))
    def get(self, request: Request) -> Response:
        """The latest first."""
        return self.answer()


class AgreementList(Listed):
    serializer_class = AgreementOut
    filterset_class = AgreementFilter

    def get_queryset(self) -> Any:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Agreement._default_manager.none()
        return seen.agreements_for_list(self.user).prefetch_related("mediation__case__handlings")

    @extend_schema(summary="协议列表", tags=TAGS, operation_id="agreements_list", responses=AgreementOut(many=True))
    def get(self, request: Request) -> Response:
        """The latest first."""
        return self.answer()


class ObligationList(Listed):
    serializer_class = ObligationRow
    filterset_class = ObligationFilter
    keyset_order = ("due_on", "id")

    def get_queryset(self) -> Any:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Instalment._default_manager.none()
        return seen.instalments_for_list(self.user)

    @extend_schema(
        summary="履行事项列表（每一期一行）",
        tags=TAGS,
        operation_id="obligations_list",
        responses=ObligationRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """The nearest date first."""
        return self.answer()


class Shown(ApiView):
    """Answers with one thing, as it is now."""

    permission_classes = CASES

    def mediation(self, uid: UUID, status: int = 200) -> Response:
        """A mediation, whole."""
        row = seen.mediation_visible_to(self.user, uid)
        return Response(MediationOut(row, context=self.get_serializer_context()).data, status)

    def agreement(self, uid: UUID, status: int = 200) -> Response:
        """An agreement, whole."""
        row = seen.agreement_visible_to(self.user, uid)
        return Response(AgreementOut(row, context=self.get_serializer_context()).data, status)

    def given(self, request: Request) -> Any:
        """The input, its shape checked."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return serializer


class MediationDetail(Shown):
    serializer_class = MediationOut

    @extend_schema(summary="调解详情", tags=TAGS, operation_id="mediation_detail")
    def get(self, request: Request, uid: UUID) -> Response:
        """One mediation."""
        return self.mediation(uid)


class AgreementDetail(Shown):
    serializer_class = AgreementOut

    @extend_schema(summary="协议详情", tags=TAGS, operation_id="agreement_detail")
    def get(self, request: Request, uid: UUID) -> Response:
        """One agreement."""
        return self.agreement(uid)


class Open(Shown):
    serializer_class = OpeningIn

    @extend_schema(
        summary="开启调解",
        tags=TAGS,
        operation_id="case_mediate",
        parameters=[KEY],
        responses={201: MediationOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """Let a body mediate a case."""
        case = case_visible_to(self.user, code)
        mediation = actions.open_mediation(case, self.given(request).opening(), actor=self.user)
        return self.mediation(mediation.uid, 201)


class ConsentTo(Shown):
    serializer_class = ConsentIn

    @extend_schema(
        summary="记录各方意愿",
        tags=TAGS,
        operation_id="mediation_consent",
        parameters=[KEY],
        responses=MediationOut,
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """What the parties say."""
        row = seen.mediation_visible_to(self.user, uid)
        actions.record_consent(row, actor=self.user, **self.given(request).arguments())
        return self.mediation(uid)


class Fail(Shown):
    serializer_class = FailIn

    @extend_schema(
        summary="终结调解（未达成协议）",
        tags=TAGS,
        operation_id="mediation_fail",
        parameters=[KEY],
        responses=MediationOut,
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """No agreement."""
        row = seen.mediation_visible_to(self.user, uid)
        actions.end_without_agreement(row, actor=self.user, **self.given(request).validated_data)
        return self.mediation(uid)


class Draft(Shown):
    serializer_class = AgreementIn

    @extend_schema(
        summary="起草协议",
        tags=TAGS,
        operation_id="mediation_agreement",
        parameters=[KEY],
        responses={201: AgreementOut},
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Write the agreement, or write it again."""
        row = seen.mediation_visible_to(self.user, uid)
        agreement = actions.draft_agreement(row, self.given(request).draft(), actor=self.user)
        return self.agreement(agreement.uid, 201)


class Sign(Shown):
    serializer_class = SigningIn

    @extend_schema(
        summary="记录签署、盖章",
        tags=TAGS,
        operation_id="agreement_sign",
        parameters=[KEY],
        responses=AgreementOut,
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Signatures; with the last one it is in force."""
        row = seen.agreement_visible_to(self.user, uid)
        parties = {str(p.uid): p.pk for p in row.mediation.case.parties.all()}
        actions.sign_agreement(row, self.given(request).signed(parties), actor=self.user)
        return self.agreement(uid)


class TakeForce(Shown):
    serializer_class = NothingIn

    @extend_schema(
        summary="口头协议登记生效",
        tags=TAGS,
        operation_id="agreement_take_force",
        parameters=[KEY],
        responses=AgreementOut,
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """An oral agreement is in force on the day it was reached."""
        actions.take_oral_force(seen.agreement_visible_to(self.user, uid), actor=self.user)
        return self.agreement(uid)


class Perform(Shown):
    serializer_class = PerformIn

    @extend_schema(
        summary="记录履行",
        tags=TAGS,
        operation_id="obligation_perform",
        parameters=[KEY],
        responses=ObligationRow,
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """What was paid or done; proofs are uploaded as attachments on the page of the file."""
        row = seen.instalment_visible_to(self.user, uid)
        actions.perform(row, actor=self.user, **self.given(request).validated_data)
        fresh = seen.instalment_visible_to(self.user, uid)
        return Response(ObligationRow(fresh, context=self.get_serializer_context()).data)
