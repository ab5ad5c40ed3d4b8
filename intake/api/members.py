"""The list of a group in the API: page by page, added to by rows like those of a table."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import actions
from intake.api.act_views import IF_MATCH, version_of
from intake.api.fields import text
from intake.models import MemberConsent, Membership, PartySide
from intake.permissions import may_see_personal
from intake.queries import groups
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.web.fields import shown_as
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.sheets import SheetRow

SIDES = [(side.value, side.label) for side in (PartySide.APPLICANT, PartySide.RESPONDENT)]
NAME = OpenApiParameter("name", str, description="姓名中含这些字的")
TAGS = ["群体名册"]


class MemberOut(serializers.Serializer[groups.MemberView]):
    id = serializers.UUIDField(source="uid")
    name = serializers.CharField(help_text="看不到完整案件的，为脱敏的姓名")
    paper_number = serializers.CharField(help_text="脱敏")
    phone = serializers.CharField(help_text="脱敏")
    amount = serializers.DecimalField(source="row.amount", max_digits=14, decimal_places=2, allow_null=True)
    is_representative = serializers.BooleanField(source="row.is_representative")
    represents_since = serializers.DateField(source="row.represents_since", allow_null=True)
    consent = serializers.ChoiceField([("", "尚未登记"), *MemberConsent.choices], source="row.consent")
    consented_on = serializers.DateField(source="row.consented_on", allow_null=True)
    joined_at = serializers.DateTimeField(source="row.joined_at")


class MemberIn(StrictSerializer[None]):
    name = text(required=True, allow_blank=True)
    paper_number = text(help_text="居民身份证号；可以不填")
    phone = text()
    amount = text(help_text="元，最多两位小数；可以不填")


class MembersIn(StrictSerializer[None]):
    side = serializers.ChoiceField(SIDES, default=PartySide.APPLICANT, help_text="群体是哪一方")
    rows = serializers.ListField(child=MemberIn(), min_length=1, max_length=actions.MOST_MEMBERS)


class MembersAddedOut(serializers.Serializer[actions.Listed]):
    added = serializers.IntegerField(help_text="新列入的人数")
    updated = serializers.IntegerField(help_text="已在名册、补充了内容的人数")


class Members(ApiView):
    """Whom a case names in its list; more of them."""

    permission_classes = [needs_scope("cases:read", "cases:supplement", "cases:handle")]
    serializer_class = MemberOut
    parameters = frozenset({"name"})
    keyset_order = ("party__ordinal", "id")
    model = Membership

    @extend_schema(
        summary="群体名册",
        tags=TAGS,
        operation_id="case_members_list",
        parameters=[NAME],
        responses=MemberOut(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        """A page; numbers are masked, names as this caller sees them."""
        case = groups.case_of_group(self.user, code)
        typed = request.query_params.get("name", "")[:40]
        rows = self.paginate_queryset(groups.memberships_of(case, typed)) or []
        lines = groups.member_views(list(rows), names_in_clear=may_see_personal(self.user, case))
        return self.get_paginated_response(shown_as(MemberOut, lines))

    @extend_schema(
        summary="列入群体名册",
        description="逐行检查，有一行不对就都不写入；已在名册的人不重复列入。最多 2,000 人。",
        tags=TAGS,
        operation_id="case_members_add",
        parameters=[IF_MATCH, KEY],
        request=MembersIn,
        responses=MembersAddedOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Put the people of these rows on the list, all or none."""
        case = groups.case_of_group(self.user, code)
        given = MembersIn(data=request.data)
        given.is_valid(raise_exception=True)
        rows = actions.checked_rows(_rows(given.validated_data["rows"]))
        side, version = given.validated_data["side"], version_of(request)
        listed = actions.list_members(case, rows, actor=self.user, side=side, version=version)
        return Response(MembersAddedOut(listed).data)


def _rows(given: list[dict[str, Any]]) -> Iterator[SheetRow]:
    """As a table has them, counted from 1."""
    return (SheetRow(number, {name: str(value) for name, value in row.items()}) for number, row in enumerate(given, 1))
