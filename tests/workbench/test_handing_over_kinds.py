"""Each kind of work that hangs on a person is handed over, or keeps the person until somebody can do it."""

import pytest
from django.utils import timezone

from grids.actions import plan_visits, post_person, report_hazard
from grids.actions.leaving import held_work, leave, left_unattended
from grids.entries import HazardEntry
from grids.models import Handover, Organisation, Role
from intake import actions, queries
from intake.coordination import actions as coordination
from intake.models import LeaderInCharge
from mediation.models import Mediation
from referrals import actions as letters
from referrals.models import Document
from tests.grids.field import GRID, a_worker
from tests.intake import ways
from tests.mediation import ways as mediations
from tests.people import STARTS, Ground
from tests.referrals import ways as papers
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db


def a_colleague(organisation: Organisation, role: Role) -> User:
    user = create_user(username=f"next{User.objects.count()}", name="接手人")
    post_person(user, organisation, role, starts_on=STARTS)
    return user


def hand_over(ground: Ground, person: User, kind: str, successor: User) -> None:
    """Only this kind hangs on the person, and all of it goes to the successor."""
    assert [held.kind.name for held in held_work(person)] == [kind]
    leave(person, {kind: successor}, actor=ground.system_admin, reason="调离")
    assert held_work(person) == []


def verbs(successor: User) -> set[str]:
    return set(TrailEntry.objects.filter(facts__to=successor.pk).values_list("verb", flat=True))


def test_what_a_handler_signed_for_goes_over_with_its_joint_tasks(ground: Ground) -> None:
    case = papers.dispatched(ground)
    case = actions.sign_for_case(case, actor=ground.handler)
    handling = case.handlings.get(part="lead", closed_at=None)
    task = letters.give_task(case, handling, actor=ground.dispatcher, what="上门走访")
    assert "联动任务 1 项" in held_work(ground.handler)[0].items[0]
    successor = a_colleague(ground.justice_bureau, Role.HANDLER)
    hand_over(ground, ground.handler, "handlings", successor)
    assert list(queries.open_cases_of(successor)) == [case]
    coordination.complete_task(task, actor=successor, result="已走访")
    assert "case_taken_over" in verbs(successor)


def test_a_handler_of_another_organisation_does_not_take_it(ground: Ground) -> None:
    ways.handling(ground)
    post_person(ground.handler, ground.labour_bureau, Role.HANDLER, starts_on=STARTS)
    with pytest.raises(RuleViolation, match="不是司法局的经办人"):
        leave(ground.handler, {"handlings": ground.other_handler}, actor=ground.system_admin, reason="调离")


def test_the_last_handler_stays_until_somebody_else_may_do_the_work(ground: Ground) -> None:
    ways.dispatched(ground)
    assert left_unattended(ground.handler) == ["司法局在办的 1 件没有其他经办人"]
    with pytest.raises(RuleViolation, match="请先为它安排人员"):
        leave(ground.handler, {}, actor=ground.system_admin, reason="调离")
    a_colleague(ground.justice_bureau, Role.HANDLER)
    leave(ground.handler, {}, actor=ground.system_admin, reason="调离")


def test_papers_not_signed_yet_go_over_whatever_their_state(ground: Ground) -> None:
    document = papers.draft(ground)
    Document.objects.filter(pk=document.pk).update(drafted_by=ground.manager, status="ready")
    successor = a_colleague(ground.county_centre, Role.DISPATCHER)
    leave(ground.manager, {"documents": successor}, actor=ground.system_admin, reason="轮岗", closes=False)
    assert Document.objects.get(pk=document.pk).drafted_by == successor
    assert "document_taken_over" in verbs(successor)


def test_the_only_signatory_stays_while_papers_wait_for_the_signature(ground: Ground) -> None:
    document = papers.draft(ground)
    Document.objects.filter(pk=document.pk).update(status="ready")
    assert left_unattended(ground.manager) == ["旗综治中心待签发的单函 1 件没有其他签发人"]
    a_colleague(ground.county_centre, Role.MANAGER)
    assert left_unattended(ground.manager) == []


def test_a_leader_in_charge_hands_the_case_to_another_leader_only(ground: Ground) -> None:
    case = ways.accepted(ground, risk="red")
    handler = a_colleague(ground.politics_and_law, Role.HANDLER)
    with pytest.raises(RuleViolation, match="不是领导"):
        leave(ground.leader, {"charges": handler}, actor=ground.system_admin, reason="退休")
    successor = a_colleague(ground.politics_and_law, Role.LEADER)
    hand_over(ground, ground.leader, "charges", successor)
    assert LeaderInCharge.objects.get(case=case, until=None).leader == successor


def test_a_grid_goes_over_with_its_hazards_and_visits(ground: Ground) -> None:
    a_worker(ground, username="grid_worker")
    hazard = report_hazard(HazardEntry("墙体开裂", GRID), actor=ground.grid_worker)
    plan_visits(ground.places[GRID], timezone.localdate(), ["岳家"], actor=ground.manager)
    assert "移交排查、走访 2 件" in held_work(ground.grid_worker)[0].items[0]
    successor = a_colleague(ground.village_centre, Role.CLERK)
    hand_over(ground, ground.grid_worker, "services", successor)
    assert [matter["kind"] for matter in Handover.objects.get().open_matters] == ["hazard", "plan"]
    taken = TrailEntry.objects.get(verb="hazard_taken_over")
    assert taken.facts["to"] == successor.pk and hazard.territory.code == GRID
    assert successor.postings.filter(role=Role.GRID_WORKER, ends_on=None).exists()


def test_mediations_go_to_a_mediator_of_the_same_body(ground: Ground) -> None:
    house = mediations.a_house(ground)
    mediation = mediations.running(ground, house)
    successor = a_colleague(ground.committee, Role.MEDIATOR)
    leaver = ground.town_mediator
    with pytest.raises(RuleViolation, match="请先聘任"):
        leave(leaver, {"mediations": successor}, actor=ground.system_admin, reason="退休")
    mediations.appointed(ground, house.body, "接手人", username=successor.username)
    hand_over(ground, leaver, "mediations", successor)
    assert Mediation.objects.get(pk=mediation.pk).mediators.filter(user=successor).exists()
