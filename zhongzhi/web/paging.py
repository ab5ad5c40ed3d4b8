"""Keyset paging: a page costs the same at any depth, and nothing is counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Col, OrderBy
from django.db.models.sql.constants import INNER
from django.http import StreamingHttpResponse
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from zhongzhi.core.errors import BadInput, Unfit
from zhongzhi.web.fields import KEPT
from zhongzhi.web.ndjson import MEDIA_TYPE, NdjsonRenderer, lines_of_pages

SALT = "zhongzhi.web.paging"
DEFAULT_SIZE, MAX_SIZE = 50, 200
HOW_MANY = {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}
"""`limit`, as the API's document says it."""
ONE = {"type": "string", "enum": ["1"]}
"""What is asked for by naming it, as the API's document says it."""
PLACE = {"type": "string", "pattern": KEPT}
"""A place in a list or in the feed, as an answer gave it."""
NEWEST = ("-id",)
BROKEN = "翻页标记已失效，请从第一页重新打开。"
ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True)
class Page(Generic[ModelT]):
    """One page, and the cursor of the next where there is one."""

    items: list[ModelT]
    next_cursor: str | None
    is_first: bool


def keyset_page(
    rows: QuerySet[ModelT], *, order: Sequence[str] = NEWEST, cursor: str | None = None, size: int = DEFAULT_SIZE
) -> Page[ModelT]:
    """The page after `cursor` in this order; empty values stand last in either direction.

    The last name of `order` must be unique. Raises Unfit at `cursor` for one that is broken, foreign or
    made for another order.
    """
    ordered = keyset_order(rows, order)
    if cursor:
        ordered = ordered.filter(_after(_empties(rows, order), _read(cursor, order)))
    return page_of_rows(list(ordered[: size + 1]), order=order, size=size, is_first=not cursor)


@dataclass(frozen=True)
class NewestFirst(Generic[ModelT]):
    """A list in the order of its keys, the newest first, by who reads it: `read` takes how many rows are wanted and
    the key behind which they stand, None for the first."""

    read: Callable[[int, int | None], list[ModelT]]
    count: Callable[[], int]

    def page(self, cursor: str | None, size: int) -> Page[ModelT]:
        """The page after `cursor`; refused as `keyset_page` refuses it."""
        (last,) = _read(cursor, NEWEST) if cursor else (None,)
        return page_of_rows(self.read(size + 1, last), order=NEWEST, size=size, is_first=not cursor)


def page_of_rows(found: list[ModelT], *, order: Sequence[str], size: int, is_first: bool = True) -> Page[ModelT]:
    """The page of rows that were read in this order, one more than it has where others follow."""
    following = _write(found[size - 1], order) if len(found) > size else None
    return Page(found[:size], following, is_first)


def keyset_order(rows: QuerySet[ModelT], order: Sequence[str]) -> QuerySet[ModelT]:
    """All of the rows in the order in which their pages are cut."""
    return rows.order_by(*(_ordering(name, empty) for name, empty in _empties(rows, order).items()))


def _empties(rows: QuerySet[Any], order: Sequence[str]) -> dict[str, bool]:
    return {name: _may_be_empty(rows, name.removeprefix("-")) for name in order}


