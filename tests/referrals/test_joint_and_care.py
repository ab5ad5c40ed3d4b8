"""Joint handling and special care: tasks, meetings, the guardian's consent, who may look."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import actions as cases
from intake.coordination import actions as coordination_actions
from intake.coordination.models import Task
from intake.models import Case, Handling
from referrals import actions
from referrals.actions import Resolved
from referrals.models import CareRecord, Document
from referrals.queries import assessments_of, care_of
from tests.intake import ways as intake_ways
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ground: Ground) -> Case:
    """王某's case: the town's justice office leads, the police helps; the county's centre answers."""
    case = ways.dispatched(ground, ground.labour_bureau)
    cases.sign_for_case(case, actor=ground.handler)
    return coordination_actions.sign_for_part(case, actor=ground.other_handler)


def part(case: Case, name: str) -> Handling:
    return case.handlings.get(part=name, closed_at=None)


def test_tasks_are_done_or_released_before_the_case_is_concluded(ground: Ground, case: Case) -> None:
    mine = actions.give_task(case, part(case, "lead"), actor=ground.dispatcher, what="上门走访")
    other = actions.give_task(case, part(case, "co"), actor=ground.handler, what="核实台账")
    with pytest.raises(InvalidTransition, match="联动任务没有完成"):
        coordination_actions.report_part(case, actor=ground.other_handler, note="好了")
    with pytest.raises(PermissionDenied):
        coordination_actions.complete_task(other, actor=ground.handler, result="代办")
    coordination_actions.complete_task(other, actor=ground.other_handler, result="已核实")
    coordination_actions.report_part(case, actor=ground.other_handler, note="台账无误")
    with pytest.raises(InvalidTransition, match="上门走访"):
        cases.report_outcome(case, intake_ways.REPORT, actor=ground.handler)
    with pytest.raises(PermissionDenied):
        coordination_actions.release_task(mine, actor=ground.handler, reason="不用了")
    coordination_actions.release_task(mine, actor=ground.dispatcher, reason="当事人已外出")
    assert cases.report_outcome(case, intake_ways.REPORT, actor=ground.handler).status == "concluded"


def test_a_released_co_handler_owes_nothing(ground: Ground, case: Case) -> None:
    actions.give_task(case, part(case, "co"), actor=ground.dispatcher, what="核实台账")
    coordination_actions.release_part(case, part(case, "co"), actor=ground.dispatcher, reason="与工资无关")
    assert not Task.objects.filter(done_at=None, released_at=None).exists()
    assert not case.clocks.filter(organisation=ground.labour_bureau, stopped_at=None).exists()
    assert cases.report_outcome(case, intake_ways.REPORT, actor=ground.handler).status == "concluded"


def test_a_part_that_is_given_back_is_no_refusal_of_the_case(ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau)
    coordination_actions.return_part(case, actor=ground.other_handler, reason="不属本局职责")
    case = cases.return_case(case, actor=ground.handler, reason="不属本局职责")
    assert case.status == "accepted"  # the first refusal takes effect at once


def test_a_meeting_s_decisions_become_tasks_or_nothing_is_kept(ground: Ground, case: Case) -> None:
    rows = [Resolved(part(case, "lead"), "联系医院", kind="transfer"), Resolved(part(case, "co"), "落实低保")]
    meeting = actions.record_meeting(
        case, actor=ground.handler, held_at=timezone.now(), place="镇综治中心", decided="送医并救助", tasks=rows,
        present=[ground.justice_bureau, ground.labour_bureau],
    )  # fmt: skip
    assert [task.what for task in meeting.tasks.order_by("pk")] == ["联系医院", "落实低保"]
    with pytest.raises(RuleViolation):
        actions.record_meeting(case, actor=ground.handler, held_at=timezone.now(), place="x", decided="y",
                               tasks=[Resolved(part(case, "co"), "")])  # fmt: skip
    with pytest.raises(RuleViolation, match="会后记录"):
        later = timezone.now() + timedelta(hours=1)
        actions.record_meeting(case, actor=ground.handler, held_at=later, place="x", decided="y")
    with pytest.raises(PermissionDenied):
        actions.record_meeting(case, actor=ground.other_handler, held_at=timezone.now(), place="x", decided="y")
    assert case.meetings.count() == 1


def test_a_transfer_waits_for_the_guardian_s_consent(ground: Ground, case: Case) -> None:
    before = actions.give_task(case, part(case, "lead"), actor=ground.dispatcher, what="送医", kind="transfer")
    actions.mark_care(case, actor=ground.manager, reason="mental", danger=3, shared_with=[ground.justice_bureau])
    after = actions.give_task(case, part(case, "lead"), actor=ground.dispatcher, what="转院", kind="transfer")
    for task in (before, after):
        with pytest.raises(RuleViolation, match="监护人同意"):
            coordination_actions.complete_task(task, actor=ground.handler, result="已送")
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=after.pk).update(done_at=timezone.now())
    consent = actions.give_consent(
        case, actor=ground.handler, guardian="王某兄", relation="兄", means="written", given_on=timezone.localdate()
    )
    coordination_actions.complete_task(before, actor=ground.handler, result="已送旗医院")
    actions.withdraw_consent(consent, actor=ground.handler, reason="监护人改变主意")
    with pytest.raises(RuleViolation):
        coordination_actions.complete_task(after, actor=ground.handler, result="已转")


