"""A slip under way is voided and issued anew in one act: the old number stays, the limits run on."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from intake import actions as cases
from intake.actions import Report
from intake.models import Case
from referrals import actions
from referrals.actions import reissue_slip
from referrals.models import Document
from tests.intake.api import as_person, problem_of
from tests.people import Ground, make_ground
from tests.referrals import ways
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import (
    BadInput,
    DomainError,
    InvalidTransition,
    PermissionDenied,
    RuleViolation,
    VersionConflict,
)
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
BODY = "请按1983年台账实地丈量。"


@pytest.fixture
def slip(ground: Ground) -> Document:
    return slip_of(ways.dispatched(ground))


def slip_of(case: Case) -> Document:
    return Document.objects.get(case=case, kind__purpose="dispatch")


def again(slip: Document, ground: Ground, **changes: Any) -> Document:
    values: dict[str, Any] = {"actor": ground.dispatcher, "reason": "台账年份写错", "body": BODY}
    return reissue_slip(slip, **(values | changes))


def test_the_old_number_stays_and_the_new_slip_names_it(ground: Ground, slip: Document) -> None:
    limits = {clock.kind: clock.due_at for clock in slip.handling.clocks.all()}  # type: ignore[union-attr]
    new = again(slip, ground)
    slip.refresh_from_db()
    assert (slip.status, slip.serial, new.status, new.serial) == ("void", 1, "issued", 2)
    assert new.follows == slip
    assert new.handling == slip.handling
    assert new.body == f"{BODY}\n（{slip.number}同时作废，以本单为准，原定时限不变。）"
    assert new.subject == slip.subject
    assert new.sm3 != slip.sm3
    assert {clock.kind: clock.due_at for clock in new.handling.clocks.all()} == limits  # type: ignore[union-attr]
    assert (new.receipt_due_at, new.answer_due_at) == (slip.receipt_due_at, slip.answer_due_at)
    entry = trail_of(slip).last()
    assert entry is not None and entry.facts == {"number": slip.number, "reissued_as": new.number}
    told = OutboxMessage.objects.filter(key__contains="document_voided", payload__user=ground.handler.pk)
    assert str(new.number) in told.get().payload["title"]


def test_who_has_signed_for_the_case_need_not_sign_again(ground: Ground, slip: Document) -> None:
    assert slip.case is not None
    cases.sign_for_case(slip.case, actor=ground.handler)
    new = again(slip, ground)
    assert new.receipt_due_at is None
    assert new.case is not None
    new.case.refresh_from_db()
    assert new.case.status == "handling"
    assert "receive" not in as_person(ground.handler).get(f"/api/v1/referrals/{new.uid}/").json()["acts"]
    cases.report_outcome(new.case, Report("peoples_mediation", "丈量后和好"), actor=ground.handler)


def test_a_correction_can_be_corrected(ground: Ground, slip: Document) -> None:
    third = again(again(slip, ground), ground, body="请按1984年台账实地丈量。")
    assert third.follows is not None and third.follows.follows == slip
    numbers = Document.objects.filter(case=slip.case).order_by("serial").values_list("status", flat=True)
    assert list(numbers) == ["void", "void", "issued"]


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"reason": " "}, BadInput, "reason"),
        ({"body": ""}, RuleViolation, "body"),
        ({"body": "字" * 10_001}, DomainError, "body"),
        ({"version": 1}, VersionConflict, None),
    ],
)
def test_what_is_refused_leaves_the_slip_as_it_is(
    ground: Ground, slip: Document, changes: dict[str, Any], error: type[DomainError], field: str | None
) -> None:
    with pytest.raises(error) as caught:
        again(slip, ground, **changes)
    assert field is None or field in caught.value.errors
    assert Document.objects.get(case=slip.case).status == "issued"


def test_only_who_may_sign_may_reissue(ground: Ground, slip: Document) -> None:
    for person in (ground.handler, ground.clerk, ground.stranger):
        with pytest.raises(PermissionDenied):
            again(slip, ground, actor=person)


def test_a_slip_that_is_not_under_way_is_not_reissued(ground: Ground, slip: Document) -> None:
    new = again(slip, ground)
    with pytest.raises(InvalidTransition):
        again(slip, ground)  # void
    assert new.case is not None
    cases.return_case(new.case, actor=ground.handler, reason="不属本局职责")
    with pytest.raises(InvalidTransition, match="正在办理"):
        again(new, ground)
    with pytest.raises(InvalidTransition, match="另行拟制"):
        again(ways.signed(ground), ground, actor=ground.manager)


def test_a_slip_under_way_is_not_only_voided(ground: Ground, slip: Document) -> None:
    with pytest.raises(InvalidTransition, match="作废重发"):
        actions.void_document(slip, actor=ground.dispatcher, reason="写错")


def test_over_the_api(ground: Ground, slip: Document) -> None:
    where = f"/api/v1/referrals/{slip.uid}/reissue/"
    client = as_person(ground.dispatcher)
    assert "reissue" in client.get(f"/api/v1/referrals/{slip.uid}/").json()["acts"]
    assert problem_of(client.post(where, {"body": BODY}))[2] == ["reason"]
    assert problem_of(as_person(ground.handler).post(where, {"reason": "x", "body": BODY}))[:2] == (403, "forbidden")
    answer = client.post(where, {"reason": "台账年份写错", "body": BODY}).json()
    assert (answer["status"], answer["followed_by"]) == ("void", str(Document.objects.get(follows=slip).uid))
    assert problem_of(client.post(where, {"reason": "再", "body": BODY}))[:2] == (409, "wrong_state")


@pytest.mark.django_db(transaction=True)
def test_two_who_reissue_at_once_make_one_new_slip() -> None:
    ground = make_ground()
    slip = slip_of(ways.dispatched(ground))
    together, found = Barrier(2), list[str]()

    def reissue() -> None:
        together.wait()
        try:
            found.append(str(again(slip, ground).number))
        except InvalidTransition:
            found.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=reissue) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count("refused") == 1
    assert Document.objects.filter(follows=slip).count() == 1


@pytest.mark.django_db(transaction=True)
def test_reissued_while_it_is_returned_either_comes_first_and_nothing_is_half_done() -> None:
    ground = make_ground()
    slip = slip_of(ways.dispatched(ground))
    together, refused = Barrier(2), list[str]()

    def run(work: Any) -> None:
        together.wait()
        try:
            work()
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    give_back = lambda: cases.return_case(slip.case, actor=ground.handler, reason="不属本局职责")  # noqa: E731
    threads = [Thread(target=run, args=(work,)) for work in (give_back, lambda: again(slip, ground))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slip.refresh_from_db()
    new = Document.objects.filter(follows=slip)
    assert (slip.status == "void") == new.exists()
    assert refused in ([], ["wrong_state"])
    assert Case.objects.get(pk=slip.case_id).status == "accepted"
