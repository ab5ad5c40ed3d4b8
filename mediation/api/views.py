"""Reads and acts of mediations, agreements and obligations in the API.

Three shapes, each written once: a list, one thing, and an act that answers with the thing as it is then. Below stands
what differs: whom it is found for, what is handed in, which action does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from intake.api.acts import KEY, NothingIn
from intake.models import Case
from intake.queries import case_visible_to
from mediation import actions
from mediation.api.inputs import AgreementIn, ConsentIn, FailIn, OpeningIn, PerformIn, SigningIn
from mediation.api.serializers import AgreementOut, MediationOut, MediationRow, ObligationRow
from mediation.filters import AgreementFilter, MediationFilter, ObligationFilter
from mediation.models import Agreement, Instalment, Mediation
from mediation.queries import visibility as seen
from mediation.queries.workspace import with_due
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.models import User
from zhongzhi.accounts.scopes import needs_scope

CASES = [needs_scope("cases:read", "cases:write")]
TAGS = ["调解"]


@dataclass(frozen=True)
class Thing:
    """What is shown: how it is found for a caller, and its shape."""

    find: Callable[[User, UUID], Any]
    shape: type[Serializer[Any]]


MEDIATION = Thing(seen.mediation_visible_to, MediationOut)
AGREEMENT = Thing(seen.agreement_visible_to, AgreementOut)
PART = Thing(seen.instalment_visible_to, ObligationRow)


def listed(
    name: str,
    summary: str,
    kind: type[Any],
    visible: Callable[[User], Any],
    shape: type[Serializer[Any]],
    filters: type[FilterSet],
    order: tuple[str, ...] = ("-id",),
    description: str = "The latest first.",
) -> type[ApiView]:
    """A list of what the caller may see, filtered, in keyset pages."""

    class Listed(ApiView):
        permission_classes = CASES
        serializer_class = shape
        filterset_class = filters
        keyset_order = order

        model = kind

        def rows(self) -> Any:
            return visible(self.user)

        @extend_schema(
            summary=summary, description=description, tags=TAGS, operation_id=name, responses=shape(many=True)
        )
        def get(self, request: Request) -> Response:
            page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
            return self.get_paginated_response(self.get_serializer(page, many=True).data)

    return Listed


def shown(name: str, summary: str, description: str, thing: Thing) -> type[ApiView]:
    """One thing in sight, whole."""

    class Shown(ApiView):
        permission_classes = CASES
        serializer_class = thing.shape

        @extend_schema(summary=summary, description=description, tags=TAGS, operation_id=name)
        def get(self, request: Request, uid: UUID) -> Response:
            return Response(self.get_serializer(thing.find(self.user, uid)).data)

    return Shown


def act(
    name: str,
    summary: str,
    takes: type[Serializer[Any]],
    find: Callable[[User, Any], Any],
    does: Callable[[Any, Any, User], Any],
    shows: Thing,
    status: int = 200,
) -> type[ApiView]:
    """An act on something in sight. `does` takes it, the checked input and the caller; what it returns is shown, and
    its docstring is the description."""

    class Act(ApiView):
        permission_classes = CASES
        serializer_class = takes

        @extend_schema(
            summary=summary,
            description=does.__doc__,
            tags=TAGS,
            operation_id=name,
            parameters=[KEY],
            responses={status: shows.shape},
        )
        def post(self, request: Request, **where: Any) -> Response:
            subject = find(self.user, *where.values())
            given = self.get_serializer(data=request.data)
            given.is_valid(raise_exception=True)
            row = shows.find(self.user, does(subject, given, self.user).uid)
            return Response(shows.shape(row, context=self.get_serializer_context()).data, status)

    return Act


def _open(case: Case, given: OpeningIn, user: User) -> Mediation:
    """Let a body mediate a case."""
    return actions.open_mediation(case, given.opening(), actor=user)


def _consent(mediation: Mediation, given: ConsentIn, user: User) -> Mediation:
    """What the parties say."""
    return actions.record_consent(mediation, actor=user, **given.arguments())


def _fail(mediation: Mediation, given: FailIn, user: User) -> Mediation:
    """No agreement."""
    return actions.end_without_agreement(mediation, actor=user, **given.validated_data)


def _draft(mediation: Mediation, given: AgreementIn, user: User) -> Agreement:
    """Write the agreement, or write it again."""
    return actions.draft_agreement(mediation, given.draft(), actor=user)


def _sign(agreement: Agreement, given: SigningIn, user: User) -> Agreement:
    """Signatures; with the last one it is in force."""
    parties = {str(p.uid): p.pk for p in agreement.mediation.case.parties.all()}
    return actions.sign_agreement(agreement, given.signed(parties), actor=user)


def _take_force(agreement: Agreement, given: NothingIn, user: User) -> Agreement:
    """An oral agreement is in force on the day it was reached."""
    return actions.take_oral_force(agreement, actor=user)


def _perform(instalment: Instalment, given: PerformIn, user: User) -> Instalment:
    """What was paid or done; proofs are uploaded as attachments on the page of the file."""
    actions.perform(instalment, actor=user, **given.validated_data)
    return instalment


MediationList = listed(
    "mediations_list",
    "调解列表",
    Mediation,
    lambda user: with_due(seen.mediations_for_list(user)),
    MediationRow,
    MediationFilter,
)
AgreementList = listed(
    "agreements_list",
    "协议列表",
    Agreement,
    lambda user: seen.agreements_for_list(user).prefetch_related("mediation__case__handlings"),
    AgreementOut,
    AgreementFilter,
)
ObligationList = listed(
    "obligations_list",
    "履行事项列表（每一期一行）",
    Instalment,
    seen.instalments_for_list,
    ObligationRow,
    ObligationFilter,
    order=("due_on", "id"),
    description="The nearest date first.",
)
MediationDetail = shown("mediation_detail", "调解详情", "One mediation.", MEDIATION)
AgreementDetail = shown("agreement_detail", "协议详情", "One agreement.", AGREEMENT)
Open = act("case_mediate", "开启调解", OpeningIn, case_visible_to, _open, MEDIATION, status=201)
ConsentTo = act("mediation_consent", "记录各方意愿", ConsentIn, MEDIATION.find, _consent, MEDIATION)
Fail = act("mediation_fail", "终结调解（未达成协议）", FailIn, MEDIATION.find, _fail, MEDIATION)
Draft = act("mediation_agreement", "起草协议", AgreementIn, MEDIATION.find, _draft, AGREEMENT, status=201)
Sign = act("agreement_sign", "记录签署、盖章", SigningIn, AGREEMENT.find, _sign, AGREEMENT)
TakeForce = act("agreement_take_force", "口头协议登记生效", NothingIn, AGREEMENT.find, _take_force, AGREEMENT)
Perform = act("obligation_perform", "记录履行", PerformIn, PART.find, _perform, PART)
