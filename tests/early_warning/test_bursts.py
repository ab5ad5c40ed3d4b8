"""A place above its own usual course: what is unknown is not nothing, chance over a whole county is reckoned with."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from random import Random

import pytest
from django.utils import timezone

from devkit.simulation import bursts, courses
from early_warning.detection import OF_CASES, Asked
from early_warning.detection.bursts import GAP, begun, courses_of
from early_warning.detection.statistics_of_counts import LIMIT, limit_among, surprise, usual_course
from early_warning.models import RuleKind
from early_warning.queries.sentences import sentence_of
from intake.counting.actions import rebuild_tallies
from intake.models import Case
from tests.early_warning.ways import raised, rule, swept
from tests.people import Ground

VILLAGE = "150526103200"


def weekly(weeks: int) -> list[int]:
    return [int(day % 7 == 0) for day in range(weeks * 7)]


def test_three_months_are_known_before_anything_is_usual() -> None:
    burst = [1] * 28
    assert surprise([*weekly(11), *burst]) == 0
    assert surprise([*weekly(12), *burst]) > LIMIT
    assert surprise(weekly(60)) == 0


def test_a_season_is_fitted_to_a_whole_year_only() -> None:
    year = [int(day % (2 if day < 91 else 14) == 0) for day in range(364)]
    full, short = usual_course(year), usual_course(year[1:])
    assert full.expected(28) > 1.4 * short.expected(28) > 0
    assert short.wave == (0, 0)
    assert short.doubt > full.doubt


def test_of_the_windows_without_a_burst_one_in_a_hundred_is_lifted_in_a_first_year_too() -> None:
    random = Random(3)
    free = [bursts.one_series(random, has_burst=False) for _ in range(400)]
    for known in (bursts.YEAR, 120):
        runs = (bursts.highest(lambda counts, known=known: surprise(counts[-known - 28 :]), one) for one in free)  # type: ignore[misc]
        assert sum(run[-1] > LIMIT for run in runs) <= 8


def test_nine_bursts_of_ten_are_found_where_they_are_of_eight_cases_or_more() -> None:
    random = Random(4)
    runs = [bursts.highest(surprise, bursts.one_series(random, has_burst=True, least=8))[-1] for _ in range(100)]
    assert sum(top > LIMIT for top in runs) >= 90


def test_the_more_courses_a_county_has_the_higher_is_its_limit() -> None:
    assert limit_among(0) == limit_among(100) == LIMIT
    assert LIMIT < limit_among(420) < limit_among(1000)


def test_the_comparison_sets_a_limit_for_each_way_and_measures_the_shipped_one_by_its_own() -> None:
    learn, test = [list(islice(bursts.many(seed, 100, 8), 100)) for seed in (1, 2)]
    first, shipped, county = bursts.measure(bursts.SHIPPED, learn, test)
    assert (shipped.limit, county.limit) == (LIMIT, limit_among(bursts.COUNTY))
    assert first.found >= 0.8
    assert county.false <= shipped.false <= 0.02
    assert "| 8 | fitted season, as shipped |" in bursts.table_of(100, [(8, shipped)], timezone.localdate(), "abc")


@pytest.mark.parametrize(
    ("town", "first"),
    [
        ([1] * 10, 0),
        ([0, 0, 1, 0], 2),
        ([1, *[0] * (GAP - 1), 1], 0),
        ([1, *[0] * GAP, 1, 0], GAP + 1),
        ([0] * (GAP + 3), GAP + 3),
    ],
)
def test_a_record_begins_behind_the_last_gap_of_twelve_weeks(town: Sequence[int], first: int) -> None:
    assert begun(town) == first


def village_with_a_burst(ground: Ground, weeks: int) -> list[Case]:
    """A case a week for so many weeks, then fourteen in three weeks."""
    now, random, place = timezone.now(), Random(5), ground.places[VILLAGE]
    ago = [21 + 7 * week for week in range(weeks)] + [1 + 20 * at // 14 for at in range(14)]
    people = [(courses.a_name(random), courses.a_name(random)) for _ in ago]
    matters = [
        courses.Matter(now - timedelta(days=days), place, one, other, "0901")
        for days, (one, other) in zip(ago, people, strict=True)
    ]
    written = courses.write(matters, ground.clerk)
    rebuild_tallies()
    return written


@pytest.mark.django_db
def test_a_village_far_above_its_own_course_is_warned_of_with_its_figures(ground: Ground) -> None:
    latest = village_with_a_burst(ground, 60)[-1]
    swept(latest)
    warning = raised(RuleKind.ABOVE_USUAL)
    assert warning.territory.code == VILLAGE
    assert warning.evidence.count() == 15
    assert sentence_of(warning, []) == "近四周各类 15 件，往常约 4.0 件"


@pytest.mark.django_db
def test_a_village_of_which_little_is_known_is_not_warned_of(ground: Ground) -> None:
    latest = village_with_a_burst(ground, 12)[-1]
    asked = Asked(Case.objects.select_related("territory").get(pk=latest.pk), timezone.now())
    assert OF_CASES[RuleKind.ABOVE_USUAL](rule(RuleKind.ABOVE_USUAL), [asked]) == {}


@pytest.mark.django_db
def test_a_county_watches_its_villages_and_each_kind_of_dispute_of_its_towns(ground: Ground) -> None:
    villages = sum(len(code) == 12 for code in ground.places)
    towns = sum(len(code) == 9 for code in ground.places)
    kinds = courses_of("150526") - villages
    assert kinds >= 8 * towns
    assert kinds % towns == 0
    assert courses_of("999999") == 0
