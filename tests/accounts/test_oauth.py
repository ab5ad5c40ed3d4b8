"""OAuth2 client credentials: a token gives a pass for an hour, which opens no more than was asked for."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from grids.actions import post_person
from grids.models import Role
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import change_client, issue_token, register_client, revoke_token
from zhongzhi.accounts.actions.clients import IssuedToken
from zhongzhi.core.errors import BadInput

pytestmark = pytest.mark.django_db
URL = "/api/v1/oauth/token/"
GRANT = {"grant_type": "client_credentials"}


def a_token(ground: Ground) -> IssuedToken:
    client = register_client("热线平台", ["cases:read", "stats:read"])
    post_person(client.user, ground.county_centre, Role.API_CLIENT, starts_on=STARTS)
    return issue_token(client)


def ask(token: IssuedToken, *, secret: str = "", **more: str) -> Any:
    basic = base64.b64encode(f"{token.row.client.user.username}:{secret or token.text}".encode()).decode()
    return Client().post(URL, GRANT | more, headers={"Authorization": f"Basic {basic}"})


def status_with(text: str, path: str = "/api/v1/cases/") -> int:
    return Client().get(path, headers={"Authorization": f"Bearer {text}"}).status_code


def test_a_token_gives_a_pass_with_all_its_scopes(ground: Ground) -> None:
    answer = ask(a_token(ground))
    told = answer.json()
    assert (answer.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 3600)
    assert told["scope"] == "cases:read stats:read"
    assert answer["Cache-Control"] == "no-store"
    assert [status_with(told["access_token"], path) for path in ("/api/v1/cases/", "/api/v1/statistics/")] == [200, 200]


def test_a_pass_opens_what_was_asked_for_and_no_more(ground: Ground) -> None:
    text = ask(a_token(ground), scope="cases:read").json()["access_token"]
    assert (status_with(text), status_with(text, "/api/v1/statistics/")) == (200, 403)
    me = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"}).json()
    assert me["client"]["scopes"] == ["cases:read"]


def test_a_token_for_some_scopes_opens_no_more_and_neither_does_a_pass_of_it(ground: Ground) -> None:
    whole = a_token(ground)
    some = issue_token(whole.row.client, scopes=["stats:read"])
    assert [status_with(some.text, path) for path in ("/api/v1/cases/", "/api/v1/statistics/")] == [403, 200]
    assert status_with(whole.text) == 200, "the others are as they were"
    of_it = ask(some).json()
    assert of_it["scope"] == "stats:read"
    assert status_with(of_it["access_token"]) == 403
    assert ask(some, scope="cases:read").json()["error"] == "invalid_scope"
    change_client(whole.row.client, ["cases:read"], ends_on=None)
    assert status_with(some.text, "/api/v1/statistics/") == 403, "what the system lost its tokens lost"


@pytest.mark.parametrize("scopes", [[], ["roster:write"], ["unknown"]])
def test_a_token_for_what_the_system_does_not_hold_is_not_given(scopes: list[str], ground: Ground) -> None:
    client = a_token(ground).row.client
    with pytest.raises(BadInput) as refusal:
        issue_token(client, scopes=scopes)
    assert set(refusal.value.errors) == {"scopes"}


def test_the_secret_may_stand_in_the_form(ground: Ground) -> None:
    token = a_token(ground)
    form = GRANT | {"client_id": token.row.client.user.username, "client_secret": token.text}
    assert Client().post(URL, form).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"scope": "roster:write"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"secret": "zz_0000000000_wrong"}, 401, "invalid_client"),
    ],
)
def test_what_is_not_given_is_said_in_the_words_of_the_protocol(
    change: dict[str, str], status: int, error: str, ground: Ground
) -> None:
    answer = ask(a_token(ground), **change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_pass_is_over_after_an_hour_and_with_the_token_behind_it(ground: Ground) -> None:
    token = a_token(ground)
    text = ask(token).json()["access_token"]
    assert status_with(text) == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=3601), tick=False):
        assert status_with(text) == 401
    assert status_with(text[:-1] + ("A" if text[-1] != "A" else "B")) == 401
    revoke_token(token.row)
    assert status_with(text) == 401


def test_no_pass_is_given_for_a_pass_for_another_s_token_or_from_elsewhere(ground: Ground) -> None:
    token = a_token(ground)
    assert ask(token, secret=ask(token).json()["access_token"]).status_code == 401
    other = issue_token(register_client("别的平台", ["cases:read"]))
    assert ask(token, secret=other.text).status_code == 401
    client = token.row.client
    client.networks = ["10.0.0.0/8"]
    client.save()
    assert ask(token).status_code == 401
