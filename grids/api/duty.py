"""Duty over REST: the list of turns, who is responsible for a place now; put somebody on, take a turn off."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, queries
from grids.api.base import ROSTER, Listed
from grids.filters import DutyFilter
from grids.models import Beat, Service, Shift
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.masking import mask_name
from zhongzhi.web.bounds import MOMENT, moment_validators
from zhongzhi.web.fields import label, text
from zhongzhi.web.known_names import StrictSerializer

TAGS = ["值班"]


class ShiftOut(serializers.Serializer[Shift]):
    id = serializers.IntegerField()
    name = serializers.SerializerMethodField(help_text="姓名，脱敏")
    public_phone = serializers.CharField(source="person.public_phone", help_text="公示电话")
    organisation = serializers.IntegerField(source="organisation_id", allow_null=True)
    organisation_name = serializers.CharField(source="organisation.name", allow_null=True, default=None)
    territory = serializers.CharField(source="territory.code", allow_null=True, default=None)
    territory_name = serializers.CharField(source="territory.full_name", allow_null=True, default=None)
    window = serializers.CharField()
    leads = serializers.BooleanField(help_text="带班")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()

    @extend_schema_field(str)
    def get_name(self, shift: Shift) -> str:
        """王小明 as 王*明."""
        return mask_name(shift.person.name)


class AnswerableOut(serializers.Serializer[Service]):
    key = serializers.CharField(help_text="名册中的编号")
    kind = serializers.CharField()
    kind_label = label("kind")
    name = serializers.SerializerMethodField(help_text="姓名，脱敏")
    public_phone = serializers.CharField(source="person.public_phone", help_text="公示电话")

    @extend_schema_field(str)
    def get_name(self, service: Service) -> str:
        """王小明 as 王*明."""
        return mask_name(service.person.name)


class BeatNameOut(serializers.Serializer[Beat]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    station_name = serializers.CharField(source="station.name")


class ResponsibleOut(serializers.Serializer[queries.Responsible]):
    territory = serializers.CharField(source="place.code")
    territory_name = serializers.CharField(source="place.full_name")
    on_duty = ShiftOut(source="shifts", many=True, help_text="在班的人，离得近的在前，再是各级综治中心的")
    serving = AnswerableOut(source="services", many=True, help_text="在这里任职、应答的人")
    beats = BeatNameOut(many=True, help_text="警格")


class PutOnIn(StrictSerializer[None]):
    organisation = serializers.IntegerField(required=False, allow_null=True, help_text="机构编号；与 territory 二选一")
    territory = text(help_text="村（12 位）或网格（15 位）代码；与 organisation 二选一")
    person = serializers.UUIDField(required=False, help_text="在这里任职的人（名册的 person）；与 username 二选一")
    username = text(help_text="本单位人员的用户名；与 person 二选一")
    window = text(max_length=30, help_text="窗口")
    leads = serializers.BooleanField(default=False)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class TakenOffOut(serializers.Serializer[Shift]):
    id = serializers.IntegerField(help_text="已取消的一班")


class Moment(serializers.Serializer[None]):
    territory = serializers.CharField(max_length=15)
    at = serializers.DateTimeField(required=False, validators=moment_validators())


class Duty(Listed):
    """Turns of duty in sight."""

    serializer_class = ShiftOut
    filterset_class = DutyFilter
    keyset_order = ("-id",)

    model = Shift

    def rows(self) -> Any:
        """Of the county hall, the caller's territory and own grids."""
        return queries.shifts_visible_to(self.user)

    @extend_schema(summary="值班表", tags=TAGS, operation_id="duty_list", responses=ShiftOut(many=True))
    def get(self, request: Request) -> Response:
        """A page, the latest set first; `since` and `until` for turns that touch a period; `now=true`: on now."""
        return self.page()

    @extend_schema(
        summary="排班",
        tags=TAGS,
        operation_id="duty_set",
        parameters=[KEY],
        request=PutOnIn,
        responses={201: ShiftOut},
    )
    def post(self, request: Request) -> Response:
        """Put somebody on duty at an organisation, or for a village or grid."""
        given = PutOnIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        number, code = values.pop("organisation", None), values.pop("territory", "")
        place = queries.organisation_of(number) if number else None
        grid = queries.place_visible_to(self.user, code) if code else None
        person = _person(place or grid, values.pop("person", None), values.pop("username", ""))
        shift = actions.set_duty(person, actor=self.user, organisation=place, territory=grid, **values)
        return Response(ShiftOut(shift).data, 201)


class DutyTakeOff(ApiView):
    """A turn taken off."""

    permission_classes = ROSTER
    serializer_class = TakenOffOut

    @extend_schema(
        summary="取消一班",
        tags=TAGS,
        operation_id="duty_take_off",
        parameters=[KEY],
        request=None,
        responses=TakenOffOut,
    )
    def post(self, request: Request, pk: int) -> Response:
        """It leaves the list; the trail keeps it."""
        actions.take_off_duty(queries.shift_visible_to(self.user, pk), actor=self.user)
        return Response({"id": pk})


class DutyResponsible(ApiView):
    """Who answers for a place."""

    permission_classes = ROSTER
    serializer_class = ResponsibleOut
    parameters = frozenset({"territory", "at"})

    @extend_schema(
        summary="这里现在找谁",
        tags=TAGS,
        operation_id="duty_responsible",
        parameters=[
            OpenApiParameter(
                "territory",
                {"type": "string", "pattern": "^[0-9]{2,15}$"},
                required=True,
                description="区划代码，乡镇、村或网格",
            ),
            OpenApiParameter("at", MOMENT, description="某一时刻（RFC 3339），默认现在"),
        ],
        responses=ResponsibleOut,
    )
    def get(self, request: Request) -> Response:
        """Who is on duty there and at the centres above, who serves there, which beat covers it."""
        asked = Moment(data=request.query_params)
        asked.is_valid(raise_exception=True)
        place = queries.place_visible_to(self.user, asked.validated_data["territory"])
        return Response(ResponsibleOut(queries.responsible_for(place, at=asked.validated_data.get("at"))).data)


def _person(place: Any, uid: Any, username: str) -> Any:
    """Somebody of those who may be put on at the place."""
    if place is None:
        raise RuleViolation("请写明在哪个单位或哪个网格值班。", field="organisation")
    key = f"p{uid}" if uid else queries.duty_key_of(username)
    if key not in queries.people_for_duty(place):
        field = "person" if uid else "username"
        raise RuleViolation("这个人不在这里任职，不能排班；请先任命，或换一个人。", field=field)
    return actions.duty_person_of(key)
