"""What a token opens and what it does not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.views import APIView

from zhongzhi.accounts.actions import issue_token, register_client, revoke_token
from zhongzhi.accounts.models import ApiClient, ApiToken, Scope, User
from zhongzhi.accounts.scopes import needs_scope


class Things(APIView):
    """Read with cases:read, written with cases:write."""

    permission_classes = (needs_scope("cases:read", "cases:write"),)

    def get(self, request):
        return Response({"user": request.user.name})

    def post(self, request):
        return Response({"user": request.user.name}, status=201)


class Figures(APIView):
    """Only read by outside systems."""

    permission_classes = (needs_scope("stats:read"),)

    def get(self, request):
        return Response({})

    def post(self, request):
        return Response({})


urlpatterns = [
    path("", include("zhongzhi.accounts.urls")),
    path("api/v1/things/", Things.as_view()),
    path("api/v1/figures/", Figures.as_view()),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def call(text: str, method: str = "get", to: str = "things", scheme: str = "Bearer"):
    return getattr(Client(), method)(f"/api/v1/{to}/", headers={"Authorization": f"{scheme} {text}"})


def test_a_token_opens_what_its_scope_names(token):
    answer = call(token.text)
    assert (answer.status_code, answer.json()) == (200, {"user": "司法局平台"})
    assert call(token.text, scheme="bearer").status_code == 200


def test_a_missing_scope_is_a_403_that_names_it(token):
    answer = call(token.text, "post")
    assert answer.status_code == 403
    assert "cases:write" in answer.json()["detail"]
    answer = call(token.text, to="figures")
    assert answer.status_code == 403
    assert "stats:read" in answer.json()["detail"]


def test_a_client_never_writes_where_no_scope_for_writing_is_named():
    all_scopes = issue_token(register_client("全权平台", Scope.values))
    assert call(all_scopes.text, "post", to="figures").status_code == 403


def test_without_a_token_the_answer_is_401_and_says_what_to_bring():
    answer = Client().get("/api/v1/things/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "text",
    ["", "zz", "zz_", "zz__", "zz_0000000000_x", "xx_0_1", "zz_王_密", "zz_\u0000_x", "a b c", "x" * 5000],
)
def test_nonsense_is_a_401_not_a_crash(token, text):
    assert call(text).status_code == 401


def test_a_wrong_secret_with_the_right_prefix_is_a_401(token):
    assert call(token.text[:-1] + ("A" if token.text[-1] != "A" else "B")).status_code == 401
    assert call(token.text.upper()).status_code == 401


def test_a_revoked_token_is_a_401_at_once(token):
    revoke_token(token.row)
    assert call(token.text).status_code == 401


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (ApiToken, {"expires_at": timezone.now() - timedelta(seconds=1)}),
        (ApiClient, {"ends_on": timezone.localdate() - timedelta(days=1)}),
        (ApiClient, {"is_active": False}),
        (User, {"is_active": False}),
    ],
)
def test_what_has_ended_is_a_401(token, model, change):
    model.objects.update(**change)
    assert call(token.text).status_code == 401


def test_the_last_day_of_a_client_still_counts(token):
    ApiClient.objects.update(ends_on=timezone.localdate())
    assert call(token.text).status_code == 200


def test_last_use_is_noted_at_most_once_a_minute(token, django_assert_num_queries):
    with django_assert_num_queries(3):
        call(token.text)
    first = ApiToken.objects.get().last_used_at
    assert timezone.now() - first < timedelta(minutes=1)
    assert ApiClient.objects.get().last_used_at == first
    with django_assert_num_queries(1):
        call(token.text)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    call(token.text)
    assert ApiToken.objects.get().last_used_at >= first


def test_a_person_with_a_session_needs_no_scope(clerk, log_in):
    browser = log_in(clerk)
    assert browser.get("/api/v1/things/").json() == {"user": "王芳"}
    assert browser.post("/api/v1/figures/").status_code == 200


def test_a_session_without_csrf_token_cannot_write(clerk):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)
    assert browser.post("/api/v1/things/").status_code == 403


def test_a_token_needs_no_csrf_token():
    text = issue_token(register_client("写入平台", ["cases:write"])).text
    answer = Client(enforce_csrf_checks=True).post("/api/v1/things/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 201


def test_a_scope_that_does_not_exist_is_found_when_the_view_is_loaded():
    with pytest.raises(ValueError, match="cases:delete"):
        needs_scope("cases:delete")
