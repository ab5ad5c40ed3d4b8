"""Imports in the API: a table handed in, watched and confirmed, or items as JSON, registered at once."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from grids.models import Organisation
from grids.queries import centres_served_by
from intake.api.fields import OrganisationBrief, OrganisationKey, label, text
from intake.imports import actions as imports_actions
from intake.imports import queries as imports_queries
from intake.imports.actions.items import ItemResult
from intake.imports.actions.previews import UnknownWord
from intake.imports.columns import columns_of
from intake.imports.models import ImportBatch, ImportKind, ImportMode, RowRemark
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.models import User
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import PermissionDenied
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.shapes import NOTHING

CASES = [needs_scope("cases:read", "cases:register")]
TAGS = ["导入"]
MOST_ITEMS = 200
NAMES = tuple(dict.fromkeys(c.name for kind in ImportKind for c in columns_of(kind)))
COLUMNS = "；".join(f"{kind.label}：{'、'.join(c.title for c in columns_of(kind))}" for kind in ImportKind)


class ImportOut(serializers.Serializer[ImportBatch]):
    uid = serializers.UUIDField()
    kind = serializers.CharField()
    kind_label = label("kind")
    state = serializers.CharField()
    state_label = label("state")
    centre = OrganisationBrief()
    file_name = serializers.CharField()
    total_rows = serializers.IntegerField()
    done_rows = serializers.IntegerField(help_text="本轮（检查或登记）已处理的行数")
    bad_rows = serializers.IntegerField()
    repeat_rows = serializers.IntegerField(help_text="来源编号已登记过的行数")
    new_cases = serializers.IntegerField()
    failure = serializers.CharField(help_text="不能导入的原因")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ImportIn(StrictSerializer[None]):
    kind = serializers.ChoiceField(ImportKind.choices)
    file = serializers.FileField(help_text=f"XLSX、XLS、ET 或 CSV，不超过 20 MB。列：{COLUMNS}")
    centre = OrganisationKey(required=False, help_text="受理的综治中心；不填为任职的中心")
    uid = serializers.UUIDField(required=False, help_text="自编的批次号；重复提交得到同一批")


class ConfirmIn(StrictSerializer[None]):
    mode = serializers.ChoiceField(ImportMode.choices, help_text="all：全部无误才导入；valid：只导入无误的行")


class ReadingIn(StrictSerializer[None]):
    sheet = text(help_text="工作表名称；不填为现在读的这一个")
    head = serializers.IntegerField(required=False, default=0, min_value=0, help_text="表头所在的行，从 1 起；0 为自动")
    columns = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=99),
        required=False,
        help_text="各项在表头中的位置，从 0 起，按字段名：" + "、".join(NAMES),
    )


class WordIn(StrictSerializer[None]):
    column = text(required=True, help_text="字段名")
    words = text(required=True, help_text="来文的说法，与 unknown_words 中的一致")
    meaning = text(required=True, help_text="地点、类别的代码，或风险等级、证件类型的名称")


class WordsIn(StrictSerializer[None]):
    words = WordIn(many=True, help_text="记住的说法，以后同类来文都按此登记")


class UnknownWordOut(serializers.Serializer[UnknownWord]):
    column = serializers.CharField()
    words = serializers.CharField()
    rows = serializers.IntegerField(help_text="出现的行数")


class ImportDetailOut(ImportOut):
    sheet = serializers.CharField(source="read.sheet", help_text="读的工作表；CSV 为空")
    sheets = serializers.ListField(source="read.sheets", child=serializers.CharField(), help_text="有内容的工作表")
    head = serializers.IntegerField(source="read.head", help_text="表头所在的行")
    titles = serializers.ListField(source="read.titles", child=serializers.CharField(allow_blank=True))
    columns = serializers.DictField(
        source="read.places", child=serializers.IntegerField(), help_text="各项在表头中的位置，从 0 起"
    )
    unknown_words = UnknownWordOut(source="read.words", many=True, help_text="系统不认识、可以指定意思的说法")


class RemarkOut(serializers.Serializer[RowRemark]):
    row = serializers.IntegerField()
    column = serializers.CharField()
    message = serializers.CharField()
    case = serializers.CharField(
        source="case.code", default=None, allow_null=True, help_text="重复的行：已有案件的编号"
    )


HELP = {
    "number": "来源系统中的编号；同一编号只登记一次",
    "place": "区划代码，或村、镇的全名",
    "day": "2026-11-23",
    "person": "不填即“不愿透露姓名”",
    "paper": "身份证号",
    "category": "二级类别代码或名称",
    "risk": "红、橙、黄、蓝",
}
"""Where a program is told something else than who fills in a table."""


class ItemIn(StrictSerializer[None]):
    """One call, order or petition."""

    def get_fields(self) -> dict[str, Any]:
        """The columns of the tables, under their names in code."""
        columns = {column.name: column for kind in ImportKind for column in columns_of(kind)}
        return {
            name: text(
                required=column.required, allow_blank=True, help_text=HELP.get(name) or column.note or column.title
            )
            for name, column in columns.items()
        }


class ItemsIn(StrictSerializer[None]):
    kind = serializers.ChoiceField(ImportKind.choices)
    centre = OrganisationKey(required=False, allow_null=True)
    items = serializers.ListField(child=ItemIn(), min_length=1, max_length=MOST_ITEMS, help_text="最多 200 件")


class ItemOut(serializers.Serializer[ItemResult]):
    number = serializers.CharField()
    case = serializers.CharField(allow_null=True, help_text="案件编号；有误的为 null")
    is_repeat = serializers.BooleanField()
    faults = serializers.DictField(child=serializers.CharField(), help_text="按字段名的说明")
    notes = serializers.DictField(child=serializers.CharField(), help_text="已登记但读不懂的项，原文已保留")


class ItemsOut(serializers.Serializer[dict[str, list[ItemResult]]]):
    results = ItemOut(many=True)


class Imports(ApiView):
    """The imports of one's centre; a new one."""

    permission_classes = CASES
    serializer_class = ImportOut
    parser_classes = [MultiPartParser]
    filter_backends = []
    keyset_order = ("-id",)

    model = ImportBatch

    def rows(self) -> Any:
        """The latest first."""
        return imports_queries.imports_visible_to(self.user)

    @extend_schema(summary="导入批次列表", tags=TAGS, operation_id="imports_list", responses=ImportOut(many=True))
    def get(self, request: Request) -> Response:
        """A page."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="提交表格，在后台检查",
        tags=TAGS,
        operation_id="imports_start",
        parameters=[KEY],
        request=ImportIn,
        responses={201: ImportOut},
    )
    def post(self, request: Request) -> Response:
        """Hand a table in."""
        given = ImportIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        centre = values.get("centre") or own_centre(self.user)
        kind, uid = ImportKind(values["kind"]), values.get("uid")
        batch = imports_actions.start_import(kind, values["file"], actor=self.user, centre=centre, uid=uid)
        return Response(ImportOut(batch).data, 201)


class Import(ApiView):
    """One import."""

    permission_classes = CASES
    serializer_class = ImportDetailOut

    @extend_schema(summary="导入进度", tags=TAGS, operation_id="import_detail")
    def get(self, request: Request, uid: UUID) -> Response:
        """How far it is, and how the table was read."""
        batch = imports_queries.import_visible_to(self.user, uid)
        batch.read = imports_actions.preview_of(batch)  # type: ignore[attr-defined]
        return Response(ImportDetailOut(batch).data)


class ImportReading(ApiView):
    """Read the table another way."""

    permission_classes = CASES
    serializer_class = ReadingIn

    @extend_schema(summary="换个读法", tags=TAGS, operation_id="import_read", parameters=[KEY], responses=ImportOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Another sheet, or the columns pointed at; checked again in the background."""
        given = ReadingIn(data=request.data)
        given.is_valid(raise_exception=True)
        batch = imports_queries.import_visible_to(self.user, uid)
        return Response(ImportOut(imports_actions.read_again(batch, actor=self.user, **given.validated_data)).data)


