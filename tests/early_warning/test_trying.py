"""Other numbers of a rule are tried on the past from the page, beside those in force, and switched on from there."""

from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from devkit.simulation import courses
from early_warning import actions
from early_warning.models import BacktestRun, RuleKind, WarningRule
from early_warning.queries import trials_of
from early_warning.tasks import run_trials
from tests.days import today
from tests.early_warning.ways import rule
from tests.people import Ground
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db


def quarrels(ground: Ground, number: int) -> None:
    start = timezone.now() - timedelta(days=300)
    places = [place for code, place in ground.places.items() if len(code) == 12]
    courses.write([*courses.quarrels(Random(7), places, start, 300, number)], ground.clerk)


def test_a_form_is_tried_beside_the_one_in_force_and_switched_on(ground: Ground, client: Client) -> None:
    quarrels(ground, 4)
    client.force_login(ground.system_admin)
    same = rule(RuleKind.SAME_SIDES)
    address = f"/system/warning-rules/{same.pk}/trial/"
    assert client.post(address, {"window_days": 180, "threshold": 4}).status_code == 302
    assert "every 2s" in client.get(f"{address}rows/").content.decode()
    assert run_trials() == 1
    trial = trials_of(ground.system_admin, same.slug)[0]
    assert trial.now and trial.tried
    assert (trial.now.threshold, trial.now.foreseen, trial.now.matters) == (3, 4, 16)
    assert (trial.tried.threshold, trial.tried.foreseen) == (4, 0)
    page = client.get(address).content.decode()
    assert "启用这组数" in page
    assert "every 2s" not in page
    change = f"/system/warning-rules/{same.pk}/?window_days=180&threshold=4"
    assert 'value="4"' in client.get(change).content.decode()
    terms = {"name": same.name, "what": same.what, "level": same.level, "audience": same.audience}
    numbers = {"window_days": 180, "threshold": 4, "advice": same.advice, "starts_on": today() + timedelta(days=1)}
    assert client.post(change, terms | numbers).status_code == 302
    assert WarningRule.objects.get(slug=same.slug, starts_on__gt=today()).threshold == 4


def test_a_rule_of_days_and_numbers_that_are_none_are_refused(ground: Ground) -> None:
    actor = ground.system_admin
    with pytest.raises(InvalidTransition):
        actions.try_rule(rule(RuleKind.SEASON), window_days=30, threshold=1, actor=actor)
    with pytest.raises(RuleViolation):
        actions.try_rule(rule(RuleKind.SAME_SIDES), window_days=0, threshold=1, actor=actor)
    with pytest.raises(RuleViolation):
        actions.try_rule(rule(RuleKind.SAME_SIDES), window_days=30, threshold=0, actor=actor)


def test_one_trial_of_a_rule_runs_at_a_time(ground: Ground) -> None:
    same = rule(RuleKind.SAME_SIDES)
    actions.try_rule(same, window_days=30, threshold=2, actor=ground.system_admin)
    with pytest.raises(InvalidTransition):
        actions.try_rule(same, window_days=60, threshold=2, actor=ground.system_admin)


def test_who_does_not_keep_the_rules_tries_none(ground: Ground, client: Client) -> None:
    with pytest.raises(PermissionDenied):
        actions.try_rule(rule(RuleKind.SAME_SIDES), window_days=30, threshold=2, actor=ground.dispatcher)
    client.force_login(ground.dispatcher)
    assert client.get(f"/system/warning-rules/{rule(RuleKind.SAME_SIDES).pk}/trial/").status_code == 403
    assert not BacktestRun.objects.exists()
