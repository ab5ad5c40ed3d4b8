"""Tables over REST: rosters, beats and places handed in, looked at, and written; villages merged."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, queries
from grids.actions.merging import Merger
from grids.actions.table_imports import MODES
from grids.actions.tables import TABLES
from grids.api.base import ROSTER, Listed
from grids.models import ImportRow, Verdict
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.core.errors import BadInput
from zhongzhi.jobs.models import Job
from zhongzhi.web.fields import label, text
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.readings import Reading

TAGS = ["名册、警格、区划的导入"]


class TableIn(StrictSerializer[None]):
    kind = serializers.ChoiceField([(name, title) for name, (title, _) in TABLES.items()])
    file = serializers.FileField(help_text="XLSX、XLS、ET 或 CSV，表头同模板")


class ConfirmTableIn(StrictSerializer[None]):
    mode = serializers.ChoiceField(list(MODES.items()), help_text="all 全部或全不；valid 只写正确的行")


class WritingOut(serializers.Serializer[Job]):
    state = serializers.CharField()
    state_label = label("state")
    message = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    written = serializers.IntegerField(source="result.written", default=0)
    refused = serializers.IntegerField(source="result.refused", default=0, help_text="名册已有变动而没有写入的行")


class TableOut(serializers.Serializer[Job]):
    uid = serializers.UUIDField()
    kind = serializers.CharField(source="options.table")
    title = serializers.CharField()
    file_name = serializers.CharField()
    state = serializers.CharField(help_text="检查的状态：waiting、running、done、failed")
    state_label = label("state")
    message = serializers.CharField(help_text="没有完成的原因")
    done = serializers.IntegerField(help_text="已检查的行")
    total = serializers.IntegerField()
    counts = serializers.SerializerMethodField(help_text="各结论的行数")
    unknown_columns = serializers.ListField(
        source="result.unknown", child=serializers.CharField(), default=list, help_text="没有用到的列"
    )
    writing = serializers.SerializerMethodField(help_text="确认以后写入的进度")
    created_at = serializers.DateTimeField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_counts(self, job: Job) -> dict[str, int]:
        """How many rows would do what."""
        return {verdict: job.result.get(verdict, 0) for verdict in Verdict.values}

    @extend_schema_field(WritingOut(allow_null=True))
    def get_writing(self, job: Job) -> Any:
        """Nothing before it was confirmed."""
        writing = queries.writing_of(job.owner, job)
        return WritingOut(writing).data if writing else None


class TableDetailOut(TableOut):
    missing = serializers.ListField(
        source="result.asking",
        child=serializers.CharField(),
        default=list,
        help_text="认不出、须指定的列；为空即已读懂",
    )
    sheet = serializers.CharField(source="read.sheet", help_text="读的工作表；CSV 为空")
    sheets = serializers.ListField(source="read.sheets", child=serializers.CharField(), help_text="有内容的工作表")
    head = serializers.IntegerField(source="read.head", help_text="表头所在的行")
    titles = serializers.ListField(source="read.titles", child=serializers.CharField(allow_blank=True))
    columns = serializers.DictField(
        source="read.places", child=serializers.IntegerField(), help_text="各列在表头中的位置，从 0 起"
    )
    hidden = serializers.IntegerField(source="result.hidden", default=0, help_text="隐藏的行数，同样会读")

    def to_representation(self, job: Job) -> Any:
        """With how it was read; empty once it is confirmed."""
        job.read = queries.reading_of(job) or Reading()  # type: ignore[attr-defined]
        return super().to_representation(job)


class TableReadingIn(StrictSerializer[None]):
    sheet = text(help_text="工作表名称；不填为现在读的这一个")
    head = serializers.IntegerField(required=False, default=0, min_value=0, help_text="表头所在的行，从 1 起；0 为自动")
    columns = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=99),
        required=False,
        help_text="各列在表头中的位置，从 0 起，按字段名（同 columns）",
    )


class TableRowOut(serializers.Serializer[ImportRow]):
    row = serializers.IntegerField(source="number", help_text="文件中的行号")
    verdict = serializers.CharField()
    verdict_label = label("verdict")
    faults = serializers.ListField(child=serializers.CharField(), help_text="问题，中文句子")
    changes = serializers.ListField(child=serializers.CharField(), help_text="变更的列")
    written = serializers.BooleanField()


class Tables(Listed):
    """The caller's tables; a new one."""

    serializer_class = TableOut
    parser_classes = [MultiPartParser]
    filter_backends = []
    keyset_order = ("-id",)

    model = Job

    def rows(self) -> Any:
        """The latest first."""
        return queries.imports_of(self.user).select_related("owner")

    @extend_schema(summary="导入的表格", tags=TAGS, operation_id="tables_list", responses=TableOut(many=True))
    def get(self, request: Request) -> Response:
        """A page of one's own."""
        return self.page()

    @extend_schema(
        summary="提交表格，在后台检查",
        tags=TAGS,
        operation_id="tables_start",
        parameters=[KEY],
        request=TableIn,
        responses={201: TableOut},
    )
    def post(self, request: Request) -> Response:
        """Hand a table in; nothing is written before it is confirmed."""
        given = TableIn(data=request.data)
        given.is_valid(raise_exception=True)
        job = actions.start_import(given.validated_data["kind"], given.validated_data["file"], actor=self.user)
        return Response(TableOut(job).data, 201, headers={"Location": f"/api/v1/tables/{job.uid}/"})


