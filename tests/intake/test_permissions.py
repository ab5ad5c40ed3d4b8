"""Who may do what with a case, written out by hand for the stock people; the county's case, the town's, the field's."""

import pytest
from django.utils import timezone

from grids.actions import post_person
from grids.models import Role
from intake import actions, permissions
from intake.models import Case, Guidance, Handling
from intake.permissions import data_requests, keeping
from tests.intake import ways
from tests.people import STARTS, Ground, an_entry
from tests.who import who
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User, UserKind

pytestmark = pytest.mark.django_db

COUNTY = {"clerk", "dispatcher", "manager"}
TOWN = {"town_clerk", "town_dispatcher", "town_manager"}
KINDS = {"system": UserKind.SERVICE}
WINDOWS = COUNTY | TOWN | {"village_manager", "stranger"}


@pytest.fixture
def ground(ground: Ground) -> Ground:
    """With an outside system posted at the county, and a clerk of a police station, who serves at no window."""
    for name, place, role in (("system", "county_centre", Role.API_CLIENT), ("desk", "juri_police", Role.CLERK)):
        ground.people[name] = create_user(username=name, name=name, kind=KINDS.get(name, UserKind.PERSON))
        post_person(ground.people[name], ground.organisations[place], role, starts_on=STARTS)
    return ground


def whoever(ground: Ground, case: Case, name: str) -> set[str]:
    """Who may do this to a case, the case read again."""
    return who(ground, lambda user: getattr(permissions, name)(user, Case.objects.get(pk=case.pk)))


def test_who_registers_and_at_which_centre(ground: Ground) -> None:
    registrars = WINDOWS | {"grid_worker", "system", "desk", "handler", "other_handler", "town_handler"}
    assert who(ground, permissions.may_register) == registrars
    assert who(ground, lambda u: permissions.may_register_at(u, ground.county_centre)) == COUNTY | {"system"}
    assert who(ground, lambda u: permissions.may_register_at(u, ground.village_centre)) == {
        "village_manager",
        "grid_worker",
    }


def test_who_serves_at_a_window_imports_and_meets(ground: Ground) -> None:
    assert who(ground, permissions.at_window) == WINDOWS
    assert who(ground, permissions.may_import) == WINDOWS
    assert who(ground, lambda u: permissions.may_import_at(u, ground.county_centre)) == COUNTY | {"system"}
    assert who(ground, lambda u: permissions.may_import_at(u, ground.juri_police)) == set()
    sorters = {"dispatcher", "manager", "town_dispatcher", "town_manager", "village_manager", "stranger"}
    assert who(ground, permissions.may_meet) == sorters
    assert who(ground, lambda u: permissions.may_meet_at(u, ground.juri_centre)) == {"town_dispatcher", "town_manager"}
    assert who(ground, lambda u: permissions.may_meet_at(u, ground.juri_justice)) == set()


def test_the_window_of_the_centre_that_answers_serves_the_case_and_its_sorters_decide(ground: Ground) -> None:
    case = ways.registered(ground, complexity="ordinary")
    for name in ("may_withdraw", "may_merge", "may_follow_up", "may_record_road", "may_amend", "may_attach"):
        assert whoever(ground, case, name) == COUNTY, name
    for name in ("may_sort", "may_accept", "may_close"):
        assert whoever(ground, case, name) == {"dispatcher", "manager"}, name
    for name in ("may_decide_return", "may_put_on_open_list"):
        assert whoever(ground, case, name) == {"manager"}, name
    assert whoever(ground, case, "may_settle_at_window") == set()


def test_a_simple_case_may_be_settled_by_the_whole_window_and_closed_where_it_was_settled(ground: Ground) -> None:
    case = ways.registered(ground, complexity="simple")
    assert whoever(ground, case, "may_settle_at_window") == whoever(ground, case, "may_accept") == COUNTY
    assert whoever(ground, case, "may_close") == {"dispatcher", "manager"}
    Case.objects.filter(pk=case.pk).update(is_fast_track=True)
    assert whoever(ground, case, "may_close") == COUNTY
    Case.objects.filter(pk=case.pk).update(complexity="ordinary")
    assert whoever(ground, case, "may_close") == {"dispatcher", "manager"}


