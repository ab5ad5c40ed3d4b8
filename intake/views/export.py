"""The selection of the list as a file: the same rows, order, columns and masks, written in constant memory."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from intake import actions, queries
from intake.filters import CaseFilter
from intake.queries import Row
from intake.views.columns import Column, chosen_columns, sheet_columns, sheet_row
from intake.views.orders import in_order, order_named
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput
from zhongzhi.long_reads import streamed
from zhongzhi.replica import from_replica
from zhongzhi.web.lists import total_of
from zhongzhi.web.paging import keyset_order
from zhongzhi.web.sheets import XLSX, csv_lines, write_xlsx

CHUNK = 500
MOST_LINES = 1_000_000
FORMATS = ("xlsx", "csv")


@login_required
@require_GET
def export(request: PersonRequest) -> HttpResponseBase:
    """What is selected, as `?format=xlsx` or `csv`; who took it is recorded."""
    form = request.GET.get("format", "xlsx")
    if form not in FORMATS:
        raise BadInput("只能导出 xlsx 或 csv。", field="format")
    filters = CaseFilter(request.GET, queries.cases_for_list(request.user), request=request)
    if not filters.is_valid():
        raise BadInput("筛选条件有误，请返回列表修改后再导出。", errors=filters.errors)
    columns = chosen_columns(request.GET.getlist("columns"))
    rows, order, _ = in_order(filters.qs, order_named(request.GET.get("ordering", "")), total_of(filters.qs))
    actions.note_export(actor=request.user, form=form, filters=filters.given, columns=[c.name for c in columns])
    return _read(request, form, columns, keyset_order(rows, order.keys))


@from_replica
def _read(request: PersonRequest, form: str, columns: list[Column], cases: Any) -> HttpResponseBase:
    """Apart from the record of who took it, which is written."""
    return _file(form, columns, _rows(request, cases))


def _rows(request: PersonRequest, cases: Any) -> Iterator[Row]:
    """In the order of the list, a piece at a time."""
    return (row for case in streamed(cases[:MOST_LINES], CHUNK) for row in queries.listed(request.user, [case]))


def _file(form: str, columns: list[Column], rows: Iterator[Row]) -> HttpResponseBase:
    heads, lines = sheet_columns(columns), (sheet_row(row, columns) for row in rows)
    name = f"案件{timezone.localdate():%Y%m%d}.{form}"
    if form == "xlsx":
        return FileResponse(write_xlsx("案件", heads, lines), as_attachment=True, filename=name, content_type=XLSX)
    answer = StreamingHttpResponse(csv_lines(heads, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''%E6%A1%88%E4%BB%B6{timezone.localdate():%Y%m%d}.csv"
    return answer
