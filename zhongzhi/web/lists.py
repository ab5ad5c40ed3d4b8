"""What all lists on pages share: the rows that the filters leave, how many they are, and the page of them that the
address asks for; the filters in use, each with the address without it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django_filters import FilterSet

from zhongzhi.web.paging import DEFAULT_SIZE, Page, keyset_page

ModelT = TypeVar("ModelT", bound=Model)
MOST_COUNTED = 1000


def filtered(filters: FilterSet) -> QuerySet[Any]:
    """The rows that the filters leave; none where one of them is refused, which the page tells."""
    rows: QuerySet[Any] = filters.qs if filters.is_valid() else filters.queryset.none()
    return rows


def page_of(
    request: HttpRequest, rows: QuerySet[ModelT], *, order: Sequence[str] = ("-id",), size: int = DEFAULT_SIZE
) -> Page[ModelT]:
    """The page at `?cursor=`, as `keyset_page` cuts it."""
    return keyset_page(rows, order=order, cursor=request.GET.get("cursor"), size=size)


@dataclass(frozen=True)
class Total:
    """How many rows a list has, counted no further than MOST_COUNTED: the cost does not grow with the list."""

    number: int

    @property
    def is_all(self) -> bool:
        """Whether they were counted to the end."""
        return self.number <= MOST_COUNTED

    @property
    def words(self) -> str:
        """The number as it reads; the last that was counted where there are more."""
        return f"{min(self.number, MOST_COUNTED):,}"


def total_of(rows: QuerySet[Any]) -> Total:
    """Count the rows of a list."""
    return Total(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())


@dataclass(frozen=True)
class Chip:
    """A filter in use: what it is, what it says, and what stays in the address without it."""

    label: str
    words: str
    without: str


def chips_of(fields: Sequence[BoundField], given: QueryDict) -> Iterator[Chip]:
    """The filters that narrow a list, in the order of the form; one that is refused stands above it as a fault."""
    for field in fields:
        values = [value for value in given.getlist(field.html_name) if value]
        if not values or field.errors:
            continue
        rest = given.copy()
        for name in (field.html_name, "cursor"):
            rest.pop(name, None)
        yield Chip(
            str(field.label or field.html_name), "、".join(_says(field, value) for value in values), rest.urlencode()
        )


def _says(field: BoundField, value: str) -> str:
    """How a value reads: the word of its choice, the name behind its code."""
    choices = dict(getattr(field.field, "choices", ()))
    label_of = getattr(field.field.widget, "label_of", None)
    return str(choices.get(value) or (label_of and label_of(value)) or value)
