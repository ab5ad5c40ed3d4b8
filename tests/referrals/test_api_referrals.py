"""Referrals in the API: list, detail, acts, file; refusals as problem documents."""

import pytest

from referrals.models import Document, Purpose
from tests.intake.api import as_person, as_system, problem_of
from tests.people import Ground
from tests.referrals import ways

pytestmark = pytest.mark.django_db
LIST = "/api/v1/referrals/"


def address(document: Document, act: str = "") -> str:
    return f"{LIST}{document.uid}/" + (f"{act}/" if act else "")


def test_the_list_is_filtered_paged_and_refuses_what_it_does_not_know(ground: Ground) -> None:
    ways.signed(ground)
    ways.draft(ground)
    client = as_person(ground.handler)
    rows = client.get(LIST + "?purpose=supervise&box=in").json()["results"]
    assert [row["status"] for row in rows] == ["issued"]
    assert rows[0]["number"].startswith("扎鲁特综督〔")
    assert client.get(LIST + "?open=true&limit=1").json()["next"]
    assert problem_of(client.get(LIST + "?colour=red"))[2] == ["colour"]
    assert problem_of(client.get(LIST + "?status=x"))[2] == ["status"]


def test_sign_answer_and_decide(ground: Ground) -> None:
    document = ways.draft(ground)
    assert problem_of(as_person(ground.dispatcher).post(address(document, "sign")))[:2] == (403, "forbidden")
    signed = as_person(ground.manager).post(address(document, "sign"), headers={"If-Match": '"1"'})
    assert signed.json()["number"]
    assert problem_of(as_person(ground.manager).post(address(document, "sign")))[:2] == (409, "wrong_state")
    handler = as_person(ground.handler)
    assert "answer" in handler.get(address(document)).json()["acts"]
    assert problem_of(handler.post(address(document, "answer"), {"text": ""}))[:2] == (400, "invalid")
    assert handler.post(address(document, "answer"), {"text": "已整改"}).json()["status"] == "answered"
    again = handler.post(address(document, "answer"), {"text": "再答复一次"})
    assert problem_of(again)[:2] == (409, "wrong_state")
    stale = as_person(ground.manager).post(
        address(document, "decide-answer"), {"accepted": True}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    done = as_person(ground.manager).post(address(document, "decide-answer"), {"accepted": True})
    assert (done.json()["status"], done.json()["answers"][0]["accepted"]) == ("done", True)


def test_out_of_sight_is_not_found(ground: Ground) -> None:
    document = ways.draft(ground)
    for person in (ground.handler, ground.stranger, ground.auditor):
        assert problem_of(as_person(person).get(address(document)))[:2] == (404, "not_found")


def test_return_extend_and_download(ground: Ground) -> None:
    document = ways.signed(ground)
    handler = as_person(ground.handler)
    assert handler.post(address(document, "extend"), {"reason": "需要鉴定"}).status_code == 200
    granted = as_person(ground.manager).post(address(document, "decide-extension"), {"granted": True})
    assert granted.json()["answer_due_at"] > document.answer_due_at.isoformat()[:10]
    assert handler.get(address(document, "file"))["Content-Disposition"].startswith("attachment")
    assert handler.post(address(document, "return"), {"reason": "主送有误"}).json()["status"] == "returned"


def test_an_outside_system_reads_with_its_scope_and_writes_only_with_the_other(ground: Ground) -> None:
    document = ways.signed(ground, Purpose.REMIND)
    reader = as_system(ground, "cases:read")
    assert reader.get(LIST).status_code == 200
    assert problem_of(reader.post(address(document, "receive")))[:2] == (403, "scope_missing")
