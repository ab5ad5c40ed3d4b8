"""Reports from the field over REST; the phone page sends through these addresses too."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, queries
from grids.api.base import ROSTER, Listed
from grids.entries import HazardEntry
from grids.filters import HazardFilter
from grids.models import Hazard, HazardFile, HazardKind, HazardLevel, HazardSource
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.core.masking import mask_name, mask_phone
from zhongzhi.web.fields import label, text
from zhongzhi.web.known_names import StrictSerializer

TAGS = ["排查与上报"]


class HazardOut(serializers.Serializer[Hazard]):
    uid = serializers.UUIDField()
    kind = serializers.CharField()
    kind_label = label("kind")
    level = serializers.CharField()
    level_label = label("level")
    source = serializers.CharField()  # type: ignore[assignment]
    source_label = label("source")
    status = serializers.CharField()
    status_label = label("status")
    territory = serializers.CharField(source="territory.code")
    territory_name = serializers.CharField(source="territory.full_name")
    place_detail = serializers.CharField()
    narrative = serializers.CharField()
    reporter_name = serializers.SerializerMethodField(help_text="反映人，脱敏")
    reporter_phone = serializers.SerializerMethodField(help_text="反映人电话，脱敏")
    other_side = serializers.SerializerMethodField(help_text="对方当事人，脱敏")
    is_urgent = serializers.BooleanField()
    found_at = serializers.DateTimeField()
    reported_at = serializers.DateTimeField()
    reported_by = serializers.CharField(source="reported_by.name")
    first_on_spot_at = serializers.DateTimeField(allow_null=True)
    minutes_to_spot = serializers.IntegerField(allow_null=True, help_text="从收到上报到最先到场的整分钟数")
    result = serializers.CharField()
    watch_until = serializers.DateField(allow_null=True)
    case_code = serializers.CharField(help_text="转成的案件编号；没有转为空")
    ended_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(str)
    def get_reporter_name(self, hazard: Hazard) -> str:
        """As 王*明."""
        return mask_name(hazard.reporter_name)

    @extend_schema_field(str)
    def get_reporter_phone(self, hazard: Hazard) -> str:
        """As 138****5678."""
        return mask_phone(hazard.reporter_phone) if hazard.reporter_phone_sealed else ""

    @extend_schema_field(str)
    def get_other_side(self, hazard: Hazard) -> str:
        """As 李*."""
        return mask_name(hazard.other_side)


class HazardIn(StrictSerializer[None]):
    uid = serializers.UUIDField(required=False, help_text="手机生成的编号；同一编号永远只收一次")
    narrative = text(required=True, max_length=2000)
    territory = text(required=True, help_text="网格（15 位）或村（12 位）代码")
    kind = serializers.ChoiceField(HazardKind.choices, default=HazardKind.DISPUTE)
    level = serializers.ChoiceField(HazardLevel.choices, default=HazardLevel.BLUE)
    source = serializers.ChoiceField(HazardSource.choices, default=HazardSource.PATROL)  # type: ignore[assignment]
    place_detail = text(max_length=200)
    reporter_name = text(max_length=80)
    reporter_phone = text()
    other_side = text(max_length=80)
    is_urgent = serializers.BooleanField(default=False, help_text="请民警和村干部马上到场")
    found_at = serializers.DateTimeField(required=False)


class FileIn(StrictSerializer[None]):
    uid = serializers.UUIDField(required=False, help_text="手机生成的编号；同一编号只存一次")
    file = serializers.FileField(help_text="照片（JPG、PNG、WebP）或视频（MP4），单个不超过 20 MB，一次上报最多 9 个")


class HazardFileOut(serializers.Serializer[HazardFile]):
    uid = serializers.UUIDField()
    name = serializers.CharField(source="file.name")
    size = serializers.IntegerField(source="file.size")


class SolveIn(StrictSerializer[None]):
    result = text(required=True, max_length=2000, help_text="怎样化解的")


class WatchIn(StrictSerializer[None]):
    note = text(max_length=2000)
    until = serializers.DateField(required=False, allow_null=True)


class ReopenIn(StrictSerializer[None]):
    reason = text(required=True, max_length=2000)


class ArriveIn(StrictSerializer[None]):
    at = serializers.DateTimeField(required=False, help_text="按下“到场”的时刻（没有网络时按下、后来才发出的）")


class Hazards(Listed):
    """What was found, in sight."""

    serializer_class = HazardOut
    filterset_class = HazardFilter
    keyset_order = ("-id",)

    model = Hazard

    def rows(self) -> Any:
        """In the caller's territory and own grids."""
        return queries.hazards_visible_to(self.user)

    @extend_schema(summary="排查列表", tags=TAGS, operation_id="hazards_list", responses=HazardOut(many=True))
    def get(self, request: Request) -> Response:
        """A page, the newest first."""
        return self.page()

    @extend_schema(
        summary="上报",
        tags=TAGS,
        operation_id="hazards_report",
        parameters=[KEY],
        request=HazardIn,
        responses={201: HazardOut},
    )
    def post(self, request: Request) -> Response:
        """Take a report in; the same `uid` again answers with the report that is there."""
        given = HazardIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        hazard = actions.report_hazard(HazardEntry(place=values.pop("territory"), **values), actor=self.user)
        return Response(HazardOut(hazard).data, 201, headers={"Location": f"/api/v1/hazards/{hazard.uid}/"})


