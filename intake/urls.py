"""Pages of the case."""

from typing import Any

app_name = "intake"
urlpatterns: list[Any] = []
