"""Police beats over REST: which there are, what each covers, its officer; open, change, end, name the officer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, queries
from grids.api.base import ROSTER, Listed
from grids.api.roster import PersonIn, ServiceOut, person_of
from grids.filters import BeatFilter
from grids.models import Beat, BeatGrid, Service, Territory
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.core.masking import mask_name
from zhongzhi.web.fields import shown_as, text
from zhongzhi.web.known_names import StrictSerializer

TAGS = ["警格"]


class CoveredOut(serializers.Serializer[BeatGrid]):
    territory = serializers.CharField(source="territory.code")
    territory_name = serializers.CharField(source="territory.full_name")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class OfficerOut(serializers.Serializer[Service]):
    key = serializers.CharField(help_text="名册中的编号")
    name = serializers.SerializerMethodField(help_text="姓名，脱敏")
    public_phone = serializers.CharField(source="person.public_phone", help_text="公示电话")
    starts_on = serializers.DateField()

    @extend_schema_field(str)
    def get_name(self, service: Service) -> str:
        """王小明 as 王*明."""
        return mask_name(service.person.name)


class BeatOut(serializers.Serializer[queries.BeatLine]):
    id = serializers.IntegerField(source="beat.pk")
    name = serializers.CharField(source="beat.name")
    station = serializers.IntegerField(source="beat.station.pk", help_text="派出所的编号")
    station_name = serializers.CharField(source="beat.station.name")
    grids = CoveredOut(source="covered", many=True, help_text="今天覆盖的网格")
    officer = OfficerOut(allow_null=True, help_text="今天的包片民警")
    starts_on = serializers.DateField(source="beat.starts_on")
    ends_on = serializers.DateField(source="beat.ends_on", allow_null=True)


class BeatDetailOut(BeatOut):
    history = serializers.SerializerMethodField(help_text="覆盖过的网格，新的在前")

    @extend_schema_field(CoveredOut(many=True))
    def get_history(self, line: Any) -> Any:
        """Every grid it covers or covered."""
        return shown_as(CoveredOut, queries.coverage_history(line.beat))


class ChangeBeatIn(StrictSerializer[None]):
    name = text(required=True, max_length=60, help_text="警格名称")
    grids = serializers.ListField(
        child=text(required=True, max_length=15), max_length=2000, help_text="网格代码；以此为准，不在其中的划出"
    )
    from_day = serializers.DateField(required=False, help_text="自哪一天起，默认今天")
    takes_over = serializers.BooleanField(default=False, help_text="已属别的警格的网格从那里划入；默认拒绝")


class OpenBeatIn(ChangeBeatIn):
    station = serializers.IntegerField(help_text="派出所的编号（机构）")


class EndBeatIn(StrictSerializer[None]):
    ends_on = serializers.DateField(help_text="自这一天起停用")
    reason = text(max_length=100)


class OfficerIn(PersonIn):
    name = text(max_length=50, help_text="新登记的民警；已在名册中的填 person")
    person = serializers.UUIDField(required=False, help_text="名册中的人（见名册的 person）")
    starts_on = serializers.DateField(required=False, help_text="默认今天；现任民警到这一天为止")


def answer(beat: Beat, status: int = 200) -> Response:
    """A beat as it stands today."""
    headers = {"Location": f"/api/v1/beats/{beat.pk}/"} if status == 201 else {}
    return Response(BeatDetailOut(queries.beat_lines([beat])[0]).data, status, headers=headers)


def grids_of(codes: list[str]) -> list[Territory]:
    """The grids of these codes; a refusal names the one that is none."""
    return queries.places_named(codes, field="grids")


class Beats(Listed):
    """Beats in sight."""

    serializer_class = BeatOut
    filterset_class = BeatFilter
    keyset_order = ("id",)

    model = Beat

    def rows(self) -> Any:
        """In the caller's territory and own grids."""
        return queries.beats_visible_to(self.user)

    @extend_schema(summary="警格列表", tags=TAGS, operation_id="beats_list", responses=BeatOut(many=True))
    def get(self, request: Request) -> Response:
        """A page with grids and officers of today; `in_use=true` for those in force, `within` for a grid's beat."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(shown_as(BeatOut, queries.beat_lines(list(rows))))

    @extend_schema(
        summary="设立警格",
        tags=TAGS,
        operation_id="beats_open",
        parameters=[KEY],
        request=OpenBeatIn,
        responses={201: BeatDetailOut},
    )
    def post(self, request: Request) -> Response:
        """A new beat of a police station over some grids."""
        given = OpenBeatIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        station = queries.station_kept_by(self.user, values.pop("station"))
        grids, day = grids_of(values.pop("grids")), values.pop("from_day", None)
        name, takes_over = values["name"], values["takes_over"]
        beat = actions.open_beat(station, name, grids, actor=self.user, starts_on=day, takes_over=takes_over)
        return answer(beat, 201)


class BeatDetail(ApiView):
    """One beat."""

    permission_classes = ROSTER
    serializer_class = BeatDetailOut

    @extend_schema(summary="警格详情", tags=TAGS, operation_id="beat_detail", responses=BeatDetailOut)
    def get(self, request: Request, pk: int) -> Response:
        """With every grid it covers or covered; also one that has ended."""
        return answer(queries.beat_visible_to(self.user, pk))


class BeatChange(ApiView):
    """Name and grids."""

    permission_classes = ROSTER
    serializer_class = ChangeBeatIn

    @extend_schema(summary="调整警格", tags=TAGS, operation_id="beat_change", parameters=[KEY], responses=BeatDetailOut)
    def post(self, request: Request, pk: int) -> Response:
        """The beat covers exactly these grids from the day on; before it, what it did."""
        beat = queries.beat_visible_to(self.user, pk)
        given = ChangeBeatIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        grids = grids_of(values.pop("grids"))
        return answer(actions.change_beat(beat, actor=self.user, grids=grids, **values))


class BeatEnd(ApiView):
    """End of a beat."""

    permission_classes = ROSTER
    serializer_class = EndBeatIn

    @extend_schema(summary="停用警格", tags=TAGS, operation_id="beat_end", parameters=[KEY], responses=BeatDetailOut)
    def post(self, request: Request, pk: int) -> Response:
        """Its grids are free from then on; who serves on it ends with it."""
        beat = queries.beat_visible_to(self.user, pk)
        given = EndBeatIn(data=request.data)
        given.is_valid(raise_exception=True)
        return answer(actions.end_beat(beat, actor=self.user, **given.validated_data))


class BeatOfficer(ApiView):
    """The officer of a beat."""

    permission_classes = ROSTER
    serializer_class = OfficerIn

    @extend_schema(
        summary="指定包片民警",
        tags=TAGS,
        operation_id="beat_officer",
        parameters=[KEY],
        responses={201: ServiceOut},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Who holds the beat until then ends on that day."""
        beat = queries.beat_visible_to(self.user, pk)
        given = OfficerIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        known, day = values.pop("person", None), values.pop("starts_on", None) or timezone.localdate()
        successor = queries.person_visible_to(self.user, known) if known else person_of({"name": "", **values})
        service = actions.replace_officer(beat, successor, actor=self.user, starts_on=day)
        return Response(ServiceOut(service).data, 201, headers={"Location": f"/api/v1/roster/{service.key}/"})