class TableDetail(ApiView):
    """One table."""

    permission_classes = ROSTER
    serializer_class = TableDetailOut

    @extend_schema(summary="表格的进度", tags=TAGS, operation_id="table_detail", responses=TableDetailOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """How it is read, and how far check and writing are."""
        return Response(TableDetailOut(queries.import_of(self.user, uid)).data)


class TableReading(ApiView):
    """Read the table another way."""

    permission_classes = ROSTER
    serializer_class = TableReadingIn

    @extend_schema(summary="换个读法", tags=TAGS, operation_id="table_read", parameters=[KEY], responses=TableDetailOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Another sheet, or the columns pointed at; checked again in the background."""
        given = TableReadingIn(data=request.data)
        given.is_valid(raise_exception=True)
        check = queries.import_of(self.user, uid)
        actions.read_again(check, actor=self.user, **given.validated_data)
        return Response(TableDetailOut(queries.import_of(self.user, uid)).data)


class TableRows(Listed):
    """What was found in the rows."""

    serializer_class = TableRowOut
    parameters = frozenset({"verdict"})
    filter_backends = []
    keyset_order = ("number", "id")

    @extend_schema(
        summary="逐行的结论",
        tags=TAGS,
        operation_id="table_rows",
        parameters=[OpenApiParameter("verdict", str, enum=Verdict.values, description="只看这一种；默认 faulty 有误")],
        responses=TableRowOut(many=True),
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """A page, in the order of the file."""
        asked = request.query_params.get("verdict", Verdict.FAULTY)
        if asked not in Verdict.values:
            raise BadInput(f"没有“{asked[:20]}”这种结论，可用：{'、'.join(Verdict.values)}。", field="verdict")
        rows = queries.rows_of(queries.import_of(self.user, uid), Verdict(asked))
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class TableConfirm(ApiView):
    """Let it be written."""

    permission_classes = ROSTER
    serializer_class = ConfirmTableIn

    @extend_schema(summary="确认写入", tags=TAGS, operation_id="table_confirm", parameters=[KEY], responses=TableOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """All of it, or what is right. A table of people gives posts: a browser's session is asked again."""
        check = queries.import_of(self.user, uid)
        if check.options["table"] == "people":
            require_recent_authentication(request)
        given = ConfirmTableIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.confirm_import(check, actor=self.user, mode=given.validated_data["mode"])
        return Response(TableOut(queries.import_of(self.user, uid)).data)


class MergePlacesIn(StrictSerializer[None]):
    sources = serializers.ListField(
        child=text(required=True, max_length=15), min_length=1, max_length=50, help_text="撤并的村（社区）代码"
    )
    into = text(required=True, max_length=15, help_text="并入的村（社区）代码，同一乡镇")
    basis = text(required=True, max_length=200, help_text="批准依据（文号）")


class MergePlacesOut(serializers.Serializer[Merger]):
    into = serializers.CharField(source="into.code")
    pairs = serializers.SerializerMethodField(help_text="停用的代码对应的新代码")
    services = serializers.IntegerField(help_text="接续的任职")
    posts = serializers.IntegerField(help_text="接续的岗位")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_pairs(self, merger: Merger) -> dict[str, str]:
        """Retired codes with those that take their place."""
        return {old.code: new.code for old, new in merger.pairs.items()}


class TerritoryMerge(ApiView):
    """Villages merged."""

    permission_classes = ROSTER
    serializer_class = MergePlacesIn

    @extend_schema(
        summary="村（社区）撤并，今天起",
        tags=["区划与机构"],
        operation_id="territories_merge",
        parameters=[KEY],
        responses=MergePlacesOut,
    )
    def post(self, request: Request) -> Response:
        """Codes are retired, grids go on under new ones; nobody's history is rewritten."""
        given = MergePlacesIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        into = queries.place_kept_by(self.user, values["into"])
        sources = [queries.place_kept_by(self.user, code) for code in dict.fromkeys(values["sources"])]
        merger = actions.merge_villages(sources, into, actor=self.user, basis=values["basis"])
        return Response(MergePlacesOut(merger).data)
