"""The whole selection as a stream: one JSON object a line, or CSV for a spreadsheet; memory stays constant."""

from itertools import chain
from typing import Any, cast

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from intake.api.serializers import CaseRow
from intake.models import Case
from intake.queries.row_texts import columns_of, lines_of
from zhongzhi.accounts.models import User
from zhongzhi.web.ndjson import MEDIA_TYPE, NdjsonRenderer

BOM = "\ufeff"


class CsvRenderer(NdjsonRenderer):
    """Only for content negotiation."""

    media_type = "text/csv"
    format = "csv"


def stream(request: Request, cases: QuerySet[Case], context: dict[str, Any]) -> StreamingHttpResponse:
    """All of `cases`, in their order, written by the database. Unknown fields are refused before the first byte."""
    names = list(CaseRow(context=context).fields)
    user = cast(User, request.user)
    if request.accepted_renderer.format == "csv":
        lines = lines_of(user, cases, names, as_csv=True)
        head = BOM + ",".join(columns_of(names)) + "\r\n"
        answer = StreamingHttpResponse(chain([head], lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="cases.csv"'
        return answer
    return StreamingHttpResponse(lines_of(user, cases, names, as_csv=False), content_type=MEDIA_TYPE)
