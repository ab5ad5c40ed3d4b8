"""The system administrator makes, changes and ends organisations; nothing is left without an owner."""

import pytest

from grids.actions.organisations import OrganisationFacts, change_organisation, found_town_centres
from grids.models import Organisation, OrganisationKind
from grids.queries.kept_organisations import organisations_without_people
from intake.actions.organisations import end_organisation
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation

TAKEN = OrganisationFacts("人社局", "", OrganisationKind.DEPARTMENT)
pytestmark = pytest.mark.django_db


def test_every_town_without_a_centre_gets_one_in_one_act(ground: Ground) -> None:
    with pytest.raises(InvalidTransition):
        found_town_centres(ground.places["150526"], actor=ground.system_admin)
    Organisation.objects.filter(pk=ground.lubei_centre.pk).update(ends_on=ground.lubei_centre.starts_on)
    made = found_town_centres(ground.places["150526"], actor=ground.system_admin)
    assert [(row.name, row.territory.code) for row in made] == [("鲁北镇社会治安综合治理中心", "150526100")]
    assert organisations_without_people(ground.system_admin).filter(pk=made[0].pk).exists()


def test_a_business_post_neither_changes_nor_ends_organisations(ground: Ground) -> None:
    facts = OrganisationFacts("司法局", "司法局", OrganisationKind.DEPARTMENT)
    with pytest.raises(PermissionDenied):
        change_organisation(ground.justice_bureau.pk, facts, actor=ground.manager)
    with pytest.raises(PermissionDenied):
        end_organisation(ground.branded_room.pk, actor=ground.manager, reason="撤并")


def test_a_change_is_in_the_trail_with_what_stood_before(ground: Ground) -> None:
    facts = OrganisationFacts("旗司法局", "司法局", OrganisationKind.DEPARTMENT, phone="0475-7223456")
    row = change_organisation(ground.justice_bureau.pk, facts, actor=ground.system_admin)
    assert (row.name, row.phone) == ("旗司法局", "0475-7223456")
    entry = trail_of(row).last()
    assert entry is not None
    assert (entry.verb, entry.facts["before"]["name"]) == ("organisation_changed", "司法局")
    with pytest.raises(RuleViolation):
        change_organisation(row.pk, TAKEN, actor=ground.system_admin)


def test_an_organisation_with_people_does_not_end(ground: Ground) -> None:
    with pytest.raises(RuleViolation, match="任职"):
        end_organisation(ground.justice_bureau.pk, actor=ground.system_admin, reason="机构改革")


def test_an_organisation_with_open_cases_ends_only_with_a_successor(ground: Ground) -> None:
    ways.dispatched(ground)
    ground.handler.postings.update(ends_on=ground.justice_bureau.starts_on.replace(year=2026))
    with pytest.raises(RuleViolation, match="未办结"):
        end_organisation(ground.justice_bureau.pk, actor=ground.system_admin, reason="机构改革")
    assert Organisation.objects.get(pk=ground.justice_bureau.pk).ends_on is None
    ended = end_organisation(
        ground.justice_bureau.pk, actor=ground.system_admin, reason="机构改革", successor=ground.labour_bureau
    )
    assert ended.successor == ground.labour_bureau


def test_the_page_registers_one_and_marks_where_nobody_can_sign_in(ground: Ground) -> None:
    browser = signed_in(ground.system_admin)
    given = {"territory": "150526", "name": "旗信访局", "kind": "department", "presence": "resident"}
    assert browser.post("/system/organisations/new/", given).status_code == 302
    page = browser.get("/system/organisations/?show=empty").content.decode()
    assert "旗信访局" in page
    assert "没有人能登录" in page
    assert browser.post("/system/organisations/new/", given).status_code == 422
