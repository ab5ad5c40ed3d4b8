"""A file of a case that comes in parts over REST: continued where it stopped, kept as one that came at once is."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from intake import actions
from intake.actions.uploads import LONGEST_PART, MOST_AT_ONCE
from intake.models import Case, ResumableUpload, UploadPart
from tests.files.samples import PDF, picture
from tests.intake import ways
from tests.intake.api import address, as_person, as_system, problem_of
from tests.people import Ground
from zhongzhi.audit.queries import trail_of

pytestmark = pytest.mark.django_db
BIG = PDF[:9] + b"".join(sha256(str(n).encode()).digest() for n in range(80_000)) + PDF[9:]  # more than two parts


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(ground: Ground) -> Case:
    return ways.registered(ground)


def begin(client: Any, case: Case, size: int, name: str = "合同.pdf", **more: str) -> Any:
    return client.post(address(case, "uploads"), {"name": name, "size": size, **more})


def put(client: Any, case: Case, uid: str, begins: int, content: bytes) -> Any:
    path = address(case, f"uploads/{uid}/parts/{begins}")
    return client.put(path, content, content_type="application/octet-stream")


def begun(client: Any, case: Case, content: bytes, name: str = "合同.pdf") -> str:
    """Begun and sent to its last byte."""
    uid = str(begin(client, case, len(content), name).json()["uid"])
    for at in range(0, len(content), LONGEST_PART):
        assert put(client, case, uid, at, content[at : at + LONGEST_PART]).status_code == 200
    return uid


def test_it_goes_on_after_a_break_where_it_stopped_and_becomes_a_file_of_the_case(ground: Ground, case: Case) -> None:
    clerk = as_person(ground.clerk)
    answer = begin(clerk, case, len(BIG), note="甲方所持原件")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["received"], told["size"], told["part_max"]) == (0, len(BIG), LONGEST_PART)
    assert put(clerk, case, told["uid"], 0, BIG[:LONGEST_PART]).json()["received"] == LONGEST_PART
    lost = put(clerk, case, told["uid"], 0, BIG[:LONGEST_PART])  # its answer was lost, and it is sent again
    assert problem_of(lost) == (409, "wrong_state", ["begins"])
    assert f"从第 {LONGEST_PART} 字节接着传" in lost.json()["detail"]
    early = clerk.post(address(case, f"uploads/{told['uid']}/finish"))
    assert problem_of(early)[:2] == (409, "wrong_state")
    at = clerk.get(address(case, f"uploads/{told['uid']}")).json()["received"]
    while at < len(BIG):
        at = put(clerk, case, told["uid"], at, BIG[at : at + LONGEST_PART]).json()["received"]
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    done = clerk.post(address(case, f"uploads/{told['uid']}/finish"), **key)
    assert done.status_code == 201, done.content
    assert clerk.post(address(case, f"uploads/{told['uid']}/finish"), **key).json() == done.json()
    row = case.attachments.get()
    assert (row.note, row.file.size, row.file.name) == ("甲方所持原件", len(BIG), "合同.pdf")
    taken = clerk.get(address(case, f"attachments/{done.json()['id']}"))
    assert b"".join(taken.streaming_content) == BIG
    assert not ResumableUpload.objects.exists() and not UploadPart.objects.exists()
    assert [e.verb for e in trail_of(case)][1:] == ["file_attached", "file_downloaded"]


def test_parts_lie_sealed(ground: Ground, case: Case) -> None:
    begun(as_person(ground.clerk), case, PDF)
    assert PDF not in bytes(UploadPart.objects.get().sealed)


def test_what_a_file_is_decides_as_it_does_of_one_that_came_at_once(ground: Ground, case: Case) -> None:
    clerk = as_person(ground.clerk)
    uid = begun(clerk, case, b"<!doctype html><script>alert(1)</script>", "照片.jpg")
    for _ in range(2):  # the same is told again, and nothing is kept
        assert problem_of(clerk.post(address(case, f"uploads/{uid}/finish")))[:2] == (415, "unsupported_type")
    assert not case.attachments.exists()
    assert clerk.delete(address(case, f"uploads/{uid}")).status_code == 204
    assert problem_of(clerk.get(address(case, f"uploads/{uid}")))[0] == 404
    seen = begun(clerk, case, picture(size=(600, 400)), "丈量.jpg")
    assert clerk.post(address(case, f"uploads/{seen}/finish")).json()["content_type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"name": "大.pdf", "size": 21 * 1024 * 1024}, 400, "size"),
        ({"name": "空.pdf", "size": 0}, 400, "size"),
        ({"name": "", "size": 5}, 400, "name"),
        ({"size": 5}, 400, "name"),
        ({"name": "a.pdf", "size": 5, "hash": "x"}, 400, "hash"),
    ],
)
def test_what_cannot_be_begun_is_refused_at_its_field(
    given: dict[str, object], status: int, field: str, ground: Ground, case: Case
) -> None:
    answer = as_person(ground.clerk).post(address(case, "uploads"), given)
    assert (problem_of(answer)[0], problem_of(answer)[2]) == (status, [field])
    assert not ResumableUpload.objects.exists()


def test_a_part_is_bounded_and_not_empty_and_comes_as_bytes(ground: Ground, case: Case) -> None:
    clerk = as_person(ground.clerk)
    uid = begin(clerk, case, len(BIG)).json()["uid"]
    assert problem_of(put(clerk, case, uid, 0, BIG[: LONGEST_PART + 1])) == (413, "too_large", ["begins"])
    assert problem_of(put(clerk, case, uid, 0, b"")) == (400, "invalid", ["begins"])
    assert problem_of(put(clerk, case, uid, 10**12, b"x"))[0] == 409
    assert problem_of(clerk.put(address(case, f"uploads/{uid}/parts/0"), {"a": 1}))[0] == 415
    short = begin(clerk, case, 5).json()["uid"]
    assert problem_of(put(clerk, case, short, 0, b"123456")) == (413, "too_large", ["begins"])
    assert set(ResumableUpload.objects.values_list("received", flat=True)) == {0}


def test_nobody_goes_on_with_what_another_sends(ground: Ground, case: Case) -> None:
    uid = begin(as_person(ground.clerk), case, 5).json()["uid"]
    for other, status in ((ground.dispatcher, 404), (ground.stranger, 404), (ground.leader, 404)):
        assert problem_of(as_person(other).get(address(case, f"uploads/{uid}")))[0] == status
    for other, status in ((ground.dispatcher, 404), (ground.stranger, 404), (ground.leader, 403)):
        client = as_person(other)
        assert problem_of(put(client, case, uid, 0, b"12345"))[0] == status
        assert problem_of(client.post(address(case, f"uploads/{uid}/finish")))[0] == status
        assert problem_of(client.delete(address(case, f"uploads/{uid}")))[0] == status
    assert problem_of(begin(as_person(ground.leader), case, 5))[:2] == (403, "forbidden")
    other_case = ways.registered(ground)
    assert problem_of(put(as_person(ground.clerk), other_case, uid, 0, b"12345"))[0] == 404


def test_an_outside_system_needs_the_scope_and_few_are_under_way_at_once(ground: Ground, case: Case) -> None:
    assert problem_of(begin(as_system(ground, "cases:read"), case, 5))[0] == 403
    clerk = as_person(ground.clerk)
    for _ in range(MOST_AT_ONCE):
        assert begin(clerk, case, 5).status_code == 201
    assert problem_of(begin(clerk, case, 5)) == (422, "rule_broken", ["name"])


def test_a_case_that_was_archived_meanwhile_takes_no_more(ground: Ground) -> None:
    case = ways.followed_up(ground)
    dispatcher = as_person(ground.dispatcher)
    uid = begun(dispatcher, case, PDF)
    actions.archive_case(case, actor=ground.dispatcher)
    assert problem_of(dispatcher.post(address(case, f"uploads/{uid}/finish")))[:2] == (409, "wrong_state")
    assert not case.attachments.exists()