class ImportWords(ApiView):
    """Say what words of the sender mean."""

    permission_classes = CASES
    serializer_class = WordsIn

    @extend_schema(
        summary="指定来文的说法", tags=TAGS, operation_id="import_words", parameters=[KEY], responses=ImportOut
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Remember them, and check again in the background."""
        given = WordsIn(data=request.data)
        given.is_valid(raise_exception=True)
        batch = imports_queries.import_visible_to(self.user, uid)
        said = [(word["column"], word["words"], word["meaning"]) for word in given.validated_data["words"]]
        return Response(ImportOut(imports_actions.explain_words(batch, said, actor=self.user)).data)


class ImportConfirm(ApiView):
    """Let the rows be registered."""

    permission_classes = CASES
    serializer_class = ConfirmIn

    @extend_schema(summary="确认导入", tags=TAGS, operation_id="import_confirm", parameters=[KEY], responses=ImportOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Confirm."""
        given = ConfirmIn(data=request.data)
        given.is_valid(raise_exception=True)
        batch = imports_queries.import_visible_to(self.user, uid)
        done = imports_actions.confirm_import(batch, actor=self.user, mode=given.validated_data["mode"])
        return Response(ImportOut(done).data)


class ImportCancel(ApiView):
    """Drop the file."""

    permission_classes = CASES
    serializer_class = NOTHING.serializer

    @extend_schema(summary="取消导入", tags=TAGS, operation_id="import_cancel", parameters=[KEY], responses=ImportOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Cancel."""
        batch = imports_queries.import_visible_to(self.user, uid)
        return Response(ImportOut(imports_actions.cancel_import(batch, actor=self.user)).data)


class ImportRemarks(ApiView):
    """What was found in the rows."""

    permission_classes = CASES
    serializer_class = RemarkOut
    filter_backends = []
    keyset_order = ("row", "id")

    @extend_schema(summary="逐行说明", tags=TAGS, operation_id="import_remarks", responses=RemarkOut(many=True))
    def get(self, request: Request, uid: UUID) -> Response:
        """A page, in the order of the file."""
        page = self.paginate_queryset(imports_queries.remarks_of(imports_queries.import_visible_to(self.user, uid)))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ImportItems(ApiView):
    """Items as JSON, registered at once."""

    permission_classes = CASES
    serializer_class = ItemsIn

    @extend_schema(
        summary="推送警情、工单、信访件（每次最多 200 件，逐件答复）",
        tags=TAGS,
        operation_id="imports_items",
        parameters=[KEY],
        responses=ItemsOut,
    )
    def post(self, request: Request) -> Response:
        """Register those that are in order; each gets its answer."""
        given = ItemsIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        centre = values.get("centre") or own_centre(self.user)
        results = imports_actions.register_items(
            ImportKind(values["kind"]), values["items"], actor=self.user, centre=centre
        )
        return Response(ItemsOut({"results": results}).data)


def own_centre(user: User) -> Organisation:
    """The centre at which the caller serves; PermissionDenied for none."""
    centres = centres_served_by(user)
    if not centres:
        raise PermissionDenied("调用者不在任何综治中心任职，请指明 centre。")
    return centres[0]
