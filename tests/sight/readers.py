"""Who looks: people by what they have to do with the case, and outside systems by their sight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from grids.actions import post_person
from grids.models import Role
from tests.people import STARTS, Ground
from tests.sight.objects import Request
from zhongzhi.accounts.actions import issue_token, limit_client, register_client

PEOPLE = {
    "主办单位": "handler",
    "协办单位": "other_handler",
    "其他组织调解员": "town_mediator",
    "曾承办（已退回）": "former",
    "领导": "leader",
    "被反映人": "grid_worker",
    "其村负责人": "village_manager",
    "外镇人员": "stranger",
    "审计员": "auditor",
}
TOKENS = {
    "令牌：自登案件": "own",
    "令牌：本单位案件": "organisation",
    "令牌：辖区": "subtree",
}
READERS = (*PEOPLE, *TOKENS)
Caller = Callable[[Request], Any]


@dataclass(frozen=True)
class Reader:
    """One who looks."""

    name: str
    user: Any
    client: Client
    is_system: bool = False
    opens_numbers: bool = False
    """An outside system with the scope personal:read opens numbers of a person of a case it sees, for a reason."""

    def look(self, request: Request) -> Any:
        """What is answered. Whatever it did is undone."""
        cache.clear()
        with transaction.atomic():
            answer = self._ask(request)
            if answer.streaming:
                answer.streaming_content = list(answer.streaming_content)
            transaction.set_rollback(True)
        return answer

    def _ask(self, request: Request) -> Any:
        if isinstance(request.data, str):
            return self.client.get(request.path, HTTP_ACCEPT=request.data)
        if request.method == "GET":
            return self.client.get(request.path)
        if request.path.startswith("/api/"):
            return self.client.post(request.path, request.data, content_type="application/json")
        return self.client.post(request.path, request.data)


def readers_on(ground: Ground, names: tuple[str, ...]) -> list[Reader]:
    """Those of these names."""
    people = [_person(ground, name, username) for name, username in PEOPLE.items() if name in names]
    return people + [_system(ground, name, sight) for name, sight in TOKENS.items() if name in names]


def _person(ground: Ground, name: str, username: str) -> Reader:
    client = Client(raise_request_exception=False)
    client.force_login(ground.people[username])
    return Reader(name, ground.people[username], client)


def _system(ground: Ground, name: str, sight: str) -> Reader:
    """An outside system of the bureau that leads the case; the one that sees the subtree may open numbers too."""
    scopes = ["cases:read", "changes:read"] + (["personal:read", "cases:write"] if sight != "own" else [])
    outside = register_client(name, scopes)
    limit_client(outside, sight=sight)
    post_person(outside.user, ground.justice_bureau, Role.API_CLIENT, starts_on=STARTS)
    token = issue_token(outside).text
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})
    return Reader(name, outside.user, client, is_system=True, opens_numbers="personal:read" in scopes)
