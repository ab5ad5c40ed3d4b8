"""Names live: variants are one, old names are found, merged places by the names of both."""

import pytest
from django.test import Client
from django.urls import reverse

from grids.actions import merge_villages
from grids.actions.organisations import OrganisationFacts, change_organisation, end_organisation, register_organisation
from grids.filters import OrganisationFilter, TerritoryFilter
from grids.models import NEVER_HANDLE, Organisation, OrganisationKind, Posting
from grids.queries import (
    current_code_of,
    known_organisation,
    old_names,
    old_names_of_places,
    open_territories,
    organisations,
    organisations_called,
    organisations_with_people,
    search_places,
)
from grids.queries.kept_organisations import organisations_kept_by, organisations_named
from intake import queries as cases
from intake.actions import dispatch_case
from intake.fields import organisation_label
from tests.grids.field import OTHER_VILLAGE, VILLAGE
from tests.intake import ways
from tests.people import Ground
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
K = OrganisationKind


def renamed(ground: Ground, name: str = "旗司法行政局") -> Organisation:
    facts = OrganisationFacts(name, "", K.DEPARTMENT)
    return change_organisation(ground.justice_bureau.pk, facts, actor=ground.system_admin)


@pytest.mark.parametrize("variant", ["旗信访局（试点）", "旗信访局(试点)", "旗 信访局〔试点〕", "旗信访局［试点］　"])
def test_variants_of_a_name_are_one(ground: Ground, variant: str) -> None:
    place = ground.places["150526"]
    first = register_organisation("旗信访局（试点）", K.DEPARTMENT, place, actor=ground.manager)
    with pytest.raises(RuleViolation, match="同名"):
        register_organisation(variant, K.DEPARTMENT, place, actor=ground.manager)
    with pytest.raises(RuleViolation, match="同名"):
        renamed(ground, variant)
    assert known_organisation(variant) == first
    assert list(organisations_called(organisations(), variant[:6])) == [first]


def test_an_organisation_keeps_its_own_name_when_only_its_brackets_change(ground: Ground) -> None:
    renamed(ground, "旗司法局（本级）")
    assert renamed(ground, "旗司法局(本级)").name == "旗司法局(本级)"


def test_a_renamed_organisation_is_found_by_its_old_name_everywhere(ground: Ground) -> None:
    row = renamed(ground)
    assert known_organisation("司法局") == row
    assert list(organisations_called(organisations(), "司法局")) == [row]
    assert old_names([row], "司法局") == {row.pk: "司法局"}
    assert list(organisations_named(organisations_kept_by(ground.system_admin), "司法局")) == [row]
    assert list(OrganisationFilter({"q": "司法局"}, organisations()).qs) == [row]
    case = ways.accepted(ground)
    found = list(cases.reachable_organisations(case, "司法局"))
    assert found == [row]
    assert cases.lines_of_organisations(found, "司法局") == [(str(row.pk), "旗司法行政局", "原司法局")]
    assert cases.lines_of_organisations(found, "行政局") == [(str(row.pk), "旗司法行政局", "部门")]


def test_what_was_taken_over_is_found_under_the_successor(ground: Ground) -> None:
    Posting.objects.filter(organisation=ground.labour_bureau).delete()
    end_organisation(
        ground.labour_bureau.pk, actor=ground.system_admin, reason="机构改革", successor=ground.justice_bureau
    )
    assert list(organisations_called(organisations(), "人社")) == [ground.justice_bureau]
    assert known_organisation("人社局") == ground.justice_bureau
    assert old_names([ground.justice_bureau], "人社") == {ground.justice_bureau.pk: "人社局"}


def test_a_short_name_that_two_have_names_nobody(ground: Ground) -> None:
    Organisation.objects.filter(pk__in=[ground.labour_bureau.pk, ground.justice_bureau.pk]).update(short_name="两局")
    assert known_organisation("两局") is None
    assert known_organisation(" ") is None


def merged(ground: Ground) -> None:
    merge_villages(
        [ground.places[VILLAGE]], ground.places[OTHER_VILLAGE], actor=ground.manager, basis="扎政发〔2026〕12号"
    )


def test_a_merged_village_is_found_by_its_old_name_and_code(ground: Ground) -> None:
    merged(ground)
    for typed in ("五家子", "巨日合 五家子村", VILLAGE):
        rows = list(search_places(typed))
        assert OTHER_VILLAGE in [row.code for row in rows], typed
        village = next(row for row in rows if row.code == OTHER_VILLAGE)
        assert old_names_of_places([village], typed) == {village.pk: "巨日合镇五家子村"}
    villages = TerritoryFilter({"q": "五家子村"}, open_territories()).qs.filter(level=12)
    assert [row.code for row in villages] == [OTHER_VILLAGE]
    client = Client()
    client.force_login(ground.town_clerk)
    lines = client.get(reverse("intake:places"), {"q": "五家子村"}).content.decode()
    assert "巨日合镇五道河子村" in lines and "原巨日合镇五家子村" in lines
    assert current_code_of(VILLAGE) == OTHER_VILLAGE


def test_the_warning_of_a_same_name_crosses_a_merger_both_ways(ground: Ground) -> None:
    old = ways.registered(ground, territory=VILLAGE)
    merged(ground)
    for typed in (OTHER_VILLAGE, VILLAGE):
        assert [c.pk for c in cases.earlier_cases(ground.dispatcher, name="岳某某", territory=typed)] == [old.pk]
        found = cases.same_matter(ground.dispatcher, category="0901", territory=typed)
        assert [c.pk for c in found] == [old.pk]
    assert not cases.earlier_cases(ground.dispatcher, name="岳某某", territory="150526100001").exists()


def test_who_dispatches_is_told_where_nobody_can_sign_in(ground: Ground) -> None:
    found = [ground.juri_police, ground.justice_bureau]
    assert [label for _, label, _ in cases.lines_of_organisations(found, "")] == [
        "巨日合镇派出所（无人可登录）", "司法局",
    ]  # fmt: skip
    assert organisation_label(str(ground.juri_police.pk)) == "巨日合镇派出所（无人可登录）"
    ground.handler.is_active = False
    ground.handler.save()
    assert organisation_label(str(ground.justice_bureau.pk)) == "司法局（无人可登录）"


def test_an_organisation_that_took_over_people_and_all_has_people(ground: Ground) -> None:
    Organisation.objects.filter(pk=ground.juri_police.pk).update(
        ends_on=ground.juri_police.starts_on, successor=ground.justice_bureau
    )
    assert organisations_with_people([ground.juri_police]) == {ground.juri_police.pk}


@pytest.mark.parametrize("kind", NEVER_HANDLE)
def test_groups_that_never_lead_are_not_offered_and_refused(ground: Ground, kind: OrganisationKind) -> None:
    case = ways.accepted(ground)
    assert ground.labour_bureau in cases.reachable_organisations(case, "人社")
    Organisation.objects.filter(pk=ground.labour_bureau.pk).update(kind=kind)
    assert ground.labour_bureau not in cases.reachable_organisations(case, "人社")
    with pytest.raises(RuleViolation, match="请选择本中心可以交办的承办单位"):
        dispatch_case(case, actor=ground.dispatcher, organisation=ground.labour_bureau)
