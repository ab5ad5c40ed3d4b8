"""The framework's own sentences are said in the office's words: all of them, and as the catalogue's source says."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core import validators
from django.db import models
from django.forms.formsets import BaseFormSet
from django.utils import translation
from rest_framework import exceptions, serializers

from zhongzhi.web.forms import StyledForm

FOLDER = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES"
ENTRY = re.compile(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"$', re.M)
SAYING = (forms.Field, BaseFormSet, models.Field, serializers.Field)
"""What has a table of sentences."""


def catalogue() -> dict[str, str]:
    """As the program reads it; of plurals the singular."""
    with (FOLDER / "django.mo").open("rb") as file:
        found: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key if isinstance(key, str) else key[0]: text for key, text in found.items() if key}


def family(parent: type) -> Iterator[type]:
    """A class of the framework, and what the framework makes of it."""
    yield parent
    for child in parent.__subclasses__():
        if child.__module__.startswith(("django.", "rest_framework.")) and ".contrib." not in child.__module__:
            yield from family(child)


def english(sentence: Any) -> str:
    """What the framework looks up; of a plural the singular."""
    if hasattr(sentence, "_kwargs"):
        return str(sentence._kwargs["singular"])
    with translation.override(None):
        return str(sentence)


def framework_sentences() -> set[str]:
    """All that its fields, sets of forms, columns, validators and refusals say by themselves."""
    tables = [vars(kind).get("default_error_messages", {}) for parent in SAYING for kind in family(parent)]
    found = [sentence for table in tables for sentence in table.values()]
    found += [kind.message for kind in family(validators.BaseValidator)]  # type: ignore[attr-defined]
    found += [validators.RegexValidator.message, validators.URLValidator.message, validators.EmailValidator.message]
    found += [validators.FileExtensionValidator.message, validators.ProhibitNullCharactersValidator.message]
    found += [validators.StepValueValidator.message, *validators.DecimalValidator.messages.values()]
    refusals = [vars(kind).get("default_detail") for kind in family(exceptions.APIException)]
    return {english(sentence) for sentence in [*found, *refusals] if sentence} - {""}


def test_all_that_the_framework_says_by_itself_is_in_the_catalogue() -> None:
    assert framework_sentences() - catalogue().keys() == set()


def test_the_catalogue_is_what_its_source_says() -> None:
    source = (FOLDER / "django.po").read_text(encoding="utf-8")
    assert {key.replace('\\"', '"'): text for key, text in ENTRY.findall(source)} == catalogue()


def test_a_gap_of_a_sentence_is_one_that_the_framework_fills() -> None:
    gaps = re.compile(r"%\(\w+\)[sdr]|{[^}]*}")
    assert {key for key, text in catalogue().items() if not set(gaps.findall(text)) <= set(gaps.findall(key))} == set()


class Visit(StyledForm):
    day = forms.DateField(label="日期")
    people = forms.IntegerField(label="人数", max_value=9)
    what = forms.CharField(label="事由", max_length=2)
    where = forms.ChoiceField(label="地点", choices=[("1", "窗口")])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, ["请填写日期。", "请填写人数。", "请填写事由。", "请选择地点。"]),
        (
            {"day": "明天", "people": "10", "what": "三个字", "where": "2"},
            [
                "日期不对，请按 2026-11-28 的样子填写。",
                "不能大于 9。",
                "最多 2 个字，现在有 3 个。",
                "现在不能选这一项，请重新选择。",
            ],
        ),
    ],
)
def test_a_form_says_what_is_wrong_as_a_clerk_would(typed: dict[str, str], said: list[str]) -> None:
    assert [error for errors in Visit(typed).errors.values() for error in errors] == said
