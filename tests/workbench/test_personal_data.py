"""What a person asks about their own data: the sheet, blocking, erasing (个人信息保护法 art. 44-50)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from intake import actions, queries
from intake.entries import PartyEntry
from intake.models import Case, DataRequest, DataRequestState, Party, Restriction
from intake.queries.personal_data import data_request_visible_to
from intake.search.queries import cases_named
from tests.office.sheets import words_of_pdf
from tests.people import Ground, an_entry
from workbench.personal_data.queries import sheet_of
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation

NUMBER = "152327196503152419"


def a_case(ground: Ground, **changes: Any) -> Case:
    return Case.objects.get(pk=actions.register_case(an_entry(**changes), actor=ground.clerk).pk)


def asked(ground: Ground, kind: str = "access", **changes: Any) -> DataRequest:
    values: dict[str, Any] = {
        "kind": kind, "reason": "本人查询", "paper_number": NUMBER, "identity_checked": True,
        "centre": ground.county_centre, "actor": ground.clerk,
    }  # fmt: skip
    return actions.receive_data_request(**(values | changes))


def restricted(ground: Ground, **changes: Any) -> Restriction:
    return actions.restrict_data(asked(ground, "restrict"), opinion="本人要求", actor=ground.manager, **changes)


def verbs(subject: str) -> list[str]:
    return list(TrailEntry.objects.filter(chain=subject).order_by("seq").values_list("verb", flat=True))


def test_the_sheet_says_what_a_case_keeps_of_the_person_and_nothing_of_others(ground: Ground) -> None:
    case = a_case(ground)
    request = asked(ground)
    (line,) = sheet_of(request, ground.clerk).cases
    assert line.case == case
    assert dict(line.what) == {
        "姓名": "岳某某", "居民身份证": NUMBER, "联系电话": "13847500001", "住址": "未登记",
        "性别": "男", "出生日期": "1965-03-15",
    }  # fmt: skip
    assert request.state == DataRequestState.DONE


def test_a_person_is_found_by_name_and_phone_together(ground: Ground) -> None:
    a_case(ground)
    assert len(asked(ground, paper_number="", name="岳某某", phone="13847500001").party_ids) == 1
    assert asked(ground, paper_number="", name="岳某", phone="13847500001").party_ids == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"identity_checked": False}, "identity_checked"),
        ({"paper_number": "", "name": "岳某某"}, "paper_number"),
    ],
)
def test_without_reason_paper_or_person_nothing_is_received(
    ground: Ground, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        asked(ground, **changes)
    assert field in refused.value.errors
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("who", ["handler", "leader", "mediator", "grid_worker", "system_admin", "auditor", "stranger"])
def test_only_the_window_of_the_centre_receives(ground: Ground, who: str) -> None:
    with pytest.raises(PermissionDenied):
        asked(ground, actor=ground.people[who])


def test_a_clerk_is_not_told_of_cases_out_of_sight_the_manager_is(ground: Ground) -> None:
    a_case(ground, territory="150526100001")
    request = asked(ground, centre=ground.juri_centre, actor=ground.town_clerk)
    of_clerk, of_manager = sheet_of(request, ground.town_clerk), sheet_of(request, ground.town_manager)
    assert (of_clerk.cases, of_clerk.elsewhere) == ([], None)
    assert (of_manager.cases, of_manager.elsewhere) == ([], 1)


def test_a_sheet_is_open_for_its_window_and_manager_for_a_month(ground: Ground) -> None:
    request = asked(ground)
    assert data_request_visible_to(ground.manager, request.uid) == request
    with pytest.raises(NotFound):
        data_request_visible_to(ground.dispatcher, request.uid)
    DataRequest.objects.update(received_at=timezone.now() - timedelta(days=31))
    with pytest.raises(NotFound):
        data_request_visible_to(ground.clerk, request.uid)


def test_each_look_at_a_sheet_is_recorded_with_how(ground: Ground, client: Client) -> None:
    a_case(ground)
    request = asked(ground)
    client.force_login(ground.clerk)
    page = client.get(f"/personal/{request.uid}/")
    assert NUMBER in page.content.decode()
    assert "data-watermark" in page.content.decode()
    assert NUMBER in words_of_pdf(client.get(f"/personal/{request.uid}/print/").content)
    assert client.get(f"/personal/{request.uid}/docx/").status_code == 200
    rows = TrailEntry.objects.filter(chain=f"datarequest:{request.pk}", verb="data_sheet_made").order_by("seq")
    assert [row.facts["how"] for row in rows] == ["page", "print", "docx"]


def test_the_trail_of_a_request_holds_no_number_and_no_name(ground: Ground) -> None:
    a_case(ground)
    request = asked(ground, name="岳某某", phone="13847500001")
    facts = str(list(TrailEntry.objects.filter(chain=f"datarequest:{request.pk}").values_list("facts", flat=True)))
    assert not [text for text in (NUMBER, "岳某某", "13847500001") if text in facts]


def test_who_is_restricted_is_found_by_no_name_number_or_initials_and_suggested_to_nobody(ground: Ground) -> None:
    case = a_case(ground)
    words = ("岳某某", NUMBER, "13847500001", "ymm")
    before = [found_by(ground, word) for word in words]
    restricted(ground)
    assert before == [[case]] * 4
    assert [found_by(ground, word) for word in words] == [[]] * 4
    assert not queries.earlier_cases(ground.clerk, paper_number=NUMBER).exists()
    assert found_by(ground, str(case.code)) == [case]
    assert found_by(ground, "付某") == [case]


def found_by(ground: Ground, word: str) -> list[Case]:
    return list(cases_named(queries.cases_for_list(ground.clerk), word, ground.clerk))


def test_lists_and_exports_hold_no_name_of_who_is_restricted(ground: Ground, client: Client) -> None:
    a_case(ground)
    restricted(ground)
    client.force_login(ground.clerk)
    answer = client.get("/cases/export/?format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "岳某某" not in text
    assert "（限制处理）" in text


def test_a_later_row_with_the_same_number_is_restricted_too(ground: Ground) -> None:
    a_case(ground)
    restricted(ground)
    a_case(ground, title="又来一次")
    assert found_by(ground, NUMBER) == []


def test_a_restriction_ends_after_its_last_day_or_when_it_is_lifted(ground: Ground) -> None:
    case = a_case(ground)
    row = restricted(ground, until=timezone.localdate())
    assert found_by(ground, NUMBER) == []
    Restriction.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert found_by(ground, NUMBER) == [case]
    Restriction.objects.update(until=None)
    actions.lift_restriction(row, reason="本人撤回", actor=ground.manager)
    assert found_by(ground, NUMBER) == [case]
    with pytest.raises(InvalidTransition):
        actions.lift_restriction(row, reason="再来", actor=ground.manager)


def test_only_the_manager_decides_and_only_once(ground: Ground) -> None:
    a_case(ground)
    request = asked(ground, "restrict")
    for who in (ground.clerk, ground.dispatcher, ground.town_manager):
        with pytest.raises(PermissionDenied):
            actions.restrict_data(request, opinion="本人要求", actor=who)
    actions.refuse_data_request(request, opinion="冒用他人身份", actor=ground.manager)
    with pytest.raises(InvalidTransition):
        actions.restrict_data(request, opinion="本人要求", actor=ground.manager)
    assert verbs(f"datarequest:{request.pk}") == ["data_requested", "data_request_refused"]


def test_nobody_of_whom_nothing_is_kept_is_restricted(ground: Ground) -> None:
    request = asked(ground, "restrict")
    with pytest.raises(RuleViolation):
        actions.restrict_data(request, opinion="本人要求", actor=ground.manager)
    request.refresh_from_db()
    assert request.state == DataRequestState.OPEN


def test_a_day_that_is_over_restricts_nothing(ground: Ground) -> None:
    a_case(ground)
    with pytest.raises(RuleViolation):
        restricted(ground, until=timezone.localdate() - timedelta(days=1))


def test_what_was_withdrawn_is_erased_and_the_case_tells_that_it_was(ground: Ground) -> None:
    case = a_case(ground)
    actions.withdraw_case(case, actor=ground.clerk, reason="不再反映")
    result = actions.erase_data(
        asked(ground, "erase"), ground="consent_withdrawn", opinion="同意删除", actor=ground.manager
    )
    party = Party.objects.get(case=case, side="applicant")
    assert (result.erased, result.restricted) == (1, 0)
    assert (party.name, party.name_withheld, party.initials, party.birth_date) == ("", True, "", None)
    assert (party.paper_sealed, party.paper_hash, party.phone_hash) == (None, None, None)
    assert Party.objects.get(case=case, side="respondent").name == "付某"
    assert verbs(f"case:{case.pk}")[-1] == "personal_data_anonymised"


def test_what_is_in_hand_is_not_erased_but_only_stored_from_then_on(ground: Ground) -> None:
    case = a_case(ground)
    result = actions.erase_data(asked(ground, "erase"), ground="unlawful", opinion="违法收集", actor=ground.manager)
    assert (result.erased, result.restricted) == (0, 1)
    assert Party.objects.get(case=case, side="applicant").name == "岳某某"
    assert found_by(ground, NUMBER) == []


def test_what_is_out_of_the_managers_sight_is_left_to_its_own_centre(ground: Ground) -> None:
    case = a_case(ground, territory="150526100001")
    actions.withdraw_case(case, actor=ground.clerk, reason="不再反映")
    request = asked(ground, "erase", centre=ground.juri_centre, actor=ground.town_clerk)
    result = actions.erase_data(request, ground="purpose_done", opinion="同意", actor=ground.town_manager)
    assert (result.erased, result.restricted, result.out_of_sight) == (0, 1, 1)
    assert Party.objects.get(case=case, side="applicant").name == "岳某某"


def test_erasing_needs_a_ground_of_the_law(ground: Ground) -> None:
    a_case(ground)
    with pytest.raises(BadInput):
        actions.erase_data(asked(ground, "erase"), ground="whim", opinion="同意", actor=ground.manager)


def test_the_page_receives_and_decides(ground: Ground, client: Client) -> None:
    a_case(ground, parties=(PartyEntry(name="岳某某", paper_number=NUMBER),))
    client.force_login(ground.manager)
    sent = {"paper_number": NUMBER, "kind": "restrict", "reason": "不愿再被联系", "identity_checked": "on"}
    answer = client.post("/personal/", sent | {"centre": ground.county_centre.pk})
    request = DataRequest.objects.get()
    assert answer["Location"] == f"/personal/{request.uid}/"
    assert client.post("/personal/", sent | {"reason": "", "centre": ground.county_centre.pk}).status_code == 422
    assert client.post(f"/personal/{request.uid}/decide/restrict/", {"opinion": ""}).status_code == 422
    client.post(f"/personal/{request.uid}/decide/restrict/", {"opinion": "同意"})
    row = Restriction.objects.get()
    assert "解除限制" in client.get(f"/personal/{request.uid}/").content.decode()
    client.post(f"/personal/{request.uid}/restrictions/{row.pk}/lift/", {"reason": "本人撤回"})
    row.refresh_from_db()
    assert row.lift_reason == "本人撤回"
