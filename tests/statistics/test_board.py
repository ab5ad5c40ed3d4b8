"""The board: one number everywhere, opened as its cases, comparable, scoped, at a fixed cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.counting import actions as counting_actions
from intake.counting import queries as counting_queries
from intake.counting.declarations import midnight
from intake.models import Case
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from workbench.statistics.board import Board, board_of
from workbench.statistics.definitions import FIGURES, Part, discrete, quantile
from workbench.statistics.periods import between, preset, quarter_start
from workbench.statistics.values import rate
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db


def board(ground: Ground, place: str = "150526") -> Board:
    return board_of(ground.places[place], preset("year", timezone.localdate()))


def some_cases(ground: Ground) -> None:
    ways.closed(ground)
    ways.concluded(ground, territory="150526100001", category="0102", channel="02")
    ways.handling(ground, territory="150526103201", category="0804")
    ways.registered(ground, territory="150526103200001")


def test_every_number_of_the_page_opens_exactly_its_cases(ground: Ground) -> None:
    some_cases(ground)
    leader, found = signed_in(ground.leader), board(ground)
    links = {value.part_link: value.part for value in found.values.values()}
    links |= {value.whole_link: value.whole for value in found.values.values() if value.whole is not None}
    for shares in (
        found.funnel,
        found.states,
        found.tiers,
        found.categories,
        found.channels,
        found.outcomes,
        found.risks,
    ):
        links |= {share.link: share.count for share in shares}
    for row in found.places:
        links |= {row.links[name]: getattr(row, name) for name in ("accepted", "resolved", "open")}
    for month in found.months:
        links |= {month.links["accepted"]: month.accepted, month.links["resolved"]: month.resolved}
    for row in found.organisations:
        links |= {row.links[name]: getattr(row, name) for name in ("concluded", "open")}
    for link, count in links.items():
        answer = leader.get(link)
        assert answer.status_code == 200, link
        assert answer.context["total"].number == count, link


def test_page_api_and_recount_say_the_same(ground: Ground) -> None:
    some_cases(ground)
    found = board(ground)
    page = signed_in(ground.leader).get("/figures/").context["board"]
    api = signed_in(ground.leader).get("/api/v1/statistics/").json()
    of = counting_queries.Slice("150526", found.period.start, found.period.end)
    recount = counting_queries.recount(of)
    for figure in api["figures"]:
        name = figure["name"]
        assert (figure["value"], figure["part"], figure["whole"]) == (
            page.values[name].number, page.values[name].part, page.values[name].whole
        )  # fmt: skip
        if not FIGURES[name].quantile and name != "rooms":
            assert figure["part"] == FIGURES[name].part.count(recount)
    one = signed_in(ground.leader).get("/api/v1/statistics/resolution/").json()
    assert (one["part"], one["whole"], one["value"]) == (2, 3, 66.7)


def test_the_cohort_leads_and_small_places_are_those_with_few_results(ground: Ground) -> None:
    some_cases(ground)
    found = board(ground)
    assert all(row.is_small and row.rank_words == "件数少" for row in found.places)
    assert sum(row.whole for row in found.places) == found.values["resolution_cohort"].whole == 2
    shown = signed_in(ground.leader).get("/figures/").context["headlines"]
    assert [value.figure.name for value in shown[:2]] == ["resolution_cohort", "resolution_cohort_towns"]


def test_towns_add_up_to_the_county_and_small_ones_are_not_ranked(ground: Ground, settings: Any) -> None:
    settings.HEADLINE_RATE = "cumulative"
    some_cases(ground)
    ways.copies(ways.registered(ground), 11)
    Case.objects.filter(status="registered").update(status="accepted", accepted_at=timezone.now())
    found = board(ground)
    for name in ("accepted", "concluded", "resolved", "open"):
        assert sum(getattr(row, name) for row in found.places) == found.values[name].part
    ranks = {row.code: (row.rank, row.is_small) for row in found.places}
    assert ranks == {"150526103": (1, False), "150526100": (None, True)}
    assert "件数少" in signed_in(ground.leader).get("/figures/").content.decode()


def test_what_is_overdue_stands_with_its_organisation_and_opens(ground: Ground) -> None:
    case = ways.handling(ground)
    late = timezone.now() - timedelta(hours=1)
    case.clocks.filter(kind="handle").update(
        started_at=late - timedelta(days=1), due_at=late, breached_at=late, next_at=None
    )
    found = board(ground)
    row = next(row for row in found.organisations if row.overdue)
    assert (found.overdue, row.pk, row.overdue) == (1, ground.justice_bureau.pk, 1)
    for path in (f"&key={row.pk}", ""):
        answer = signed_in(ground.leader).get(f"/figures/cases/?measure=overdue&place=150526{path}")
        assert [r.case for r in answer.context["rows"]] == [case]
    assert (
        signed_in(ground.leader).get(f"/figures/cases/?measure=overdue&key={ground.labour_bureau.pk}").context["rows"]
        == []
    )


def test_the_period_before_is_as_long_and_compared(ground: Ground) -> None:
    for case, day in zip(ways.copies(ways.registered(ground), 3), (400, 390, 5), strict=True):
        moment = midnight(timezone.localdate() - timedelta(days=day))
        Case.objects.filter(pk=case.pk).update(status="accepted", accepted_at=moment)
    value = board(ground).values["accepted"]
    assert (value.number, value.before, value.change) == (1, 2, "−1 件")


def test_a_stock_is_as_of_now_and_compared_with_nothing(ground: Ground) -> None:
    ways.registered(ground)
    value = board(ground).values["open"]
    assert (value.number, value.before, value.before_text, value.change, value.trend) == (1, None, "—", "", "")
    figures = signed_in(ground.leader).get("/api/v1/statistics/open/").json()
    assert (figures["value"], figures["before"]) == (1, None)


@pytest.mark.parametrize(
    ("name", "start", "end", "before"),
    [
        ("year", "2025-11-25", "2026-11-24", "2024-11-25 2025-11-24"),
        ("ytd", "2026-01-01", "2026-11-24", "2025-01-01 2025-11-24"),
        ("quarter", "2026-10-01", "2026-11-24", "2026-07-01 2026-08-24"),
        ("last_quarter", "2026-07-01", "2026-09-30", "2026-04-01 2026-06-30"),
        ("month", "2026-11-01", "2026-11-24", "2026-10-01 2026-10-24"),
        ("last_month", "2026-10-01", "2026-10-31", "2026-09-01 2026-09-30"),
        ("week", "2026-11-23", "2026-11-24", "2026-11-16 2026-11-17"),
        ("last_week", "2026-11-16", "2026-11-22", "2026-11-09 2026-11-15"),
    ],
)
def test_periods(name: str, start: str, end: str, before: str) -> None:
    found = preset(name, date(2026, 11, 24))
    assert (str(found.start), str(found.end), f"{found.before_start} {found.before_end}") == (start, end, before)


def test_periods_at_the_edges_of_the_calendar() -> None:
    assert preset("year", date(2028, 2, 29)).start == date(2027, 3, 1)
    assert preset("month", date(2026, 3, 31)).before_end == date(2026, 2, 28)
    assert quarter_start(date(2026, 12, 31)) == date(2026, 10, 1)
    assert between(date(2026, 1, 1), date(2026, 1, 10)).before_start == date(2025, 12, 22)
    with pytest.raises(RuleViolation):
        between(date(2026, 1, 2), date(2026, 1, 1))


def test_one_that_is_missing_is_never_rounded_away() -> None:
    assert (rate(9999, 10000), rate(10000, 10000), rate(0, 0)) == (99.9, 100.0, None)
    assert (rate(249, 250), rate(319, 320), rate(568, 570)) == (99.6, 99.7, 99.6)


def test_quantiles_are_those_of_the_cases(ground: Ground) -> None:
    assert discrete([(0, 3), (2, 1), (9, 1)], 0.5) == 0
    assert discrete([(0, 1), (2, 1), (9, 2)], 0.5) == 2
    assert discrete([], 0.5) is None
    counts = {("concluded", "days", "3"): 1, ("concluded", "days", "10"): 9}
    assert (quantile(counts, Part("concluded", "days"), 0.5), quantile(counts, Part("concluded", "days"), 0.1)) == (
        10,
        3,
    )


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("leader", "/figures/", 200), ("leader", "/figures/?place=150526103", 200),
        ("leader", "/figures/?place=150526103200", 200),
        ("leader", "/figures/?place=150526103200001", 200), ("leader", "/figures/?place=1505", 404),
        ("town_manager", "/figures/", 200), ("town_manager", "/figures/?place=150526", 404),
        ("town_manager", "/figures/?place=150526100", 404), ("stranger", "/figures/?place=150526103", 404),
        ("handler", "/figures/", 302), ("handler", "/figures/?place=150526", 302), ("auditor", "/figures/", 403),
        ("system_admin", "/figures/cases/?measure=accepted", 403), ("grid_worker", "/figures/", 403),
        ("leader", "/figures/?period=decade", 400), ("leader", "/figures/?from=2026-02-30", 400),
        ("leader", "/figures/cases/?measure=nothing", 400),
        ("leader", "/figures/cases/?measure=accepted&axis=colour", 400),
        ("leader", "/figures/cases/?measure=open&axis=holder&key=x", 400), ("leader", "/figures/definitions/", 200),
    ],
)  # fmt: skip
def test_who_sees_which_figures(who: str, path: str, status: int, ground: Ground) -> None:
    some_cases(ground)
    assert signed_in(ground.people[who]).get(path).status_code == status


def test_a_handler_sees_the_figures_of_the_own_organisation_only(ground: Ground) -> None:
    some_cases(ground)
    handler = signed_in(ground.handler)
    answer = handler.get(f"/figures/organisations/{ground.justice_bureau.pk}/")
    values = {value.figure.name: value for value in answer.context["board"].values}
    assert (values["concluded"].part, values["open"].part) == (2, 1)
    assert handler.get(values["concluded"].part_link).context["total"].number == 2
    assert handler.get(f"/figures/organisations/{ground.labour_bureau.pk}/").status_code == 404
    assert signed_in(ground.leader).get(f"/figures/organisations/{ground.justice_bureau.pk}/").status_code == 200
    assert signed_in(ground.stranger).get(f"/figures/organisations/{ground.juri_police.pk}/").status_code == 404


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    "path", ["/figures/", "/figures/?place=150526103200", "/figures/cases/?measure=registered", "/api/v1/statistics/"]
)
def test_the_board_costs_the_same_queries_for_few_and_many(path: str, ground: Ground) -> None:
    case = ways.registered(ground)
    leader = signed_in(ground.leader)
    leader.get(path)
    few = queries_of(leader, path)
    ways.copies(case, 40)
    counting_actions.fold_tallies()
    assert queries_of(leader, path) == few


def test_the_api_asks_for_its_scope_and_refuses_what_it_does_not_know(ground: Ground) -> None:
    client = signed_in(ground.leader)
    assert client.get("/api/v1/statistics/?territry=150526").status_code == 400
    assert client.get("/api/v1/statistics/?territory=150526103000").json()["territory"] == "150526103"
    assert client.get("/api/v1/statistics/?territory=1505").status_code == 404
    assert client.get("/api/v1/statistics/nothing/").status_code == 404
    assert Client().get("/api/v1/statistics/").status_code == 401


def test_figures_show_no_names(ground: Ground) -> None:
    some_cases(ground)
    for path in ("/figures/", "/figures/screen/data/", "/api/v1/statistics/"):
        shown: Any = signed_in(ground.leader).get(path).content.decode()
        assert "岳某某" not in shown
        assert "152327196503152419" not in shown
