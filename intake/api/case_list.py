"""The list of cases in the API, and what comes to it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake import actions, queries
from intake.api.entry import EntryIn
from intake.api.fields import chosen_names
from intake.api.parts import PARTS
from intake.api.responses import registered_answer
from intake.api.serializers import CaseOut, CaseRow, ExpandedRow
from intake.api.streams import CsvRenderer, stream
from intake.api.views import CASES, TAGS
from intake.filters import CaseFilter
from intake.models import Case
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.core.errors import BadInput
from zhongzhi.replica import on_replica
from zhongzhi.web.fields import read_as, shown_as
from zhongzhi.web.paging import MAX_SIZE

ORDERS = {"-registered": ("-id",), "due": ("next_due", "id")}
MOST_EXPANDED = 50
ROW_FIELDS = tuple(CaseRow().fields)


def _names(parameter: str, known: tuple[str, ...], description: str) -> OpenApiParameter:
    schema = {"type": "array", "items": {"type": "string", "enum": list(known)}, "minItems": 1}
    return OpenApiParameter(parameter, schema, style="form", explode=False, description=description)


FIELDS = _names("fields", ROW_FIELDS, "只返回这些字段，逗号分隔")
EXPAND = _names(
    "expand",
    PARTS,
    f"每件另带案件详情中的这些内容，逗号分隔；限制处理的当事人不列个人信息。每页最多 {MOST_EXPANDED} 件",
)
ORDERING = OpenApiParameter(
    "ordering",
    str,
    enum=list(ORDERS),
    description="默认 -registered（最新登记在前）；due 只含有时限在走的案件，先到期的在前",
)


class CaseList(ApiView):
    """The cases in sight; a new one."""

    permission_classes = CASES
    serializer_class = CaseRow
    filterset_class = CaseFilter
    parameters = frozenset({"fields", "expand", "ordering"})
    never_empty = frozenset({"fields", "expand", "ordering"})
    renderer_classes = [*ApiView.renderer_classes, CsvRenderer]
    most_rows = MAX_SIZE
    model = Case

    def rows(self) -> Any:
        """What the caller may see."""
        return queries.cases_for_list(self.user)

    @property
    def keyset_order(self) -> tuple[str, ...]:
        """The order asked for."""
        wanted = self.request.query_params.get("ordering") or "-registered"
        if wanted not in ORDERS:
            raise BadInput(f"ordering 只能是 {'、'.join(ORDERS)}。", field="ordering")
        return ORDERS[wanted]

    @extend_schema(
        summary="案件列表",
        tags=TAGS,
        operation_id="cases_list",
        parameters=[FIELDS, EXPAND, ORDERING],
        responses=ExpandedRow(many=True),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A page; with `Accept: application/x-ndjson` or `text/csv` the whole selection as a stream."""
        fields = chosen_names(request, "fields", ROW_FIELDS, "字段") or ROW_FIELDS
        parts = chosen_names(request, "expand", PARTS, "可展开的内容")
        context = {**self.get_serializer_context(), "fields": (*fields, *parts), "known": {}}
        return self._with_parts(parts, context) if parts else self._plain(request, context)

    @on_replica
    def _plain(self, request: Request, context: dict[str, Any]) -> HttpResponseBase:
        if request.accepted_renderer.format != "json":
            return stream(request, queries.in_order(self._selected(), self.keyset_order), context)
        page: Any = self.paginate_queryset(self._newest() or self._selected())
        if context["fields"] == ROW_FIELDS:
            return self.get_paginated_response(shown_as(CaseRow, page, context))
        return self.get_paginated_response(CaseRow(page, many=True, context=context).data)

    def _with_parts(self, parts: tuple[str, ...], context: dict[str, Any]) -> HttpResponseBase:
        """Read where it is written: looks at restricted cases are recorded. A stream is made of pages."""
        if self.request.accepted_renderer.format == CsvRenderer.format:
            raise BadInput("CSV 每件一行，不能展开；请改用 JSON 或 NDJSON。", field="expand")
        self.most_rows = MOST_EXPANDED
        page: Any = self.paginate_queryset(self._selected())
        queries.read_parts(self.user, page, parts)
        return self.get_paginated_response(ExpandedRow(page, many=True, context=context).data)

    def _newest(self) -> Any:
        """The list whose statement is kept, where the order and the filters let it; else None. Filters that are refused
        are refused as everywhere."""
        given = CaseFilter.base_filters.keys() & self.request.query_params.keys()
        if self.keyset_order != ORDERS["-registered"] or not given <= CaseFilter.LASTING:
            return None
        if not given:
            return queries.newest_in_sight(self.user, (), lambda cases: cases)
        filters = CaseFilter(self.request.query_params, request=self.request)
        return queries.newest_in_sight(self.user, filters.name, filters.filter_queryset) if filters.is_valid() else None

    def _selected(self) -> QuerySet[Case]:
        cases = self.filter_queryset(self.get_queryset())
        return queries.with_running_limit(cases) if self.keyset_order == ORDERS["due"] else cases

    @extend_schema(
        summary="登记案件",
        tags=TAGS,
        operation_id="cases_register",
        parameters=[KEY],
        request=EntryIn,
        responses={201: CaseOut},
    )
    def post(self, request: Request) -> Response:
        """Register a case."""
        with read_as(EntryIn, request.data) as given:
            entry, centre = given.entry(), given.validated_data.get("centre")
        case = actions.register_case(entry, actor=self.user, centre=centre)
        return registered_answer(request, case)