def test_who_handles_it_works_on_it_amends_it_and_reads_the_names(ground: Ground) -> None:
    case = ways.handling(ground, complexity="ordinary")
    handling = case.handlings.get()
    assert who(ground, lambda u: permissions.may_work_on(u, handling)) == {"handler"}
    assert who(ground, lambda u: permissions.may_report(u, case, handling)) == {"handler"}
    for name in ("may_amend", "may_attach", "may_see_personal", "may_reveal"):
        assert whoever(ground, case, name) == COUNTY | {"handler"}, name


def test_those_who_work_are_handlers_mediators_dispatchers_and_managers(ground: Ground) -> None:
    works = {
        "justice_bureau": {"handler"},
        "branded_room": {"mediator"},
        "juri_centre": {"town_dispatcher", "town_manager"},
        "village_centre": {"village_manager"},
    }
    for name, people in works.items():
        handling = Handling(organisation=ground.organisations[name])
        assert who(ground, lambda u, h=handling: permissions.may_work_on(u, h)) == people, name  # type: ignore[misc]


def test_the_window_reports_for_its_own_centre_where_the_case_is_simple(ground: Ground) -> None:
    case = actions.take_up_case(ways.accepted(ground, complexity="simple"), actor=ground.dispatcher)
    own = case.handlings.get()
    assert who(ground, lambda u: permissions.may_report(u, case, own)) == COUNTY
    case.complexity = "ordinary"
    assert who(ground, lambda u: permissions.may_report(u, case, own)) == {"dispatcher", "manager"}


def test_rights_in_a_handling_end_with_it(ground: Ground) -> None:
    case = ways.concluded(ground, complexity="ordinary")
    assert whoever(ground, case, "may_amend") == COUNTY
    assert whoever(ground, case, "may_attach") == COUNTY | {"handler"}  # proofs come later
    assert whoever(ground, case, "may_see_personal") == COUNTY | {"handler"}
    Handling.objects.filter(case=case).update(close_reason="released")
    assert whoever(ground, case, "may_attach") == COUNTY
    assert whoever(ground, case, "may_see_personal") == COUNTY | {"handler"}
    Handling.objects.filter(case=case).update(close_reason="returned")
    assert whoever(ground, case, "may_see_personal") == COUNTY


def test_who_registered_it_amends_it_while_it_is_sorted_and_always_reads_it(ground: Ground) -> None:
    case = actions.register_case(an_entry(complexity="ordinary"), actor=ground.grid_worker)
    village = {"village_manager", "grid_worker"}
    assert whoever(ground, case, "may_amend") == whoever(ground, case, "may_see_personal") == village
    assert whoever(ground, case, "may_issue_receipt") == village
    actions.accept_case(case, actor=ground.village_manager)
    assert whoever(ground, case, "may_amend") == village
    actions.take_up_case(case, actor=ground.village_manager)
    assert whoever(ground, case, "may_amend") == {"village_manager"}
    assert whoever(ground, case, "may_see_personal") == village
    posting = ground.grid_worker.postings.get()
    posting.ends_on = timezone.localdate()
    posting.save()
    assert whoever(ground, case, "may_see_personal") == {"village_manager"}


def test_a_draft_is_its_author_s(ground: Ground) -> None:
    draft = actions.save_draft(an_entry(), actor=ground.grid_worker)
    assert whoever(ground, draft, "may_amend") == {"grid_worker"}
    assert whoever(ground, draft, "may_sort") == set()


