"""The navigation at the head of every page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from intake.permissions import may_register
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str
    icon: str
    address: str
    is_current: bool


def navigation(request: HttpRequest) -> dict[str, list[Item]]:
    """What this person can go to; nothing for visitors."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    entries = [("待办", "inbox", reverse("workbench:home")), ("案件", "list-details", reverse("intake:list"))]
    if may_register(user):
        entries.append(("登记", "file-plus", reverse("intake:new")))
    return {"navigation": [Item(*entry, is_current=request.path == entry[2]) for entry in entries]}
