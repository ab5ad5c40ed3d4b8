"""Rules judged by the past: planted courses are found at their third sign, and hardly anything else is."""

from datetime import timedelta
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from devkit.simulation import courses
from early_warning import actions
from early_warning.models import BacktestRun, RuleKind
from early_warning.queries import rules_in_force
from tests.days import today
from tests.early_warning.ways import raised, swept, three_quarrels
from tests.people import Ground

pytestmark = pytest.mark.django_db
DAYS, QUARRELS, CLAIMS, UNRELATED = 300, 8, 5, 500


def planted(ground: Ground) -> None:
    random, start = Random(11), timezone.now() - timedelta(days=DAYS)
    places = [place for code, place in ground.places.items() if len(code) == 12]
    matters = [
        *courses.quarrels(random, places, start, DAYS, QUARRELS),
        *courses.wage_claims(random, places, start, DAYS, CLAIMS),
        *courses.unrelated(random, places, start, DAYS, UNRELATED),
    ]
    courses.write(matters, ground.clerk)


def run(slug: str, **form: Any) -> BacktestRun:
    rule = next(rule for rule in rules_in_force(today()) if rule.slug == slug)
    for name, value in form.items():
        setattr(rule, name, value)
    return actions.backtest_rule(rule, today() - timedelta(days=DAYS + 5), today() + timedelta(days=1))


def test_planted_courses_are_foreseen_and_false_warnings_are_rare(ground: Ground) -> None:
    planted(ground)
    quarrels = run("same-sides")
    assert (quarrels.bad, quarrels.foreseen, quarrels.raised, quarrels.right) == (QUARRELS,) * 4
    assert quarrels.lead_days and quarrels.lead_days >= 8
    wages = run("wages")
    assert (wages.foreseen, wages.right, wages.raised) == (CLAIMS,) * 3
    assert quarrels.a_week + wages.a_week < 1


def test_another_form_of_a_rule_is_compared_before_it_is_switched_on(ground: Ground) -> None:
    planted(ground)
    assert run("same-sides", threshold=4).foreseen == 0
    early = run("same-sides", threshold=2)
    assert (early.foreseen, early.raised >= QUARRELS) == (QUARRELS, True)


def test_the_command_prints_a_line_for_a_rule_and_the_page_shows_the_run(ground: Ground, client: Client) -> None:
    planted(ground)
    told = StringIO()
    call_command("backtest_warnings", rule="wages", days=DAYS, threshold=4, stdout=told)
    assert told.getvalue().splitlines()[1].startswith("wages\t60\t4\t")
    swept(*three_quarrels(ground))
    actions.confirm_warning(raised(RuleKind.SAME_SIDES), actor=ground.manager)
    client.force_login(ground.system_admin)
    page = client.get("/system/warning-rules/judging/").content.decode()
    assert "<td>多人讨薪</td>" in page
    assert "1.00" in page
    with pytest.raises(CommandError):
        call_command("backtest_warnings", rule="none", stdout=told)