class KeysetPagination(BasePagination):
    """DRF's side of it: `?limit=` (1 to 200) and `?cursor=`; answers `results` and `next`, which a `Link` header
    (RFC 8288) tells too, and with `?total=1` how many there are in all. As NDJSON all pages follow one another.

    The view names its order in `keyset_order`, and in `most_rows` how many a page holds at most where that is fewer.
    """

    streaming = False
    page: Page[Any]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page asked for; of a stream each time the page that follows, as large as a page may be."""
        self.view, self.streamed = view, request.accepted_renderer.format == NdjsonRenderer.format
        asked, most = page_limit(request.query_params.get("limit", "")), getattr(view, "most_rows", MAX_SIZE)
        wanted = is_asked(request, "total") and not self.streamed
        cursor = self.page.next_cursor if self.streaming else request.query_params.get("cursor")
        order, size = getattr(view, "keyset_order", NEWEST), most if self.streamed else min(asked, most)
        if isinstance(queryset, NewestFirst):
            self.page = queryset.page(cursor, size)
        else:
            self.page = keyset_page(queryset, order=order, cursor=cursor, size=size)
        self.total, self.address = queryset.count() if wanted else None, request.build_absolute_uri()
        return self.page.items

    def get_paginated_response(self, data: Any) -> Response:
        """Rows and the address of the next page, or the stream that begins with these rows."""
        if self.streaming:
            return Response(data)
        if self.streamed:
            lines = StreamingHttpResponse(lines_of_pages(data, self._following), content_type=MEDIA_TYPE)
            return cast(Response, lines)  # which the base class of the views takes as well
        cursor = self.page.next_cursor
        following = replace_query_param(self.address, "cursor", cursor) if cursor else None
        told = {"results": data, "next": following} | ({} if self.total is None else {"total": self.total})
        return Response(told, headers={"Link": f'<{following}>; rel="next"'} if following else None)

    def _following(self) -> list[Any] | None:
        """What the view answers for the next page, as it answered for the first."""
        if not self.page.next_cursor:
            return None
        self.streaming = True
        return list(self.view.get(self.view.request, *self.view.args, **self.view.kwargs).data)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The shape of an answer, for the OpenAPI document."""
        following = {"type": ["string", "null"], "format": "uri", "description": "下一页；没有时为 null"}
        total = {"type": "integer", "minimum": 0, "description": "全部条数；只在 total=1 时有"}
        properties = {"results": schema, "next": following, "total": total}
        return {"type": "object", "required": ["results", "next"], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Its parameters, for the OpenAPI document."""
        return [
            {"name": "limit", "in": "query", "schema": HOW_MANY, "description": "每页条数"},
            {"name": "cursor", "in": "query", "schema": PLACE, "description": "上一页 next 中的翻页标记"},
            {"name": "total", "in": "query", "schema": ONE, "description": "填 1 时另给出全部条数"},
        ]


def page_limit(given: str) -> int:
    """The number of rows asked for; BadInput at `limit` for what is none between 1 and MAX_SIZE."""
    if not given:
        return DEFAULT_SIZE
    if not given.isascii() or not given.isdigit() or len(given) > 9 or not 1 <= int(given) <= MAX_SIZE:
        raise BadInput(f"limit 须为 1 至 {MAX_SIZE} 的整数。", field="limit")
    return int(given)


def is_asked(request: Request, name: str) -> bool:
    """Whether a parameter says 1; BadInput at its name for anything else."""
    given = request.query_params.get(name)
    if given not in (None, "1"):
        raise BadInput(f"{name} 只能是 1；不需要时请去掉它。", field=name)
    return given is not None


def _may_be_empty(rows: QuerySet[Any], name: str) -> bool:
    """Whether a name of the order can hold nothing; what is annotated can.

    Only then may the order say so: an index of a column that is never empty does not serve `NULLS LAST`.
    """
    try:
        return bool(rows.model._meta.get_field("id" if name == "pk" else name).null)
    except FieldDoesNotExist:
        return not _is_joined_and_filled(rows, name)


def _is_joined_and_filled(rows: QuerySet[Any], name: str) -> bool:
    """Whether what is annotated is a column that is never empty, of a row that every row has."""
    column = rows.query.annotations.get(name)
    return isinstance(column, Col) and not column.target.null and rows.query.alias_map[column.alias].join_type == INNER


def _ordering(name: str, may_be_empty: bool) -> OrderBy:
    field, last = F(name.removeprefix("-")), True if may_be_empty else None
    return field.desc(nulls_last=last) if name.startswith("-") else field.asc(nulls_last=last)


def _after(order: Mapping[str, bool], values: list[Any]) -> Q:
    """Rows behind these values: greater in the first name, or equal there and greater in the second, and so on."""
    condition, equal = Q(pk__in=[]), Q()
    for (name, may_be_empty), value in zip(order.items(), values, strict=True):
        field = name.removeprefix("-")
        if value is not None:
            comparison = "lt" if name.startswith("-") else "gt"
            behind = Q(**{f"{field}__{comparison}": value})
            condition |= equal & (behind | Q(**{f"{field}__isnull": True}) if may_be_empty else behind)
        equal &= Q(**{field: value}) if value is not None else Q(**{f"{field}__isnull": True})
    return condition


def _write(row: Model, order: Sequence[str]) -> str:
    values = [_plain(_value(row, name.removeprefix("-"))) for name in order]
    return signing.dumps([list(order), values], salt=SALT)


def _read(cursor: str, order: Sequence[str]) -> list[Any]:
    try:
        made_for, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Unfit(BROKEN, field="cursor") from error
    if made_for != list(order):
        raise Unfit(BROKEN, field="cursor")
    return [_back(value) for value in values]


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"n": str(value)} if isinstance(value, Decimal) else value


def _back(value: Any) -> Any:
    kinds: dict[str, Callable[[str], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal}
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return kinds[kind](text)
    return value
