"""The file: what is missing is told early, archiving waits for it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from intake.actions import archive_case, attach_file, close_case, remove_attachment
from intake.entries import PartyEntry
from intake.lifecycle import State as CaseState
from intake.models import ArchiveCondition, Handling
from mediation import actions
from mediation.actions import Minutes
from mediation.actions.sweeps import recheck_open_files
from mediation.models import Mediation
from mediation.queries.file import file_lines, missing_of, performances_without_proof
from mediation.tasks import recheck_files
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.errors import PermissionDenied, RuleViolation


def missing(mediation: Mediation) -> str:
    return "、".join(missing_of(Mediation.objects.get(pk=mediation.pk)))


def test_what_is_missing_is_known_from_the_first_day(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    assert "调解记录（没有已举行的调解会笔录）" in missing(mediation)
    condition = ArchiveCondition.objects.get(case=mediation.case)
    assert "人民调解尚未结束" in condition.missing
    ways.held(ground, mediation, house)
    assert missing(mediation) == ""


def test_one_that_ended_before_the_parties_met_needs_no_record(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.planned(ground, mediation, house)
    told = {"reason": "apart", "note": "付某拒不到场", "told": ["litigation"]}
    actions.end_without_agreement(mediation, actor=ground.town_mediator, **told)  # type: ignore[arg-type]
    assert missing(mediation) == ""
    lines = {line.rule.form: line.applies for line in file_lines(Mediation.objects.get(pk=mediation.pk))}
    assert not lines["record"] and lines["termination"]


def test_archiving_is_refused_until_the_file_is_complete(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    survey = ways.planned(ground, mediation, house, kind="survey", room=None, place="地头")
    actions.hold_session(
        survey,
        Minutes(record="丈量", result="facts", came={a.pk: True for a in survey.attendees.all()}),
        actor=ground.town_mediator,
    )
    agreement = ways.in_force(ground, mediation)
    case = close_case(mediation.case, actor=ground.town_dispatcher)
    ways.followed_up(ground, case)
    with pytest.raises(RuleViolation, match=r"还不能归档：调解卷宗尚缺：履行凭证（2 项未履行）"):
        archive_case(case, actor=ground.town_dispatcher)
    case.refresh_from_db()
    assert case.status == CaseState.CLOSED
    ways.performed(ground, agreement)
    assert archive_case(case, actor=ground.town_dispatcher).status == CaseState.ARCHIVED


def test_a_complete_file_is_archived(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.in_force(ground, mediation)
    case = close_case(mediation.case, actor=ground.town_dispatcher)
    ways.followed_up(ground, case)
    ways.performed(ground, agreement)
    assert ArchiveCondition.objects.get(case=case).missing == ""
    assert archive_case(case, actor=ground.town_dispatcher).status == CaseState.ARCHIVED


def test_performance_without_proof_keeps_the_file_open(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.in_force(ground, mediation)
    for row in ways.instalments(agreement):
        actions.perform(row, actor=ground.town_mediator, on=timezone.localdate(), note="口头说已还")
    assert missing(mediation) == "履行凭证（2 项没有履行凭证）"


def test_a_proof_that_comes_later_belongs_to_the_performance_named_or_to_all_without_one(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.in_force(ground, mediation)
    for row in ways.instalments(agreement):
        actions.perform(row, actor=ground.town_mediator, on=timezone.localdate(), note="口头说已还")
    first = performances_without_proof(mediation)[0]
    proof = {"actor": ground.town_mediator, "kind": "performance"}
    actions.add_material(mediation, ways.photo(), performance=first, **proof)
    assert missing(mediation) == "履行凭证（1 项没有履行凭证）"
    actions.add_material(mediation, ways.photo(), **proof)
    assert (missing(mediation), list(performances_without_proof(mediation))) == ("", [])
    with pytest.raises(RuleViolation, match="没有缺凭证的履行记录"):
        actions.add_material(mediation, ways.photo(), **proof)


def test_one_proof_that_comes_later_stands_for_all(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.in_force(ground, mediation)
    for row in ways.instalments(agreement):
        actions.perform(row, actor=ground.town_mediator, on=timezone.localdate(), note="口头说已还")
    page = Client()
    page.force_login(ground.town_mediator)
    address = f"/mediation/{mediation.uid}/file/"
    assert "全部还没有凭证的" in page.get(address).content.decode()
    assert page.post(address, {"kind": "performance", "upload": ways.photo()}).status_code == 302
    assert missing(mediation) == ""
    assert "哪一项履行" not in page.get(address).content.decode()


def test_a_proof_taken_off_afterwards_is_noticed_by_the_sweep(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.in_force(ground, mediation)
    case = close_case(mediation.case, actor=ground.town_dispatcher)
    ways.followed_up(ground, case)
    ways.performed(ground, agreement)
    remove_attachment(case, case.attachments.first().file_id, actor=ground.town_dispatcher)  # type: ignore[union-attr]
    recheck_files()
    with pytest.raises(RuleViolation, match="1 项没有履行凭证"):
        archive_case(case, actor=ground.town_dispatcher)


def test_the_sweep_gets_round_to_every_file_however_many_wait(ground: Ground, house: House) -> None:
    cases = []
    for hours in (9, 6, 3):
        with time_machine.travel(timezone.now() - timedelta(hours=hours)):
            mediation = ways.running(ground, house)
            ways.held(ground, mediation, house)
            ways.in_force(ground, mediation)
            cases.append(close_case(mediation.case, actor=ground.town_dispatcher))
    start = timezone.now()
    for looked_at in (1, 2, 3):
        assert recheck_open_files(limit=1) == 1
        assert ArchiveCondition.objects.filter(checked_at__gt=start).count() == looked_at
    assert {row.case for row in ArchiveCondition.objects.all()} == set(cases)


def test_identity_is_shown_by_number_or_by_paper(ground: Ground, house: House) -> None:
    bare = (PartyEntry(name="岳某某"), PartyEntry(side="respondent", name="付某"), ways.LAND[2])
    case = ways.accepted(ground, parties=bare)
    mediation = ways.running(ground, house, case)
    assert "2 位当事人没有证件号码或证件照片" in missing(mediation)
    for party in case.parties.filter(paper_hash=None):
        actions.add_material(mediation, ways.photo(), actor=ground.town_mediator, kind="identity", party=party)
    assert "身份证明" not in missing(mediation)


def test_an_agent_needs_a_power_of_attorney(ground: Ground, house: House) -> None:
    parties = (*ways.LAND, PartyEntry(name="岳小某", role="agent", represents=0))
    mediation = ways.running(ground, house, ways.accepted(ground, parties=parties))
    assert "授权委托书" in missing(mediation)
    actions.add_material(mediation, ways.photo(), actor=ground.town_mediator, kind="authorisation")
    assert "授权委托书" not in missing(mediation)


def test_a_mediation_that_was_refused_at_once_needs_no_record(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    actions.end_without_agreement(
        mediation, actor=ground.town_mediator, reason="refused", note="付某拒绝", told=["litigation"], road="litigation"
    )
    case = close_case(mediation.case, actor=ground.town_dispatcher)
    ways.followed_up(ground, case)
    lines = {line.rule.form: line for line in file_lines(Mediation.objects.get(pk=mediation.pk))}
    assert (lines["termination"].applies, lines["termination"].lacking) == (True, "")
    assert not lines["record"].applies
    assert archive_case(case, actor=ground.town_dispatcher).status == CaseState.ARCHIVED


def test_who_mediated_proves_what_was_performed_although_the_case_went_to_another_level(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    ways.in_force(ground, mediation)
    Handling.objects.filter(case=mediation.case).update(closed_at=timezone.now(), close_reason="moved")
    page = Client()
    page.force_login(ground.town_mediator)
    address = f"/mediation/{mediation.uid}/file/"
    assert page.post(address, {"kind": "identity", "upload": ways.photo()}).status_code == 302
    with pytest.raises(PermissionDenied):
        attach_file(mediation.case, ways.photo(), actor=ground.town_mediator)
