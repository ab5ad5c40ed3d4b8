"""Routes of the REST API, version 1."""

from typing import Any

urlpatterns: list[Any] = []
