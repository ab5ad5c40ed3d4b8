"""The whole selection as a stream: one JSON object a line, or CSV for a spreadsheet; memory stays constant."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from intake.api.serializers import CaseRow
from intake.models import Case
from zhongzhi.time_limits import streamed

CHUNK = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NESTED = {
    "category": ("code", "name"),
    "territory": ("code", "full_name"),
    "centre": ("name",),
    "holder": ("name",),
}
BOM = "\ufeff"


class NdjsonRenderer(BaseRenderer):
    """Only for content negotiation."""

    media_type = "application/x-ndjson"
    format = "ndjson"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Refusals before the stream has begun."""
        return json.dumps(data, ensure_ascii=False, cls=JSONEncoder).encode()


class CsvRenderer(NdjsonRenderer):
    """Only for content negotiation."""

    media_type = "text/csv"
    format = "csv"


def stream(request: Request, cases: QuerySet[Case], context: dict[str, Any]) -> StreamingHttpResponse:
    """All of `cases`, in their order. Unknown fields are refused before the first byte."""
    shape = CaseRow(context=context)
    names = list(shape.fields)
    rows = map(shape.to_representation, streamed(cases.iterator(chunk_size=CHUNK)))
    if request.accepted_renderer.format == "csv":
        answer = StreamingHttpResponse(_csv(names, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="cases.csv"'
        return answer
    return StreamingHttpResponse(_ndjson(rows), content_type="application/x-ndjson")


def _ndjson(rows: Iterator[Any]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, cls=JSONEncoder) + "\n"


class _Line:
    """A file for the csv module that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(names: list[str], rows: Iterator[Any]) -> Iterator[str]:
    """With the mark that lets spreadsheets read it as UTF-8; cells cannot become formulas."""
    writer = csv.writer(_Line())
    yield BOM
    yield writer.writerow([name for name, _ in _flat(dict.fromkeys(names))])
    for row in rows:
        yield writer.writerow([_safe(value) for _, value in _flat(row)])


def _flat(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in NESTED:
            yield from ((f"{name}_{part}", (value or {}).get(part, "")) for part in NESTED[name])
        else:
            yield name, "、".join(value) if isinstance(value, list) else value


def _safe(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