def test_the_mark_is_seen_by_few_and_each_look_is_recorded(ground: Ground, case: Case) -> None:
    with pytest.raises(PermissionDenied):
        actions.mark_care(case, actor=ground.clerk, reason="mental")
    actions.mark_care(case, actor=ground.manager, reason="mental", notes="曾三次毁坏车辆", danger=4,
                      shared_with=[ground.justice_bureau])  # fmt: skip
    for person in (ground.manager, ground.handler):
        assert care_of(person, case) is not None
    for person in (ground.clerk, ground.dispatcher, ground.other_handler, ground.leader, ground.town_manager):
        assert care_of(person, case) is None
        with pytest.raises(NotFound):
            actions.open_care(case, actor=person, reason="看看")
    assert actions.open_care(case, actor=ground.handler, reason="上门前了解").notes == "曾三次毁坏车辆"
    looks = [entry for entry in trail_of(case) if entry.verb == "care_record_opened"]
    assert [(look.actor, look.facts["reason"]) for look in looks] == [(ground.handler, "上门前了解")]
    kept = CareRecord.objects.get()
    assert kept.notes_sealed is not None
    assert "毁坏" not in bytes(kept.notes_sealed).decode(errors="ignore")
    with pytest.raises(InvalidTransition):
        actions.mark_care(case, actor=ground.manager, reason="mental")


def test_a_diagnosis_comes_from_a_psychiatrist_only(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="mental")
    with pytest.raises(RuleViolation, match="精神科执业医师"):
        actions.change_care(case, actor=ground.manager, danger=2, diagnosis="精神分裂症")
    by = {"diagnosed_by": "张医师，旗精神卫生中心", "diagnosed_on": date(2026, 11, 1)}
    actions.change_care(case, actor=ground.manager, danger=4, diagnosis="精神分裂症", **by)  # type: ignore[arg-type]
    opened = actions.open_care(case, actor=ground.manager, reason="复核")
    assert opened.diagnosis == "精神分裂症"
    assert opened.record.next_visit_on == timezone.localdate() + timedelta(days=14)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareRecord.objects.update(diagnosed_by="")


def test_visits_follow_the_assessed_danger(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="mental", danger=3)
    actions.record_visit(case, actor=ground.manager, visited_on=timezone.localdate(), note="情绪平稳，按时服药")
    assert CareRecord.objects.get().next_visit_on == timezone.localdate() + timedelta(days=30)
    assert actions.open_care(case, actor=ground.manager, reason="x").visits[0][2] == "情绪平稳，按时服药"


def test_further_co_handlers_get_slips_of_their_own(ground: Ground, case: Case) -> None:
    actions.add_co_handlers_with_slips(case, actor=ground.dispatcher, co_handlers=[ground.juri_police])
    assert Document.objects.filter(case=case, addressee=ground.juri_police, number__isnull=False).count() == 1
    with pytest.raises(RuleViolation):
        actions.add_co_handlers_with_slips(case, actor=ground.dispatcher, co_handlers=[])


def test_a_co_handler_asks_for_time_of_its_own(ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau, complexity="ordinary")
    cases.ask_extension(case, actor=ground.other_handler, reason="需要核账")
    cases.decide_extension(case, actor=ground.dispatcher, granted=True)
    due = {c.organisation_id: c.due_at for c in case.clocks.filter(kind="handle")}
    assert due[ground.labour_bureau.pk] > due[ground.justice_bureau.pk]


def test_a_visit_that_is_due_is_told_once_to_the_few(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="mental", danger=3, shared_with=[ground.justice_bureau])
    due = timezone.localdate() + timedelta(days=30)
    assert actions.notify_due_visits(due - timedelta(days=1)) == 0
    assert actions.notify_due_visits(due) == 1
    assert actions.notify_due_visits(due) == 0
    told = OutboxMessage.objects.filter(key__startswith="care:").values_list("payload__user", flat=True)
    assert set(told) == {ground.manager.pk, ground.handler.pk}


def test_care_ends_with_a_reason_and_the_mark_is_gone(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="minor")
    task = actions.give_task(case, part(case, "lead"), actor=ground.dispatcher, what="送回学校", kind="transfer")
    actions.end_care(case, actor=ground.manager, reason="监护已落实")
    assert care_of(ground.manager, case) is None
    assert coordination_actions.complete_task(task, actor=ground.handler, result="已送").done_at


def test_care_is_marked_anew_after_it_ended_and_keeps_its_history(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="mental", danger=3, notes="独居")
    with pytest.raises(InvalidTransition):
        actions.mark_care(case, actor=ground.manager, reason="mental")
    actions.change_care(case, actor=ground.manager, danger=1)
    actions.end_care(case, actor=ground.manager, reason="病情稳定")
    assert actions.notify_due_visits(timezone.localdate() + timedelta(days=400)) == 0
    record = actions.mark_care(case, actor=ground.manager, reason="mental", danger=4, notes="复发")
    assert (record.ended_at, record.next_visit_on) == (None, timezone.localdate() + timedelta(days=14))
    opened = actions.open_care(case, actor=ground.manager, reason="复核")
    assert opened.notes == "独居\n复发"
    assert [row.danger for row in assessments_of(record)] == [4, 1, 3]
    assert [entry.verb for entry in trail_of(case)].count("care_reopened") == 1
    actions.end_care(case, actor=ground.manager, reason="稳定")
    with pytest.raises(PermissionDenied):
        actions.mark_care(case, actor=ground.clerk, reason="mental")
