"""Inside an organisation a case has somebody who works on it: who signed, or the colleague it was given to."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grids.actions import post_person
from grids.models import Role
from intake import queries
from intake.actions.entrusting import colleagues_for, entrust_handling
from intake.available_actions import available_acts
from intake.coordination.actions.held_work import HANDLINGS
from intake.models import Case
from tests.intake import ways
from tests.people import STARTS, Ground
from workbench.todo import todo_of
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import PermissionDenied, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(ground: Ground) -> User:
    user = create_user(username="colleague", name="乌兰")
    post_person(user, ground.justice_bureau, Role.HANDLER, starts_on=STARTS)
    return user


def mine(user: User) -> list[Any]:
    return list(queries.cases_entrusted_to(User.objects.get(pk=user.pk)).values_list("pk", flat=True))


def acts(user: User, case: Case) -> set[str]:
    return {act.name for act in available_acts(user, Case.objects.get(pk=case.pk))}


def test_who_signed_works_on_it_until_it_is_given_to_a_colleague_who_is_told(ground: Ground, colleague: User) -> None:
    case = ways.handling(ground)
    assert (mine(ground.handler), mine(colleague)) == ([case.pk], [])
    entrust_handling(case, actor=ground.handler, person=colleague)
    assert (mine(ground.handler), mine(colleague)) == ([], [case.pk])
    last = trail_of(case).last()
    assert last is not None and (last.verb, last.facts["clerk"]) == ("handling_entrusted", colleague.pk)
    deliver_due(timezone.now())
    assert Notice.objects.filter(user=colleague, title__contains="交由您经办").exists()
    names = {section.name: section.total for section in todo_of(User.objects.get(pk=ground.handler.pk))}
    assert names["handle"] == 1 and "my-work" not in names


def test_only_a_colleague_of_the_same_organisation_and_only_by_who_works_there(ground: Ground, colleague: User) -> None:
    case = ways.handling(ground)
    for person in (None, ground.other_handler, ground.handler):
        with pytest.raises(RuleViolation) as refused:
            entrust_handling(case, actor=ground.handler, person=person)
        assert refused.value.field == "person" or "person" in refused.value.errors
    with pytest.raises(PermissionDenied):
        entrust_handling(case, actor=ground.clerk, person=colleague)
    with pytest.raises(PermissionDenied):
        entrust_handling(ways.dispatched(ground), actor=ground.handler, person=colleague)


def test_the_act_is_offered_where_there_is_somebody_and_its_dialog_lists_the_colleagues(
    ground: Ground, colleague: User
) -> None:
    case = ways.handling(ground)
    assert "entrust" in acts(ground.handler, case) and "entrust" not in acts(ground.clerk, case)
    client = Client()
    client.force_login(ground.handler)
    page = client.get(f"/cases/{case.code}/acts/entrust/").content.decode()
    assert "乌兰" in page and "赵敏" not in page
    sent = {"person": colleague.pk, "version": Case.objects.get(pk=case.pk).version}
    assert client.post(f"/cases/{case.code}/acts/entrust/", sent).status_code == 200
    assert "经办人 乌兰" in client.get(f"/cases/{case.code}/").content.decode()


def test_what_was_given_goes_over_with_who_leaves(ground: Ground, colleague: User) -> None:
    case = ways.handling(ground)
    entrust_handling(case, actor=ground.handler, person=colleague)
    assert len(HANDLINGS.held(colleague)) == 1 and HANDLINGS.held(ground.handler) == []
    HANDLINGS.give(colleague, ground.handler, ground.manager)
    assert mine(ground.handler) == [case.pk]


def test_who_may_not_see_a_restricted_case_or_stands_back_is_not_offered(ground: Ground) -> None:
    colleague = create_user(username="colleague", name="乌日娜")
    post_person(colleague, ground.justice_bureau, Role.HANDLER, starts_on=STARTS)
    case = ways.handling(ground)
    handling = case.handlings.get(part="lead")
    assert list(colleagues_for(handling)) == [colleague]
    case.standing_back.create(user=colleague, ground="relative", reason="表兄", declared_at=timezone.now())
    assert list(colleagues_for(handling)) == []
