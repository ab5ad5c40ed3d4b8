"""Single sign-on against a provider that runs in the test: whom it lets in, and whom not."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests  # noqa: TID251 - the browser between the provider and us
from django.test import Client
from oidc_provider_mock import User as Vouched
from oidc_provider_mock import run_server_in_thread

from tests.accounts.known import PASSWORD, set_up_authenticator
from tests.people import Ground
from zhongzhi.accounts.models import SecurityEvent, User, UserSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[None]:
    people = [
        Vouched(sub=f"id-{name}", claims={"preferred_username": name})
        for name in ("Wang.Fang", "clerk", "security_admin", "nobody")
    ]
    with run_server_in_thread(user_claims=people) as server:
        settings.OIDC_ISSUER = f"http://localhost:{server.server_port}"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "zhongzhi", "secret"
        yield


def come_back(browser: Client, who: str, following: str = "/cases/") -> Any:
    """What the page of the callback answers after the person signed in at the provider."""
    asked = browser.get(f"/login/single-sign-on/?next={following}")
    answered = requests.post(asked["Location"], data={"sub": f"id-{who}"}, allow_redirects=False, timeout=10)
    back = urlsplit(answered.headers["Location"])
    return browser.get(f"{back.path}?{back.query}")


def test_the_account_of_the_claim_is_signed_in_and_led_on(provider: None, client: Client, clerk: User) -> None:
    answer = come_back(client, "Wang.Fang")
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    assert UserSession.objects.get(user=clerk)
    assert SecurityEvent.objects.get(kind="logged_in").detail == "统一认证"


def test_nobody_gets_an_account_by_it(provider: None, client: Client, clerk: User) -> None:
    answer = come_back(client, "nobody")
    assert answer.status_code == 403 and "没有您的账号" in answer.content.decode()
    assert not User.objects.filter(username="nobody").exists()
    assert SecurityEvent.objects.get(kind="sso_refused").detail == "nobody"


def test_a_closed_account_stays_closed(provider: None, client: Client, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    answer = come_back(client, "Wang.Fang")
    assert answer.status_code == 403 and "已停用" in answer.content.decode()
    assert not UserSession.objects.filter(user=clerk).exists()


def test_the_second_factor_is_asked_all_the_same(provider: None, client: Client, clerk: User) -> None:
    set_up_authenticator(clerk)
    assert come_back(client, "Wang.Fang")["Location"].startswith("/login/second-factor/")
    assert not UserSession.objects.filter(user=clerk).exists()


def test_an_answer_to_somebody_elses_question_is_refused(provider: None, client: Client, clerk: User) -> None:
    asked = Client().get("/login/single-sign-on/")
    answered = requests.post(asked["Location"], data={"sub": "id-Wang.Fang"}, allow_redirects=False, timeout=10)
    back = urlsplit(answered.headers["Location"])
    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert not UserSession.objects.filter(user=clerk).exists()


def test_a_provider_that_is_away_is_told(client: Client, db: None, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://localhost:9"
    answer = client.get("/login/single-sign-on/")
    assert answer.status_code == 403 and "没有响应" in answer.content.decode()


def test_where_there_is_none_there_is_no_such_page(client: Client, db: None) -> None:
    assert client.get("/login/single-sign-on/").status_code == 404
    assert "统一身份认证登录" not in client.get("/login/").content.decode()


def test_where_it_is_compulsory_only_administrators_keep_their_password(ground: Ground, settings: Any) -> None:
    settings.OIDC_ONLY, settings.OIDC_ISSUER = True, "https://sso.example.test"
    for person in (ground.clerk, ground.security_admin):
        person.set_password(PASSWORD)
        person.save()
    refused = Client().post("/login/", {"username": "clerk", "password": PASSWORD})
    assert refused.status_code == 200 and "请用统一身份认证登录" in refused.content.decode()
    assert Client().post("/login/", {"username": "security_admin", "password": PASSWORD}).status_code == 302