class HazardDetail(ApiView):
    """One of them."""

    permission_classes = ROSTER
    serializer_class = HazardOut

    @extend_schema(summary="排查详情", tags=TAGS, operation_id="hazard_detail")
    def get(self, request: Request, uid: UUID) -> Response:
        """As it is now."""
        return Response(HazardOut(queries.hazard_visible_to(self.user, uid)).data)


class HazardFiles(ApiView):
    """Photos and videos."""

    permission_classes = ROSTER
    serializer_class = HazardFileOut
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="上传照片或视频",
        tags=TAGS,
        operation_id="hazard_add_file",
        parameters=[KEY],
        request={"multipart/form-data": FileIn},
        responses={201: HazardFileOut},
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Keep one with its report."""
        hazard = queries.hazard_visible_to(self.user, uid)
        given = FileIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        row = actions.add_file(hazard, values["file"], actor=self.user, uid=values.get("uid"))
        return Response(HazardFileOut(row).data, 201)


class HazardAct(ApiView):
    """One act on one hazard."""

    permission_classes = ROSTER
    run: Callable[..., Hazard]

    def do(self, request: Request, uid: UUID) -> Response:
        """Do it, and answer with the hazard as it is then."""
        hazard = queries.hazard_visible_to(self.user, uid)
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(HazardOut(type(self).run(hazard, actor=self.user, **given.validated_data)).data)


ACTS: tuple[tuple[str, str, type[serializers.Serializer[None]], Callable[..., Hazard]], ...] = (
    ("on-the-spot", "到场", ArriveIn, actions.arrive),
    ("watch", "列入关注", WatchIn, actions.watch_hazard),
    ("solve", "就地化解", SolveIn, actions.solve_hazard),
    ("reopen", "重新处置", ReopenIn, actions.reopen_hazard),
)


def act_views() -> list[tuple[str, type[HazardAct]]]:
    """Name and view of every act."""
    return [(name, _view(name, summary, shape, run)) for name, summary, shape, run in ACTS]


def _view(
    name: str, summary: str, shape: type[serializers.Serializer[None]], run: Callable[..., Hazard]
) -> type[HazardAct]:
    def post(self: HazardAct, request: Request, uid: UUID) -> Response:
        return self.do(request, uid)

    operation = f"hazard_{name.replace('-', '_')}"
    described = extend_schema(summary=summary, tags=TAGS, operation_id=operation, parameters=[KEY], responses=HazardOut)
    values = {"serializer_class": shape, "run": staticmethod(run), "post": described(post)}
    return type(f"Hazard{name.title().replace('-', '')}", (HazardAct,), values)
