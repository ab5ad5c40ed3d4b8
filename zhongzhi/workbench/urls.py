"""Pages that need several apps."""

from typing import Any

app_name = "workbench"
urlpatterns: list[Any] = []
