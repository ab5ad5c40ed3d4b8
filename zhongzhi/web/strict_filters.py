"""Filters of the API that refuse what they do not know."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

ALWAYS = {"limit", "cursor", "ordering", "fields", "format"}


class StrictFilterBackend(DjangoFilterBackend):
    """A misspelt filter would silently give everything: unknown parameters are 400, each by its name."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """The rows asked for."""
        known_only(request, set(view.filterset_class.base_filters) | ALWAYS)
        return super().filter_queryset(request, queryset, view)


def known_only(request: Request, known: set[str]) -> None:
    """Refuse parameters that are not known, each by its name (400)."""
    unknown = {name: ["没有这个参数。"] for name in request.query_params if name not in known}
    if unknown:
        raise ValidationError(unknown)
