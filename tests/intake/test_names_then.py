"""The story of a case keeps the names and posts of then: renamed, promoted, moved away."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from grids.actions import people, post_person
from grids.actions.organisations import OrganisationFacts, change_organisation
from grids.models import OrganisationKind, Posting, Role
from intake import actions
from intake.models import Case
from intake.queries import story_for
from intake.queries.timeline import Step
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db


def signed(ground: Ground, case: Case) -> list[Step]:
    return [step for step in story_for(ground.dispatcher, case) if step.event == "sign"]


def renamed(ground: Ground) -> None:
    facts = OrganisationFacts("旗司法行政局", "", OrganisationKind.DEPARTMENT)
    change_organisation(ground.justice_bureau.pk, facts, actor=ground.system_admin)


def test_an_organisation_has_the_name_it_had_then(ground: Ground) -> None:
    case = ways.handling(ground)
    renamed(ground)
    step = signed(ground, case)[0]
    assert (step.actor, step.organisation, step.post) == ("王立新", "司法局", "部门经办人")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    last = story_for(ground.dispatcher, case)[-1]
    assert (last.event, last.organisation) == ("conclude", "旗司法行政局")


def test_a_person_has_the_name_and_the_post_of_then(ground: Ground) -> None:
    case = ways.handling(ground)
    Posting.objects.filter(user=ground.handler).update(title="副股长")
    assert signed(ground, case)[0].post == "副股长"
    people.change_account(ground.handler, name="王丽新", phone="", actor=ground.system_admin)
    assert signed(ground, case)[0].actor == "王立新"
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        post = Posting.objects.get(user=ground.handler)
        people.end_post(post, ends_on=timezone.localdate(), actor=ground.system_admin)
        post_person(ground.handler, ground.labour_bureau, Role.HANDLER, starts_on=timezone.localdate())
        assert [(s.actor, s.organisation, s.post) for s in signed(ground, case)] == [("王立新", "司法局", "副股长")]


def test_who_acts_where_no_organisation_is_said_is_named_with_the_own_one(ground: Ground) -> None:
    case = ways.accepted(ground)
    actions.regrade_case(case, actor=ground.dispatcher, risk="yellow", reason="有言语冲突")
    step = next(s for s in story_for(ground.dispatcher, case) if s.event == "grade_risk")
    assert (step.actor, step.post) == ("韩冰", "旗综治中心研判分流员")


def test_the_page_and_the_api_tell_it(ground: Ground) -> None:
    case = ways.handling(ground)
    renamed(ground)
    client = Client()
    client.force_login(ground.dispatcher)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "王立新（部门经办人） · 司法局" in page
    steps = client.get(f"/api/v1/cases/{case.code}/timeline/").json()["results"]
    assert ("王立新", "部门经办人", "司法局") in [(s["actor"], s["post"], s["organisation"]) for s in steps]
