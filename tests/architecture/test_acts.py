"""The tables of acts hold together: names, ranks, icons, and what the API calls their input."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from intake.available_actions import ACTS
from mediation.available_actions import CASE_ACTS as OPENING_ACTS
from mediation.available_actions import TABLES
from referrals.available_actions import CARE_ACTS, CASE_ACTS, DOCUMENT_ACTS, TASK_ACTS
from zhongzhi.web.act_table import ActTable
from zhongzhi.web.shapes import NOTHING

SHARED = {act.name for act in ACTS if act.run is None}
"""Done in an app above: intake says who may and when."""
ALL = {"case": ACTS, "opening": OPENING_ACTS, "referral": CASE_ACTS, "document": DOCUMENT_ACTS, "task": TASK_ACTS,
       "care": CARE_ACTS, **TABLES}  # fmt: skip


@pytest.mark.parametrize("table", [pytest.param(table, id=name) for name, table in ALL.items()])
def test_an_act_is_named_once_and_has_an_icon_that_is_there(table: ActTable[object]) -> None:
    assert [name for name, n in Counter(act.name for act in table).items() if n > 1] == []
    icons = (Path(settings.BASE_DIR) / "static" / "img" / "icons.txt").read_text().split()
    assert [act.icon for act in table if act.icon not in icons] == []


@pytest.mark.parametrize("table", [pytest.param(table, id=name) for name, table in ALL.items()])
def test_what_the_api_takes_has_a_name_there(table: ActTable[object]) -> None:
    offered = [act for act in table if act.run is not None and act.in_api]
    assert [act.name for act in offered if not act.api_shape.called] == []


def test_one_name_of_an_input_is_one_input() -> None:
    shapes = {act.api_shape for table in ALL.values() for act in table if act.in_api} - {NOTHING}
    assert [name for name, n in Counter(shape.called for shape in shapes).items() if n > 1] == []


def test_of_the_acts_on_a_case_no_two_have_the_same_rank() -> None:
    own = [act.rank for act in CASE_ACTS if act.name not in SHARED]
    ranks = Counter([act.rank for act in ACTS] + own + [act.rank for act in OPENING_ACTS])
    assert [rank for rank, n in ranks.items() if n > 1] == []


def test_acts_that_are_done_above_are_those_that_an_app_above_declares() -> None:
    assert SHARED
    assert {act.name for act in ACTS} & {act.name for act in CASE_ACTS} == SHARED
    assert {act.rank for act in ACTS if act.name in SHARED} == {a.rank for a in CASE_ACTS if a.name in SHARED}
