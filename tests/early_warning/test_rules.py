"""Rules change from a day to come on; every form is kept, and only the system administrator changes one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from early_warning import actions
from early_warning.actions import RuleTerms
from early_warning.models import RuleKind, WarningRule
from early_warning.queries import rule_history, rules_in_force
from tests.days import today
from tests.people import Ground
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
SLUG = "same-sides"


def terms(**changes: Any) -> RuleTerms:
    rule = WarningRule.objects.get(slug=SLUG, ends_on=None)
    names = ("name", "what", "window_days", "threshold", "level", "audience", "advice", "categories")
    return replace(RuleTerms(**{name: getattr(rule, name) for name in names}), **changes)


def tomorrow() -> Any:
    return today() + timedelta(days=1)


def test_every_kind_is_shipped_with_a_sentence_and_what_to_do() -> None:
    rules = rules_in_force(today())
    assert {rule.kind for rule in rules} == set(RuleKind.values)
    assert all(rule.what and rule.advice for rule in rules)


def test_a_change_begins_on_its_day_and_the_form_before_stays(ground: Ground) -> None:
    actions.change_rule(SLUG, terms(threshold=4), starts_on=tomorrow(), actor=ground.system_admin)
    forms = [(rule.threshold, rule.starts_on, rule.ends_on) for rule in rule_history(SLUG)]
    assert forms[0] == (4, tomorrow(), None)
    assert (forms[1][0], forms[1][2]) == (3, tomorrow())
    assert [rule.threshold for rule in rules_in_force(today(), RuleKind.SAME_SIDES)] == [3]
    assert [rule.threshold for rule in rules_in_force(tomorrow(), RuleKind.SAME_SIDES)] == [4]


def test_a_change_that_is_not_in_force_is_taken_back(ground: Ground) -> None:
    rule = actions.change_rule(SLUG, terms(threshold=4), starts_on=tomorrow(), actor=ground.system_admin)
    actions.withdraw_rule_change(rule.pk, actor=ground.system_admin)
    assert WarningRule.objects.get(slug=SLUG).ends_on is None
    with pytest.raises(InvalidTransition):
        actions.withdraw_rule_change(WarningRule.objects.get(slug=SLUG).pk, actor=ground.system_admin)


def test_a_rule_that_is_stopped_ends_tomorrow_once(ground: Ground) -> None:
    actions.stop_rule(SLUG, actor=ground.system_admin)
    assert rules_in_force(tomorrow(), RuleKind.SAME_SIDES) == []
    with pytest.raises(InvalidTransition):
        actions.stop_rule(SLUG, actor=ground.system_admin)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"threshold": 0}, "threshold"),
        ({"window_days": 9999}, "window_days"),
        ({"level": "black"}, "level"),
        ({"audience": "all"}, "audience"),
        ({"categories": "土地"}, "categories"),
    ],
)
def test_a_value_that_is_none_is_named(ground: Ground, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        actions.change_rule(SLUG, terms(**changes), starts_on=tomorrow(), actor=ground.system_admin)
    assert field in caught.value.errors


def test_today_a_second_change_and_unknown_rules_are_refused(ground: Ground) -> None:
    with pytest.raises(RuleViolation):
        actions.change_rule(SLUG, terms(), starts_on=today(), actor=ground.system_admin)
    actions.change_rule(SLUG, terms(), starts_on=tomorrow(), actor=ground.system_admin)
    kept = replace(RuleTerms("n", "w", 1, 1, "blue", "centre", "a"))
    with pytest.raises(RuleViolation):
        actions.change_rule(SLUG, kept, starts_on=tomorrow(), actor=ground.system_admin)
    with pytest.raises(NotFound):
        actions.change_rule("none", kept, starts_on=tomorrow(), actor=ground.system_admin)


def test_nobody_else_changes_rules(ground: Ground) -> None:
    for person in (ground.manager, ground.leader, ground.auditor):
        with pytest.raises(PermissionDenied):
            actions.change_rule(SLUG, terms(), starts_on=tomorrow(), actor=person)
        with pytest.raises(PermissionDenied):
            actions.stop_rule(SLUG, actor=person)


def test_the_page_changes_a_rule_and_says_what_is_so_then(ground: Ground, client: Client) -> None:
    client.force_login(ground.system_admin)
    rule: Model = WarningRule.objects.get(slug=SLUG)
    given = {**terms(threshold=5).__dict__, "starts_on": tomorrow()}
    answer = client.post(reverse("system:warning_rule", args=[rule.pk]), given, follow=True)
    assert "按 180 天 5 件预警" in answer.content.decode()
    assert client.post(reverse("system:warning_rule", args=[rule.pk]), {**given, "threshold": 0}).status_code == 422
    client.force_login(ground.manager)
    assert client.get(reverse("system:warning_rules")).status_code == 403


def test_the_list_of_words_is_kept_on_its_page(ground: Ground, client: Client) -> None:
    client.force_login(ground.system_admin)
    page = reverse("system:danger_words")
    given = {"word": "让他好看", "meaning": "killing", "level": "orange"}
    assert "已增加“让他好看”" in client.post(page, given, follow=True).content.decode()
    assert client.post(page, given).status_code == 422
