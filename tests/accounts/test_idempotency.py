"""The same key answers the same and does nothing again, also when two requests come at once."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT as MULTIPART
from django.urls import path
from django.utils import timezone
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from zhongzhi.accounts.actions import create_user, issue_token, register_client
from zhongzhi.accounts.idempotency import IdempotentPosts
from zhongzhi.accounts.models import IdempotencyRecord
from zhongzhi.accounts.tasks import sweep_idempotency
from zhongzhi.core.errors import InvalidTransition


def make_group(data) -> Group:
    group = Group.objects.create(name=f"{data.get('name', '')} {uuid4()}")
    time.sleep(float(data.get("slow", 0)))
    return group


class Groups(IdempotentPosts, APIView):
    """Writes a row, then answers as told."""

    parser_classes = [JSONParser, MultiPartParser]

    def get(self, request):
        return Response({"count": Group.objects.count()})

    def post(self, request):
        with transaction.atomic():
            group = make_group(request.data)
        match request.data.get("then"):
            case "refuse":
                raise InvalidTransition("现在不能。")
            case "answer 422":
                return Response({"no": True}, status=422)
            case "break":
                raise RuntimeError("broken")
        return Response({"id": group.pk, "name": "王*芳"}, status=201, headers={"Location": f"/groups/{group.pk}/"})


class GroupSet(IdempotentPosts, ViewSet):
    """The same through a view set's action; answers without a body."""

    def close(self, request):
        make_group(request.data)
        return Response(status=204)


urlpatterns = [
    path("api/v1/groups/", Groups.as_view()),
    path("api/v1/others/", Groups.as_view()),
    path("api/v1/set/", GroupSet.as_view({"post": "close"})),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def text(db) -> str:
    return issue_token(register_client("司法局平台", ["cases:write"])).text


def post(text: str, body: dict | None = None, key: str | None = "k1", to: str = "groups", **extra):
    headers = {"Authorization": f"Bearer {text}"} | ({"Idempotency-Key": key} if key is not None else {})
    extra.setdefault("content_type", "application/json")
    return Client(raise_request_exception=False).post(f"/api/v1/{to}/", body or {}, headers=headers, **extra)


def groups() -> int:
    return Group.objects.count()


def test_the_same_key_answers_the_same_and_acts_once(text):
    first, second = post(text, {"name": "x"}), post(text, {"name": "x"})
    assert (first.status_code, second.status_code, groups()) == (201, 201, 1)
    assert first.content == second.content
    assert second["Location"] == first["Location"]
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"


def test_without_a_key_every_post_acts(text):
    assert post(text, key=None).json() != post(text, key=None).json()
    assert (groups(), IdempotencyRecord.objects.count()) == (2, 0)


def test_other_keys_act_again(text):
    post(text)
    post(text, key="k2")
    assert groups() == 2


def test_the_same_key_of_another_client_is_another_key(text):
    post(text)
    assert "Idempotent-Replayed" not in post(issue_token(register_client("另一平台", ["cases:write"])).text)
    assert groups() == 2


def test_the_same_json_in_other_words_is_the_same_request(text):
    post(text, '{"name": "x", "slow": 0}')
    answer = post(text, '{ "slow":0,\n "name":"x"}')
    assert (answer.status_code, groups()) == (201, 1)


@pytest.mark.parametrize("other", [{"body": {"name": "y"}}, {"body": {"name": "x"}, "to": "others"}])
def test_the_same_key_for_another_request_is_refused(text, other):
    post(text, {"name": "x"})
    answer = post(text, **other)
    assert (answer.status_code, groups()) == (422, 1)
    assert answer.json()["code"] == "idempotency_key_reused"
    assert "换一个新的键" in answer.json()["detail"]


@pytest.mark.parametrize(("then", "status"), [("refuse", 409), ("answer 422", 422), ("break", 500)])
def test_what_was_refused_or_broke_leaves_nothing_and_may_be_tried_again(text, then, status):
    assert post(text, {"then": then}).status_code == status
    assert (groups(), IdempotencyRecord.objects.count()) == (0, 0)
    assert post(text, {"then": ""}).status_code == 201


def test_a_view_set_and_an_empty_answer_work_alike(text):
    first, second = post(text, to="set"), post(text, to="set")
    assert (first.status_code, second.status_code, groups()) == (204, 204, 1)
    assert second.content == b""
    assert second["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", " ", "x" * 101, "键"])
def test_a_key_of_wrong_shape_is_a_400_that_says_so(text, key):
    answer = post(text, key=key)
    assert (answer.status_code, groups()) == (400, 0)
    assert "ASCII" in answer.content.decode()


def test_a_body_that_is_no_json_is_a_400_and_frees_the_key(text):
    assert post(text, "{").status_code == 400
    assert post(text).status_code == 201


def test_uploads_are_told_apart_by_their_content(text):
    def upload(content: bytes):
        file = SimpleUploadedFile("a.txt", content)
        return post(text, {"name": "x", "file": file}, content_type=MULTIPART).status_code

    assert [upload(b"one"), upload(b"one"), upload(b"two")] == [201, 201, 422]
    assert groups() == 1


def test_reading_is_not_touched_by_a_key(text):
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": "k1"}
    Client().get("/api/v1/groups/", headers=headers)
    assert not IdempotencyRecord.objects.exists()


def test_the_kept_answer_cannot_be_read_from_the_database(text):
    post(text, {"name": "x"})
    assert "王*芳".encode() not in bytes(IdempotencyRecord.objects.get().body)


def test_a_key_is_forgotten_after_48_hours(text):
    post(text)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=47))
    assert "Idempotent-Replayed" in post(text)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert "Idempotent-Replayed" not in post(text)
    assert groups() == 2


def test_the_sweep_forgets_only_what_is_older(text):
    post(text, key="old")
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=49))
    post(text, key="new")
    assert sweep_idempotency() == 1
    call_command("sweep_idempotency")
    assert IdempotencyRecord.objects.get().key == "new"


def at_once(calls) -> list:
    answers = []

    def run(call) -> None:
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_act_once_and_answer_the_same():
    text = issue_token(register_client("司法局平台", ["cases:write"])).text
    answers = at_once([lambda: post(text, {"slow": 0.5})] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 3
    assert groups() == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_of_two_is_refused_the_second_acts_itself():
    text = issue_token(register_client("司法局平台", ["cases:write"])).text
    at_once([lambda: post(text, {"slow": 0.3, "then": "refuse"})] * 2)
    assert (groups(), IdempotencyRecord.objects.count()) == (0, 0)
    assert post(text, {"slow": 0}).status_code == 201


@pytest.mark.django_db
def test_a_person_with_a_session_may_use_keys_too():
    browser = Client()
    browser.force_login(create_user(username="wang.fang", name="王芳"))
    headers = {"Idempotency-Key": "k1"}
    first = browser.post("/api/v1/groups/", {}, content_type="application/json", headers=headers)
    second = browser.post("/api/v1/groups/", {}, content_type="application/json", headers=headers)
    assert first.json() == second.json()
