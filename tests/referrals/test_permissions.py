"""Who may do what with a document, written out by hand for the stock people: the county's letters to the bureau."""

import pytest

from grids.actions import post_person
from grids.models import Role
from intake.models import Case
from referrals import actions, permissions
from referrals.models import CareRecord, Document, Purpose
from tests.people import STARTS, Ground
from tests.referrals import ways
from tests.who import who
from zhongzhi.accounts.actions import create_user, register_client
from zhongzhi.accounts.models import Scope

pytestmark = pytest.mark.django_db

COUNTY = {"clerk", "dispatcher", "manager"}
SORTERS = {"dispatcher", "manager"}


def post(ground: Ground, name: str, place: str, role: Role) -> None:
    ground.people[name] = create_user(username=name, name=name)
    post_person(ground.people[name], ground.organisations[place], role, starts_on=STARTS)


@pytest.mark.parametrize(
    ("purpose", "signers"),
    [
        (Purpose.DISPATCH, SORTERS),
        (Purpose.INFORM, COUNTY),
        (Purpose.SUPERVISE, {"manager"}),
        (Purpose.REMIND, {"manager"}),
        (Purpose.RECOMMEND, {"leader"}),
    ],
)
def test_a_kind_is_signed_by_those_whom_it_names_at_who_issues_it(
    purpose: Purpose, signers: set[str], ground: Ground
) -> None:
    kind = ways.kind(purpose)
    issuer = ground.politics_and_law if purpose == Purpose.RECOMMEND else ground.county_centre
    assert who(ground, lambda u: permissions.may_sign_kind(u, kind, issuer.pk)) == signers
    document = Document(kind=kind, issuer=issuer)
    assert who(ground, lambda u: permissions.may_sign(u, document)) == signers


def test_what_the_handler_signs_is_signed_by_those_who_work_there(ground: Ground) -> None:
    kind = ways.kind(Purpose.DISPATCH)
    kind.signatory = "handler"
    assert who(ground, lambda u: permissions.may_sign_kind(u, kind, ground.justice_bureau.pk)) == {"handler"}
    assert who(ground, lambda u: permissions.may_sign_kind(u, kind, ground.branded_room.pk)) == {"mediator"}


def test_the_sorters_of_the_centre_draft(ground: Ground) -> None:
    case = ways.dispatched(ground)
    assert who(ground, lambda u: permissions.may_draft_for(u, case, case.centre)) == SORTERS


def test_a_draft_is_changed_by_its_author_and_who_issues_and_reviewed_by_another_than_its_author(
    ground: Ground,
) -> None:
    post(ground, "head", "county_centre", Role.LEADER)
    document = ways.draft(ground)
    document.drafted_by = ground.handler
    issues = SORTERS | {"head"}
    assert who(ground, lambda u: permissions.may_edit(u, document)) == issues | {"handler"}
    assert who(ground, lambda u: permissions.may_review(u, document)) == issues
    document.drafted_by = ground.dispatcher
    assert who(ground, lambda u: permissions.may_edit(u, document)) == issues
    assert who(ground, lambda u: permissions.may_review(u, document)) == issues - {"dispatcher"}


def test_the_side_that_issued_it_decides_and_so_does_who_may_sign_it(ground: Ground) -> None:
    document = ways.draft(ground)
    assert who(ground, lambda u: permissions.may_decide(u, document)) == SORTERS
    receipt = Document(kind=ways.kind(Purpose.INFORM), issuer=ground.county_centre)
    assert who(ground, lambda u: permissions.may_decide(u, receipt)) == COUNTY


def test_who_works_at_or_leads_the_addressee_answers_and_for_a_party_nobody(ground: Ground) -> None:
    for name, role in (("head", Role.LEADER), ("desk", Role.CLERK), ("deputy", Role.MANAGER)):
        post(ground, name, "justice_bureau", role)
    document = ways.draft(ground)
    assert who(ground, lambda u: permissions.may_answer(u, document)) == {"handler", "head", "deputy"}
    document.addressee = None
    assert who(ground, lambda u: permissions.may_answer(u, document)) == set()


def test_the_window_of_who_issued_it_notes_that_a_party_was_served(ground: Ground) -> None:
    document = ways.draft(ground)
    assert who(ground, lambda u: permissions.may_note_service(u, document)) == COUNTY


def test_kinds_are_the_administrator_s_and_the_county_manager_s(ground: Ground) -> None:
    assert who(ground, permissions.may_change_kinds) == {"system_admin", "manager"}


def test_papers_concern_those_who_issue_receive_or_sign_them(ground: Ground) -> None:
    outside = {"grid_worker", "system_admin", "security_admin", "auditor"}
    assert who(ground, permissions.has_papers) == set(ground.people) - outside


def test_special_care_is_marked_by_the_manager_and_who_handles_the_case_now(ground: Ground) -> None:
    case = Case.objects.get(pk=ways.dispatched(ground).pk)
    assert who(ground, lambda u: permissions.may_mark_care(u, case)) == {"manager", "handler"}
    case.handlings.update(closed_at=case.created_at, close_reason="released")
    case = Case.objects.get(pk=case.pk)
    assert who(ground, lambda u: permissions.may_mark_care(u, case)) == {"manager"}


def test_special_care_is_seen_by_the_manager_and_those_it_is_shared_with(ground: Ground) -> None:
    case = ways.dispatched(ground)
    shared = [ground.juri_police, ground.labour_bureau]
    post(ground, "officer", "juri_police", Role.HANDLER)
    post(ground, "desk", "juri_police", Role.CLERK)
    actions.mark_care(case, actor=ground.manager, reason="mental", shared_with=shared)
    record = CareRecord.objects.get(case=case)
    assert who(ground, lambda u: permissions.may_see_care(u, record)) == {"manager", "officer", "other_handler"}


def test_special_care_is_seen_by_who_made_the_record_as_long_as_the_case_is_theirs(ground: Ground) -> None:
    case = ways.dispatched(ground)
    actions.mark_care(case, actor=ground.handler, reason="mental", shared_with=[ground.labour_bureau])
    record = CareRecord.objects.select_related("case").get(case=case)
    assert who(ground, lambda u: permissions.may_see_care(u, record)) == {"manager", "handler", "other_handler"}
    case.handlings.update(closed_at=case.created_at, close_reason="released")
    record = CareRecord.objects.select_related("case").get(case=case)
    assert who(ground, lambda u: permissions.may_see_care(u, record)) == {"manager", "other_handler"}


def test_a_letter_is_one_s_own_for_who_signed_it_and_a_slip_is_nobody_s(ground: Ground) -> None:
    letter = ways.signed(ground)
    assert who(ground, lambda u: permissions.is_own_letter(u, letter)) == {"manager"}
    slip = ways.dispatched(ground).documents.get(kind__purpose=Purpose.DISPATCH)
    assert slip.signed_by == ground.dispatcher
    assert who(ground, lambda u: permissions.is_own_letter(u, slip)) == set()


def test_an_outside_system_reads_no_document_whole_not_even_one_to_its_own_organisation(ground: Ground) -> None:
    client = register_client("派出所平台", [Scope.CASES_READ])
    post_person(client.user, ground.justice_bureau, Role.API_CLIENT, starts_on=STARTS)
    letter = ways.signed(ground)
    assert permissions.may_read_whole(ground.handler, letter)
    assert not permissions.may_read_whole(client.user, letter)
