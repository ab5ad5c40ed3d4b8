"""What all lists on pages share: the rows that the filters leave, and the page of them that the address asks for."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django_filters import FilterSet

from zhongzhi.web.paging import DEFAULT_SIZE, Page, keyset_page

ModelT = TypeVar("ModelT", bound=Model)


def filtered(filters: FilterSet) -> QuerySet[Any]:
    """The rows that the filters leave; none where one of them is refused, which the page tells."""
    rows: QuerySet[Any] = filters.qs if filters.is_valid() else filters.queryset.none()
    return rows


def page_of(
    request: HttpRequest, rows: QuerySet[ModelT], *, order: Sequence[str] = ("-id",), size: int = DEFAULT_SIZE
) -> Page[ModelT]:
    """The page at `?cursor=`, as `keyset_page` cuts it."""
    return keyset_page(rows, order=order, cursor=request.GET.get("cursor"), size=size)
