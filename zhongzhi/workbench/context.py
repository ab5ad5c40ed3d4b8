"""What every page shows around its content: the menu and who is logged in."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Menu items for the person who looks; empty for a visitor."""
    return {"nav": []}
