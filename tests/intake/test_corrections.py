"""What is corrected keeps its trace: who changed what from what to what, when and why."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from intake import actions, queries
from intake.actions.anonymising import anonymise_parties
from intake.entries import PartyEntry
from intake.lifecycle import State
from intake.models import Case, CorrectedValue, Correction
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
WHY = "当事人出示身份证，号码录错"
LOOK = {"purpose": "identity", "reason": "核对更正前的号码"}


def parties(case: Case, **first: Any) -> tuple[PartyEntry, ...]:
    one, other = case.parties.order_by("ordinal")
    values: dict[str, Any] = {"name": one.name, "paper_number": one.paper_number, "phone": one.phone}
    values |= {"keep": frozenset({"address"})} | first
    return (
        PartyEntry(uid=str(one.uid), **values),
        PartyEntry(uid=str(other.uid), side="respondent", name=other.name, phone=other.phone),
    )


def amend(case: Case, actor: Any, *, reason: str = WHY, first: dict[str, Any] | None = None, **entry: Any) -> Case:
    typed = an_entry(parties=parties(case, **(first or {})), **entry)
    return actions.amend_case(case, typed, actor=actor, reason=reason)


def test_a_wrong_person_and_number_leave_a_sealed_trace_that_is_opened_with_a_purpose(ground: Ground) -> None:
    case = ways.handling(ground)
    case = amend(case, ground.clerk, first={"name": "岳某甲", "paper_number": "152327196503152427"})
    correction = case.corrections.get()
    assert (correction.made_by, correction.reason) == (ground.clerk, WHY)
    rows = {row.field: row for row in correction.values.all()}
    assert set(rows) == {"name", "paper_number"} and all(row.is_personal for row in rows.values())
    assert not any(b"\xe5\xb2\xb3" in bytes(row.old_sealed or b"") or row.old for row in rows.values())
    step = queries.story_for(ground.handler, case)[-1]
    assert (step.label, step.reason, step.correction) == ("更正登记内容", WHY, str(correction.uid))
    assert "岳" not in str(step.changes)
    opened = actions.reveal_correction(case, correction.uid, actor=ground.handler, **LOOK)
    assert ("申请人1", "姓名或名称", "岳某某", "岳某甲") in [(o.subject, o.field, o.old, o.new) for o in opened]
    last = trail_of(case).last()
    assert last is not None and last.verb == "personal_data_revealed"
    assert (last.facts["correction"], last.facts["purpose"]) == (correction.pk, "identity")


def test_the_trail_of_an_amendment_names_fields_and_no_value_of_a_person(ground: Ground) -> None:
    case = amend(ways.registered(ground), ground.clerk, first={"phone": "13847500009"}, request="归还四垄")
    entry = trail_of(case).last()
    assert entry is not None and entry.verb == "case_amended"
    assert (entry.facts["fields"], entry.facts["party_fields"]) == (["request"], ["phone"])
    assert "13847500009" not in str(entry.facts)


def test_what_is_changed_needs_a_reason_what_is_filled_in_does_not(ground: Ground) -> None:
    case = ways.registered(ground)
    with pytest.raises(BadInput) as refused:
        amend(case, ground.clerk, reason=" ", request="归还四垄")
    assert "reason" in refused.value.errors and not Correction.objects.exists()
    case = amend(Case.objects.get(pk=case.pk), ground.clerk, reason="", amount=1200)
    assert queries.timeline_of(case)[-1].label == "补充登记内容"
    case = amend(Case.objects.get(pk=case.pk), ground.clerk, reason="", amount=1200)
    assert Correction.objects.count() == 1


def test_a_wrong_name_number_and_place_are_mended_after_archiving_without_a_new_case(ground: Ground) -> None:
    case = ways.in_state(ground, State.ARCHIVED)
    place = "150526103201"
    case = amend(case, ground.clerk, first={"name": "岳某甲", "phone": "13847500008"}, territory=place)
    assert (case.status, case.territory.code if case.territory else "") == (State.ARCHIVED, place)
    assert case.parties.get(ordinal=1).phone == "13847500008"
    step = queries.story_for(ground.clerk, case)[-1]
    assert ("发生地", "巨日合镇五家子村", "巨日合镇五道河子村") in [(c.label, c.old, c.new) for c in step.changes]
    with pytest.raises(BadInput):
        amend(case, ground.clerk, reason="", amount=3)


def test_after_the_end_the_window_corrects_who_handled_it_does_not(ground: Ground) -> None:
    case = ways.closed(ground)
    with pytest.raises(PermissionDenied):
        amend(case, ground.handler, request="别的")
    assert amend(case, ground.clerk, request="归还四垄").request == "归还四垄"


def test_a_merged_case_is_corrected_in_the_one_it_went_into(ground: Ground) -> None:
    case = ways.in_state(ground, State.MERGED)
    with pytest.raises(InvalidTransition, match="并入"):
        actions.amend_case(case, an_entry(), actor=ground.clerk, reason=WHY)


def test_a_party_that_is_taken_off_stays_in_the_trace(ground: Ground) -> None:
    case = ways.registered(ground)
    kept = parties(case)[:1]
    case = actions.amend_case(case, an_entry(parties=kept), actor=ground.clerk, reason="误录，不是当事人")
    opened = actions.reveal_correction(case, case.corrections.get().uid, actor=ground.clerk, **LOOK)
    assert ("被申请人2", "付某", "") in [(o.subject, o.old, o.new) for o in opened]


def test_who_reads_only_the_territory_opens_no_correction_and_reads_no_former_name(ground: Ground) -> None:
    case = amend(ways.handling(ground), ground.clerk, first={"name": "岳某甲"}, narrative="岳某甲家少了三垄。")
    correction = case.corrections.get()
    assert queries.story_for(ground.village_manager, case)[-1].correction == ""
    assert "岳某甲" not in str(queries.story_for(ground.village_manager, case)[-1].changes)
    with pytest.raises(PermissionDenied):
        actions.reveal_correction(case, correction.uid, actor=ground.village_manager, **LOOK)
    with pytest.raises(RuleViolation):
        actions.reveal_correction(case, correction.uid, actor=ground.clerk, purpose="", reason="核对号码")
    other = amend(ways.registered(ground), ground.clerk, request="归还四垄").corrections.get()
    with pytest.raises(NotFound):
        actions.reveal_correction(case, other.uid, actor=ground.clerk, **LOOK)


def test_a_correction_is_never_changed_and_goes_with_the_data_of_the_person(ground: Ground) -> None:
    case = amend(ways.registered(ground), ground.clerk, first={"name": "岳某甲"})
    with pytest.raises(DatabaseError), transaction.atomic():
        case.corrections.update(reason="别的")
    anonymise_parties(case, case.parties.all(), actor=None, why="period_over")
    row = CorrectedValue.objects.get()
    assert (row.old_value, row.new_value) == ("", "")
    assert queries.timeline_of(case)[-1].correction == ""


def test_the_pages_show_the_reason_the_change_and_the_look(ground: Ground) -> None:
    case = ways.closed(ground)
    client = Client()
    client.force_login(ground.clerk)
    page = client.get(f"/cases/{case.code}/edit/").content.decode()
    assert 'name="reason"' in page
    case = amend(case, ground.clerk, first={"name": "岳某甲"}, request="归还四垄")
    uid = case.corrections.get().uid
    shown = client.get(f"/cases/{case.code}/").content.decode()
    assert f"/cases/{case.code}/corrections/{uid}/reveal/" in shown and "归还四垄" in shown
    address = f"/cases/{case.code}/corrections/{uid}/reveal/"
    assert client.post(address, {"purpose": "identity", "reason": ""}).status_code == 422
    assert "<del>岳某某</del> → 岳某甲" in client.post(address, LOOK).content.decode()
