"""Files of a case over REST."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from intake.models import Case
from tests.intake import ways
from tests.intake.api import address, as_person, problem_of
from tests.people import Ground
from zhongzhi.audit.queries import trail_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile("丈量.jpg", out.getvalue(), "image/jpeg")


def upload(user: Any, case: Case, file: Any, **headers: str) -> Any:
    return as_person(user).post(address(case, "attachments"), {"file": file}, format="multipart", **headers)


def test_a_file_is_kept_listed_taken_out_and_taken_off(ground: Ground) -> None:
    case = ways.registered(ground)
    clerk = as_person(ground.clerk)
    answer = upload(ground.clerk, case, photo())
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert [r["id"] for r in clerk.get(address(case, "attachments")).json()["results"]] == [row["id"]]
    path = address(case, f"attachments/{row['id']}")
    taken = clerk.get(path)
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert b"".join(taken.streaming_content)[:2] == b"\xff\xd8"
    assert clerk.delete(path).status_code == 204
    assert problem_of(clerk.get(path))[0] == 404
    assert [e.verb for e in trail_of(case)][1:] == ["file_attached", "file_downloaded", "file_detached"]


def test_a_stranger_neither_sees_nor_takes_nor_puts(ground: Ground) -> None:
    case = ways.registered(ground)
    row = upload(ground.clerk, case, photo()).json()
    stranger = as_person(ground.stranger)
    assert problem_of(stranger.get(address(case, "attachments")))[0] == 404
    assert problem_of(stranger.get(address(case, f"attachments/{row['id']}")))[0] == 404
    assert problem_of(upload(ground.stranger, case, photo()))[0] == 404


def test_those_who_only_look_do_not_put(ground: Ground) -> None:
    assert problem_of(upload(ground.leader, ways.registered(ground), photo()))[:2] == (403, "forbidden")


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("照片.jpg", b"<!doctype html><script>alert(1)</script>", 415, "unsupported_type"),
        ("run.exe", b"MZ" + b"\0" * 200, 415, "unsupported_type"),
        ("大.pdf", b"%PDF-1.4\n" + b"0" * (21 * 1024 * 1024), 413, "too_large"),
        ("leer.pdf", b"", 422, "rule_broken"),
    ],
)
def test_what_is_refused_is_not_kept(name: str, content: bytes, status: int, code: str, ground: Ground) -> None:
    case = ways.registered(ground)
    answer = upload(ground.clerk, case, SimpleUploadedFile(name, content))
    assert problem_of(answer)[:2] == (status, code)
    assert not case.attachments.exists()


def test_an_upload_of_40_mb_is_413_before_it_is_read(ground: Ground) -> None:
    case = ways.registered(ground)
    answer = upload(ground.clerk, case, SimpleUploadedFile("大.mp4", b"0" * (40 * 1024 * 1024)))
    assert problem_of(answer)[:2] == (413, "too_large")
    assert not case.attachments.exists()
