"""A rule is tuned by its past on its page; the pages are looked at wide and narrow."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from devkit.simulation import courses
from early_warning.models import WarningRule
from early_warning.tasks import run_trials
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page: Page, name: str) -> None:
    """Nothing is at fault; a picture at both widths."""
    assert check(page) == NOTHING
    for suffix, size in (("360", NARROW), ("1366", WIDE)):
        page.set_viewport_size(size)
        shot(page, f"{name}-{suffix}")


def test_a_rule_is_tuned_by_its_past_and_switched_on_from_the_page(sign_in: Login, town: Ground) -> None:
    start = timezone.now() - timedelta(days=300)
    places = [place for code, place in town.places.items() if len(code) == 12]
    courses.write([*courses.quarrels(Random(7), places, start, 300, 6)], town.clerk)
    page = sign_in(town.system_admin, "/system/warning-rules/")
    looked_at(page, "warning-rules")
    page.get_by_role("link", name="回测同一双方再起纠纷").click()
    page.get_by_label("件数").fill("2")
    page.get_by_role("button", name="开始回测").click()
    run_trials()
    page.goto(page.url)
    row = page.get_by_role("row", name="试用 180 天 2 件")
    expect(row).to_be_visible()
    expect(page.get_by_role("row", name="现行 180 天 3 件")).to_contain_text("6 ÷ 6")
    looked_at(page, "warning-trial")
    page.get_by_role("link", name="启用这组数").click()
    expect(page.get_by_label("件数")).to_have_value("2")
    looked_at(page, "warning-rule")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("row", name="180 天 2 件").get_by_role("button", name="撤回")).to_be_visible()
    assert WarningRule.objects.filter(slug="same-sides", threshold=2, starts_on__gt=timezone.localdate()).exists()
    page.goto("/system/warning-rules/judging/")
    looked_at(page, "warning-judging")
