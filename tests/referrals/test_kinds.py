"""Kinds as data: three presets by command, dates of effect, templates that are checked."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from referrals.documents import WORDS, check_templates, written
from referrals.management.commands.load_document_kinds import kinds_of_preset
from referrals.models import DocumentKind, Purpose
from referrals.queries import agency_stem, kind_for
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> None:
    call_command("load_document_kinds", *arguments, stdout=StringIO())


@pytest.mark.parametrize(
    ("preset", "names"),
    [
        ("standard", ["受理告知单", "交办单", "督办单", "提醒函", "建议函"]),
        ("transfer", ["交办单", "转办单", "督办单", "提醒函", "建议函"]),
        ("feedback", ["受理单", "交办单", "反馈单", "督办函", "建议函"]),
    ],
)
def test_each_preset_has_its_three_slips_and_two_letters(preset: str, names: list[str]) -> None:
    rows = kinds_of_preset(preset)
    assert [row["name"] for row in rows] == [*names, "导引告知书", "转送函", "不予受理告知书", "延期告知书"]
    for row in rows:
        check_templates(row["subject_template"], row["body_template"])


def test_another_preset_takes_over_on_its_day_and_not_before(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=30)
    with pytest.raises(CommandError, match="--from"):
        load("--preset", "feedback")
    load("--preset", "feedback", "--from", day.isoformat())
    load()
    assert ways.kind(Purpose.REMIND).name == "提醒函"
    assert kind_for(Purpose.REMIND, on=day) is None
    found = kind_for(Purpose.SUPERVISE, on=day)
    assert found is not None
    assert found.name == "督办函"
    assert DocumentKind.objects.filter(ends_on=day).count() == 9


@pytest.mark.parametrize(
    "template", ["{{ nobody }}", "{% for %}", "{{ ''.__class__.__mro__ }}", "{{ matters.append('x') }}", "  "]
)
def test_a_template_sees_only_the_words_and_runs_in_a_sandbox(template: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_templates("标题", template)
    assert refused.value.field == "body_template"


def test_words_that_are_not_known_of_a_document_are_empty() -> None:
    assert written("{{ case_title }}。{{ lead }}", {"case_title": "土地"}) == "土地。"
    assert set(WORDS) >= {"issuer", "addressee", "matters"}


def test_the_agency_word_is_made_of_the_place(ground: Ground) -> None:
    stems = [agency_stem(ground.organisations[key]) for key in ("county_centre", "juri_centre", "village_centre")]
    assert stems[0] == "扎鲁特综"
    assert stems[1] == "巨日合综"
    assert len(set(stems)) == 3


def test_a_change_holds_from_its_day(ground: Ground) -> None:
    assert kind_for(Purpose.DISPATCH, on=date(2020, 1, 1)) is not None
    assert kind_for(Purpose.DISPATCH, on=date(2019, 12, 31)) is None