def test_who_led_the_case_to_a_road_records_what_came_of_it(ground: Ground) -> None:
    report = actions.Report("unresolved", "分歧过大", "litigation")
    case = actions.report_outcome(ways.handling(ground), report, actor=ground.handler)
    assert whoever(ground, case, "may_record_road") == COUNTY | {"handler"}
    row = case.roads.get()
    rows = [row]
    correct = permissions.may_correct_road
    assert who(ground, lambda u: correct(u, case, rows)) == COUNTY | {"handler"}
    assert who(ground, lambda u: correct(u, case, [])) == COUNTY
    actions.record_road_result(
        case, actor=ground.clerk, road=row.road, ended_on=timezone.localdate(), result="判决支持"
    )
    assert whoever(ground, case, "may_record_road") == COUNTY


def test_what_a_list_has_read_of_the_roads_is_not_read_again(ground: Ground) -> None:
    report = actions.Report("unresolved", "分歧过大", "litigation")
    case = actions.report_outcome(ways.handling(ground), report, actor=ground.handler)
    user = User.objects.get(pk=ground.handler.pk)
    case.open_roads = []  # type: ignore[attr-defined]
    assert not permissions.may_record_road(user, case)


def test_categories_are_kept_by_the_system_administrator(ground: Ground) -> None:
    assert who(ground, keeping.may_keep_categories) == {"system_admin"}


def test_who_stands_back_from_a_case_is_who_declared_it_and_a_party_by_name_and_telephone(ground: Ground) -> None:
    case, other = ways.handling(ground), ways.registered(ground)
    actions.declare_recusal(case, actor=ground.handler, ground="relative", reason="申请人是其岳父")
    party = case.parties.first()
    assert party is not None
    namesake = create_user(username="namesake", name=party.name, phone=party.phone)
    elsewhere = create_user(username="elsewhere", name=party.name, phone="13900000009")
    back = {user.username for user in User.objects.filter(is_active=True) if permissions.stands_back(user, case.pk)}
    assert back == {ground.handler.username, namesake.username}
    assert elsewhere.username not in back
    assert not permissions.stands_back(User.objects.get(pk=ground.handler.pk), other.pk)


def test_a_receipt_is_noted_by_the_window_and_never_for_who_works_in_the_system(ground: Ground) -> None:
    case = actions.guide_case(
        ways.registered(ground), actor=ground.dispatcher, receiver=ground.juri_justice, note="属治安管理"
    )
    guidance = Guidance.objects.get(case=case)
    assert who(ground, lambda u: permissions.may_note_receipt(u, guidance)) == set()
    post = ground.town_handler.postings.get()
    post.ends_on = timezone.localdate()
    post.save()
    assert who(ground, lambda u: permissions.may_note_receipt(u, guidance)) == COUNTY
    guidance.receiver = None
    assert who(ground, lambda u: permissions.may_note_receipt(u, guidance)) == COUNTY


def test_notes_are_written_by_who_works_on_it_who_sorts_it_and_the_leader_in_charge(ground: Ground) -> None:
    case = ways.handling(ground)
    assert whoever(ground, case, "may_write_note") == {"dispatcher", "manager", "handler"}
    actions.name_leader_in_charge(case, actor=ground.manager, leader=ground.leader, reason="重点案件")
    assert whoever(ground, case, "may_write_note") == {"dispatcher", "manager", "handler", "leader"}
    Handling.objects.filter(case=case).update(closed_at=timezone.now(), close_reason="released")
    assert whoever(ground, case, "may_write_note") == {"dispatcher", "manager", "leader"}


def test_requests_about_one_s_own_data_are_received_at_the_window_of_that_centre(ground: Ground) -> None:
    assert who(ground, data_requests.may_receive_data_requests) == WINDOWS
    assert who(ground, lambda u: data_requests.may_receive_data_requests(u, ground.county_centre)) == COUNTY
    assert who(ground, lambda u: data_requests.may_receive_data_requests(u, ground.juri_centre)) == TOWN
