"""Reads and acts of mediations, agreements and obligations in the API.

Two shapes, each written once: a list, and one thing. The acts come from their tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from intake.api.act_views import ActView, Target, act_view, act_views
from intake.queries import case_visible_to
from mediation import actions
from mediation.api.inputs import AgreementIn
from mediation.api.serializers import AgreementOut, MediationOut, MediationRow, ObligationRow
from mediation.available_actions import AGREEMENT_ACTS, CASE_ACTS, INSTALMENT_ACTS, MEDIATION_ACTS
from mediation.filters import AgreementFilter, MediationFilter, ObligationFilter
from mediation.models import Agreement, Instalment, Mediation
from mediation.queries import visibility as seen
from mediation.queries.workspace import with_due
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.models import User
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.web.act_table import ActTable

WRITE = "mediations:write"
CASES = [needs_scope("cases:read", WRITE)]
TAGS = ["调解"]


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Thing(Generic[Row]):
    """What is shown: how it is found for a caller, and its shape."""

    find: Callable[[User, UUID], Row]
    shape: type[Serializer[Row]]


MEDIATION = Thing(seen.mediation_visible_to, MediationOut)
AGREEMENT = Thing(seen.agreement_visible_to, AgreementOut)
PART = Thing(seen.instalment_visible_to, ObligationRow)


def listed(
    name: str,
    summary: str,
    kind: type[Row],
    visible: Callable[[User], QuerySet[Row]],
    shape: type[Serializer[Row]],
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


def shown(name: str, summary: str, description: str, thing: Thing[Row]) -> type[ApiView]:
    """One thing in sight, whole."""

    class Shown(ApiView):
        permission_classes = CASES
        serializer_class = thing.shape

        @extend_schema(summary=summary, description=description, tags=TAGS, operation_id=name)
        def get(self, request: Request, uid: UUID) -> Response:
            return Response(self.get_serializer(thing.find(self.user, uid)).data)

    return Shown


class Draft(ApiView):
    """The agreement of a mediation."""

    permission_classes = CASES
    serializer_class = AgreementIn

    @extend_schema(
        summary="起草协议",
        description="Write the agreement, or write it again.",
        tags=TAGS,
        operation_id="mediation_agreement",
        parameters=[KEY],
        responses={201: AgreementOut},
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Write it, and answer with it."""
        mediation = seen.mediation_visible_to(self.user, uid)
        given = AgreementIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = actions.draft_agreement(mediation, given.draft(), actor=self.user)
        return _answer(self, AGREEMENT, made.uid, 201)


def _answer(view: ApiView, thing: Thing[Row], uid: UUID, status: int = 200) -> Response:
    row = thing.find(view.user, uid)
    return Response(thing.shape(row, context=view.get_serializer_context()).data, status)


def _as_it_is_then(thing: Thing[Row]) -> Callable[[ActView, Any, dict[str, Any]], Response]:
    def answer(view: ActView, result: Any, where: dict[str, Any]) -> Response:
        return _answer(view, thing, where["uid"])

    return answer


def _opened(view: ActView, result: Mediation, where: dict[str, Any]) -> Response:
    return _answer(view, MEDIATION, result.uid, 201)


def _target(thing: Thing[Row], prefix: str) -> Target:
    """What acts are done on that answer with the same thing as it is then."""
    answer = _as_it_is_then(thing)
    return Target(thing.find, answer, thing.shape, prefix=prefix, tags=tuple(TAGS), versioned=False, scope=WRITE)


OF_CASE = Target(
    case_visible_to, _opened, MediationOut, prefix="case", tags=tuple(TAGS), versioned=False, status=201, scope=WRITE
)
Open = act_view(CASE_ACTS.named("mediate"), OF_CASE)
TARGETS: dict[str, tuple[ActTable[Any], Target]] = {
    "mediation": (MEDIATION_ACTS, _target(MEDIATION, "mediation")),
    "agreement": (AGREEMENT_ACTS, _target(AGREEMENT, "agreement")),
    "obligation": (INSTALMENT_ACTS, _target(PART, "obligation")),
}


def views_of_acts() -> list[tuple[str, str, type[ActView]]]:
    """Of every act that the API offers: on what, name, view."""
    return [(kind, name, view) for kind, on in TARGETS.items() for name, view in act_views(*on)]


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
