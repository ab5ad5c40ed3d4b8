"""Calls to the API as people and outside systems make them."""

from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from grids.actions import post_person
from grids.models import Role
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import issue_token, limit_client, register_client
from zhongzhi.accounts.models import User

LAND: dict[str, Any] = {
    "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
    "territory": "150526103200",
    "category": "0901",
    "parties": [{"name": "岳某某", "paper_number": "152327196503152419", "phone": "13847500001"}],
}


def as_person(user: User) -> APIClient:
    """Signed in with a session, as the project's own pages are."""
    client = APIClient()
    client.force_login(user)
    return client


def as_system(ground: Ground, *scopes: str, sight: str = "organisation") -> APIClient:
    """An outside system posted at the county centre, with a token."""
    outside = register_client("网格平台", list(scopes))
    limit_client(outside, sight=sight)
    post_person(outside.user, ground.county_centre, Role.API_CLIENT, starts_on=STARTS)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(outside).text}")
    return client


def address(case: Any, act: str = "") -> str:
    return f"/api/v1/cases/{case.code}/" + (f"{act}/" if act else "")


def problem_of(answer: Any) -> tuple[int, str, list[str]]:
    """Status, code and the fields that were named."""
    assert answer["Content-Type"].startswith("application/problem+json"), answer.content
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"], sorted(body.get("errors", {}))


def anonymous() -> Client:
    return Client()
