"""Documents from draft to done: who may, what is refused, and that nothing changes once it is signed."""

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from referrals import actions
from referrals.lifecycle import LIFECYCLE, Event, State
from referrals.models import Document, DocumentKind, EscalationStep, Purpose
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation, VersionConflict
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, ProgrammingError)


def test_every_pair_that_the_table_does_not_hold_is_refused() -> None:
    for state, event in LIFECYCLE.pairs():
        if not LIFECYCLE.allows(state, event):
            with pytest.raises(InvalidTransition):
                LIFECYCLE.target(state, event)
    assert LIFECYCLE.events_from(State.VOID) == ()
    assert LIFECYCLE.target(State.READY, Event.SIGN) == State.SIGNED


def test_only_the_entitled_sign_and_the_number_follows_gb_t_9704(ground: Ground) -> None:
    document = ways.draft(ground)
    for person in (ground.dispatcher, ground.handler, ground.town_manager, ground.leader):
        with pytest.raises(PermissionDenied):
            actions.sign_document(document, actor=person)
    document = actions.sign_document(document, actor=ground.manager)
    assert document.number == f"扎鲁特综督〔{timezone.localdate().year}〕1号"
    assert document.status == "issued"
    with pytest.raises(InvalidTransition):
        actions.sign_document(document, actor=ground.manager)


def test_numbers_run_for_each_issuer_kind_and_year_and_a_void_one_keeps_its_number(ground: Ground) -> None:
    first, second = ways.signed(ground), ways.signed(ground)
    actions.void_document(first, actor=ground.manager, reason="事实有误")
    third = ways.signed(ground)
    letter = ways.signed(ground, Purpose.REMIND)
    assert [d.serial for d in (first, second, third, letter)] == [1, 2, 3, 1]
    first.refresh_from_db()
    assert (first.status, first.serial) == ("void", 1)


def test_the_recommendation_is_issued_by_the_committee_and_signed_by_its_leader(ground: Ground) -> None:
    document = ways.signed(ground, Purpose.RECOMMEND, case=ways.dispatched(ground))
    assert document.issuer == ground.politics_and_law
    assert str(document.number).startswith("扎鲁特政法建〔")


def test_review_is_by_another_person_where_the_kind_asks_for_it(ground: Ground) -> None:
    DocumentKind.objects.filter(code="supervision").update(reviewed=True)
    document = ways.draft(ground)
    with pytest.raises(InvalidTransition, match="须先审核"):
        actions.sign_document(document, actor=ground.manager)
    actions.submit_document(document, actor=ground.dispatcher)
    with pytest.raises(PermissionDenied):
        actions.review_document(document, actor=ground.dispatcher)
    actions.review_document(document, actor=ground.manager)
    with pytest.raises(InvalidTransition):
        actions.edit_draft(document, actor=ground.dispatcher, subject="x", body="y")
    assert actions.sign_document(document, actor=ground.manager).status == "issued"


def test_a_draft_is_changed_by_its_version_and_dropped_with_a_reason(ground: Ground) -> None:
    document = ways.draft(ground)
    changed = actions.edit_draft(document, actor=ground.dispatcher, subject="新标题", body="新正文", version=1)
    assert (changed.subject, changed.version) == ("新标题", 2)
    with pytest.raises(VersionConflict):
        actions.edit_draft(document, actor=ground.manager, subject="x", body="y", version=1)
    actions.discard_draft(document, actor=ground.dispatcher, reason="已电话催办")
    with pytest.raises(InvalidTransition):
        actions.sign_document(document, actor=ground.manager)


@pytest.mark.parametrize(
    "change",
    [
        "subject = '改了'",
        "body = body || '。'",
        "number = '扎鲁特综督〔2026〕99号'",
        "serial = 99",
        "level = 'red'",
        "signed_by_id = NULL",
        "signed_at = now()",
        "sm3 = repeat('0', 64)",
        "addressee_id = issuer_id",
        "status = 'draft', signed_at = NULL, number = NULL",
        "issued_at = now() - interval '9 days'",
    ],
)
def test_sql_of_the_application_cannot_change_a_signed_document(change: str, ground: Ground) -> None:
    document = ways.signed(ground)
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE referrals_document SET {change} WHERE id = %s", [document.pk])
    again = Document.objects.get(pk=document.pk)
    assert (again.subject, again.number, again.sm3) == (document.subject, document.number, document.sm3)


def test_documents_steps_and_answers_cannot_be_deleted_or_rewritten(ground: Ground) -> None:
    document = ways.signed(ground)
    answer = actions.answer_document(document, actor=ground.handler, text="已整改")
    for statement in (
        f"DELETE FROM referrals_document WHERE id = {document.pk}",
        f"UPDATE referrals_documentstep SET reason = 'x' WHERE document_id = {document.pk}",
        f"DELETE FROM referrals_documentstep WHERE document_id = {document.pk}",
        f"UPDATE referrals_documentanswer SET text = 'x' WHERE id = {answer.pk}",
        f"DELETE FROM referrals_documentanswer WHERE id = {answer.pk}",
    ):
        with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    draft = ways.draft(ground, case=document.case)
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM referrals_document WHERE id = %s", [draft.pk])


def test_no_act_changes_the_words_of_a_signed_document(ground: Ground) -> None:
    document = ways.signed(ground)
    with pytest.raises(InvalidTransition, match="作废后另发"):
        actions.edit_draft(document, actor=ground.dispatcher, subject="x", body="y")


