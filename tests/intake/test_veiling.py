"""Cases as their reader may see them cost a fixed number of statements, however many they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.models import Case
from intake.queries import veil_all
from intake.sight import sight_within
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db


def test_more_rows_cost_a_masked_reader_no_more_statements(ground: Ground) -> None:
    for _ in range(4):
        ways.registered(ground, title="羊吃玉米，找张三赔")
    veil_all(ground.leader, Case.objects.all()[:1], lambda case: case)  # whose posts are known from here on

    def statements(rows: int) -> int:
        found = list(Case.objects.order_by("pk")[:rows])
        with CaptureQueriesContext(connection) as seen:
            veil_all(ground.leader, found, lambda case: case)
            assert {sight_within(ground.leader, case).level.name for case in found} == {"MASKED"}
        return len(seen)

    assert statements(4) == statements(1) == 3


def test_what_is_kept_for_one_reader_says_nothing_to_another(ground: Ground) -> None:
    case = ways.registered(ground)
    veil_all(ground.leader, [case], lambda row: row)
    assert not sight_within(ground.leader, case).is_full
    assert sight_within(ground.dispatcher, case).is_full
