"""Some months of a county with the shipped rules: who was in time is not climbed over, and what else must be true."""

import pytest

from devkit.simulation.year import YearPlan, simulate_year

pytestmark = pytest.mark.django_db


def test_no_case_climbs_whose_every_holder_was_in_time() -> None:
    report = simulate_year(YearPlan(cases=14, days=110, seed=3))
    assert report.broken == []
    assert report.counts["archived"] > 3