def test_a_supervision_is_answered_refused_answered_again_and_accepted(ground: Ground) -> None:
    document = ways.signed(ground)
    with pytest.raises(PermissionDenied):
        actions.answer_document(document, actor=ground.other_handler, text="不归我")
    with pytest.raises(RuleViolation):
        actions.answer_document(document, actor=ground.handler, text="  ")
    actions.answer_document(document, actor=ground.handler, text="已整改")
    document.refresh_from_db()
    assert (document.status, document.received_by) == ("answered", ground.handler)
    with pytest.raises(PermissionDenied):
        actions.decide_answer(document, actor=ground.handler, accepted=True)
    actions.decide_answer(document, actor=ground.manager, accepted=False, note="没有写明时间")
    document.refresh_from_db()
    assert (document.status, document.answered_at) == ("received", None)
    actions.answer_document(document, actor=ground.handler, text="十一月底前整改到位")
    done = actions.decide_answer(document, actor=ground.manager, accepted=True)
    assert done.status == "done"
    assert [a.accepted for a in done.answers.all()] == [False, True]
    verbs = [entry.verb for entry in trail_of(done)]
    assert verbs[-4:] == ["document_answered", "answer_refused", "document_answered", "answer_accepted"]


def test_a_reminder_is_done_when_it_is_signed_for_and_a_recommendation_asks_whether_it_is_adopted(
    ground: Ground,
) -> None:
    reminder = actions.receive_document(ways.signed(ground, Purpose.REMIND), actor=ground.handler)
    assert reminder.status == "done"
    letter = ways.signed(ground, Purpose.RECOMMEND)
    with pytest.raises(RuleViolation) as refused:
        actions.answer_document(letter, actor=ground.handler, text="同意")
    assert refused.value.field == "adoption"
    assert actions.answer_document(letter, actor=ground.handler, text="同意", adoption="part").adoption == "part"


def test_time_is_asked_before_it_is_due_and_granted_at_most_twice(ground: Ground) -> None:
    document = ways.signed(ground)
    before = document.answer_due_at
    for _ in range(2):
        actions.ask_document_extension(document, actor=ground.handler, reason="需要鉴定")
        with pytest.raises(InvalidTransition):
            actions.ask_document_extension(document, actor=ground.handler, reason="再问")
        with pytest.raises(PermissionDenied):
            actions.decide_document_extension(document, actor=ground.handler, granted=True)
        document = actions.decide_document_extension(document, actor=ground.manager, granted=True)
    assert document.answer_due_at > before
    with pytest.raises(RuleViolation, match="不能再延长"):
        actions.ask_document_extension(document, actor=ground.handler, reason="第三次")
    steps = EscalationStep.objects.filter(document=document, taken_at=None, rule__does="supervise_red")
    assert [step.due_at for step in steps] == [document.answer_due_at]
    late = ways.signed(ground)
    Document.objects.filter(pk=late.pk).update(answer_due_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(RuleViolation, match="期限已过"):
        actions.ask_document_extension(late, actor=ground.handler, reason="晚了")


def test_a_document_is_returned_with_a_reason_and_its_steps_are_cancelled(ground: Ground) -> None:
    document = ways.signed(ground)
    assert EscalationStep.objects.filter(document=document, taken_at=None).count() == 3
    actions.return_document(document, actor=ground.handler, reason="主送单位有误")
    document.refresh_from_db()
    assert document.status == "returned"
    assert not EscalationStep.objects.filter(document=document, taken_at=None).exists()


def test_a_slip_that_is_under_way_is_not_void(ground: Ground) -> None:
    slip = Document.objects.get(case=ways.dispatched(ground))
    with pytest.raises(InvalidTransition, match="还在办理"):
        actions.void_document(slip, actor=ground.manager, reason="写错")


def test_a_party_is_served_and_that_is_noted(ground: Ground) -> None:
    document = ways.draft(
        ground, Purpose.INFORM, addressee=None, handling=None, party_name="岳某某", level="", facts={}
    )
    document = actions.sign_document(document, actor=ground.clerk)
    with pytest.raises(RuleViolation):
        actions.note_service(document, actor=ground.clerk, note="")
    assert actions.note_service(document, actor=ground.clerk, note="本人签收").status == "done"


def test_several_are_signed_each_for_itself(ground: Ground) -> None:
    mine, others = ways.draft(ground), ways.draft(ground, Purpose.RECOMMEND)
    found = actions.sign_several([mine, others], actor=ground.manager)
    assert [bool(one.number) for one in found] == [True, False]
    assert "领导" in found[1].refusal


def test_a_running_document_keeps_the_kind_it_was_born_with(ground: Ground) -> None:
    document = ways.draft(ground)
    old = document.kind
    today = timezone.localdate()
    DocumentKind.objects.filter(pk=old.pk).update(ends_on=today)
    columns = {f.attname: getattr(old, f.attname) for f in DocumentKind._meta.concrete_fields if f.attname != "id"}
    new = DocumentKind.objects.create(**(columns | {"starts_on": today, "word": "新督", "ends_on": None}))
    assert ways.kind(Purpose.SUPERVISE) == new
    assert "综督〔" in str(actions.sign_document(document, actor=ground.manager).number)
    assert "综新督〔" in str(ways.signed(ground).number)


def test_the_addressee_and_the_signers_are_told(ground: Ground) -> None:
    document = ways.signed(ground)
    keys = OutboxMessage.objects.filter(key__startswith=f"document:{document.pk}:")
    kinds = {(m.payload["kind"], m.payload["user"]) for m in keys}
    assert ("document_to_sign", ground.manager.pk) in kinds
    assert ("document_issued", ground.handler.pk) in kinds
