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


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in matters %}{% for b in matters %}x{% endfor %}{% endfor %}",
        "{% for a in matters %}{% if a %}{% for b in matters %}x{% endfor %}{% endif %}{% endfor %}",
        "{% for a in narrative * 9999 %}x{% endfor %}",
        "{% for a in narrative %}{{ narrative }}{% endfor %}",
        "{{ '字' * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 9 ** 999999999 }}",
        "{{ narrative.center(1000000000) }}",
        "{{ narrative | center(1000000000) }}",
        "{{ narrative.join(matters) }}",
        "{% set x = narrative %}{% set x = x ~ x %}{{ x }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in matters recursive %}{{ loop(matters) }}{% endfor %}",
        "{% include 'x' %}",
        "字" * 5001,
    ],
)
def test_a_template_that_would_run_long_or_write_much_is_refused_before_it_runs(template: str) -> None:
    with pytest.raises(RuleViolation):
        check_templates("标题", template)


def test_what_a_template_writes_is_stopped_at_a_limit() -> None:
    template = "{% for matter in matters %}{{ narrative }}{% endfor %}"
    assert len(written(template, {"matters": ("甲",), "narrative": "字" * 5000})) == 5000
    with pytest.raises(RuleViolation, match="超过"):
        written(template, {"matters": ("甲",) * 21, "narrative": "字" * 5000})


def test_a_template_has_conditions_one_loop_and_the_ends_of_words() -> None:
    template = (
        "{% for matter in matters %}{{ loop.index }}. {{ matter.rstrip('。') }}。{% endfor %}"
        "{% if road == '诉讼' and not level %}起诉{% elif lead is defined %}{{ lead or '无' }}{% else %}—{% endif %}"
        "{{ narrative | trim | default('—') }}{{ matters | length }}{{ road ~ lead }}"
    )
    facts = {"matters": ("甲。", "乙"), "road": "诉讼", "narrative": " 地 "}
    assert written(template, facts) == "1. 甲。2. 乙。起诉地2诉讼"


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
