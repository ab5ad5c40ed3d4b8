"""The rosters over REST: who serves where, masked; appoint, correct, end."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, queries
from grids.api.base import ROSTER, Listed
from grids.entries import PersonEntry, ServiceEntry
from grids.filters import RosterFilter
from grids.models import Service, ServiceKind
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.core.masking import mask_name, mask_phone
from zhongzhi.web.fields import label, text
from zhongzhi.web.known_names import StrictSerializer

TAGS = ["网格名册"]


class ServiceOut(serializers.Serializer[Service]):
    key = serializers.CharField(help_text="编号，如 FW00000012；导入导出和更新都按它对应")
    kind = serializers.CharField()
    kind_label = label("kind")
    person = serializers.UUIDField(source="person.uid", help_text="同一个人的各段任职相同")
    name = serializers.SerializerMethodField(help_text="姓名，脱敏")
    phone = serializers.SerializerMethodField(help_text="电话，脱敏")
    public_phone = serializers.CharField(source="person.public_phone", help_text="公示电话")
    has_account = serializers.SerializerMethodField()
    territory = serializers.CharField(source="territory.code", allow_null=True, default=None)
    territory_name = serializers.CharField(source="territory.full_name", allow_null=True, default=None)
    beat = serializers.CharField(source="beat.name", allow_null=True, default=None)
    organisation = serializers.CharField(source="organisation.name", allow_null=True, default=None)
    title = serializers.CharField()
    households = serializers.IntegerField(allow_null=True)
    households_note = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    end_reason = serializers.CharField()

    @extend_schema_field(str)
    def get_name(self, service: Service) -> str:
        """王小明 as 王*明."""
        return mask_name(service.person.name)

    @extend_schema_field(str)
    def get_phone(self, service: Service) -> str:
        """138****5678."""
        return mask_phone(service.person.phone) if service.person.phone_sealed else ""

    @extend_schema_field(bool)
    def get_has_account(self, service: Service) -> bool:
        """Whether the person can sign in."""
        return service.person.user_id is not None


class PersonIn(StrictSerializer[None]):
    name = text(required=True, max_length=50)
    phone = text(help_text="加密保存；修改时留空表示不变")
    paper_number = text(help_text="身份证号，加密保存；修改时留空表示不变")
    public_phone = text(max_length=30, help_text="公示电话")
    username = text(help_text="账号的用户名；没有账号留空")


class AppointIn(PersonIn):
    kind = serializers.ChoiceField(ServiceKind.choices)
    territory = text(help_text="网格（15 位）或村（12 位）代码；包片民警填 beat")
    beat = serializers.IntegerField(required=False, allow_null=True, help_text="警格的编号")
    title = text(max_length=40)
    households = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    households_note = text(max_length=200)
    starts_on = serializers.DateField(required=False, help_text="默认今天")


class CorrectIn(PersonIn):
    title = text(max_length=40)
    households = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    households_note = text(max_length=200)


class EndIn(StrictSerializer[None]):
    ends_on = serializers.DateField(help_text="自这一天起不再任职")
    reason = text(max_length=100)


PERSON = tuple(PersonIn().fields)


def person_of(values: dict[str, Any]) -> PersonEntry:
    """The person of an input; what is left is the service's."""
    return PersonEntry(**{name: values.pop(name) for name in PERSON if name in values})


class Roster(Listed):
    """Periods of service in sight."""

    serializer_class = ServiceOut
    filterset_class = RosterFilter
    keyset_order = ("id",)

    model = Service

    def rows(self) -> Any:
        """Those in the caller's territory and own grids."""
        return queries.services_visible_to(self.user)

    @extend_schema(summary="名册", tags=TAGS, operation_id="roster_list", responses=ServiceOut(many=True))
    def get(self, request: Request) -> Response:
        """A page; `serving=true` for those in office today, without it the history too."""
        return self.page()

    @extend_schema(
        summary="任命",
        tags=TAGS,
        operation_id="roster_appoint",
        parameters=[KEY],
        request=AppointIn,
        responses={201: ServiceOut},
    )
    def post(self, request: Request) -> Response:
        """Let a person serve a place from a day on."""
        given = AppointIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        person, place = person_of(values), values.pop("territory", "")
        service = actions.appoint(ServiceEntry(place=place, **values), person, actor=self.user)
        return Response(ServiceOut(service).data, 201, headers={"Location": f"/api/v1/roster/{service.key}/"})


class RosterRow(ApiView):
    """One period of service."""

    permission_classes = ROSTER
    serializer_class = ServiceOut

    @extend_schema(summary="名册详情", tags=TAGS, operation_id="roster_detail")
    def get(self, request: Request, key: str) -> Response:
        """The row by its number."""
        return Response(ServiceOut(queries.service_visible_to(self.user, key)).data)


class RosterCorrect(ApiView):
    """Correct what is known."""

    permission_classes = ROSTER
    serializer_class = CorrectIn

    @extend_schema(
        summary="更正（换网格或换类别请离任后重新任命）",
        tags=TAGS,
        operation_id="roster_correct",
        parameters=[KEY],
        responses=ServiceOut,
    )
    def post(self, request: Request, key: str) -> Response:
        """Name, numbers, households, title; what is left empty of sealed numbers stays."""
        service = queries.service_visible_to(self.user, key)
        given = CorrectIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        person = person_of(values)
        return Response(ServiceOut(actions.correct_service(service, actor=self.user, person=person, **values)).data)


class RosterEnd(ApiView):
    """End of service."""

    permission_classes = ROSTER
    serializer_class = EndIn

    @extend_schema(summary="离任", tags=TAGS, operation_id="roster_end", parameters=[KEY], responses=ServiceOut)
    def post(self, request: Request, key: str) -> Response:
        """The row stays as history."""
        service = queries.service_visible_to(self.user, key)
        given = EndIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(ServiceOut(actions.end_service(service, actor=self.user, **given.validated_data)).data)
