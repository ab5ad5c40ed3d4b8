"""Pages of the figures: the board of a place, of an organisation, the lists behind, the definitions."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.queries import names_of_places, organisation_of
from grids.scope import scope_of
from intake import queries
from intake.counting import queries as counting_queries
from workbench.queries import map_level, map_of
from workbench.statistics.board import board_of
from workbench.statistics.definitions import FIGURES
from workbench.statistics.headline import headline
from workbench.statistics.lists import AskedList, asked_list
from workbench.statistics.organisation import organisation_board
from workbench.statistics.periods import PRESETS, Period, asked_period
from workbench.statistics.permissions import may_see_figures, may_see_organisation, place_for, places_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import NotFound, require
from zhongzhi.replica import from_replica
from zhongzhi.web.lists import page_of, total_of

HEADLINES = {
    6: ("accepted", "closed", "open", "in_time", "satisfaction", "found_actively"),
    9: ("accepted", "closed", "open", "in_time", "satisfaction", "found_actively", "days_median"),
}
BESIDE_CASES = ("mediation_success", "performance", "confirmation", "supervisions", "feedback", "hazards_settled")
"""Figures that do not stand on cases: mediations, agreements, slips, hazards."""


@login_required
@never_cache
@require_GET
@from_replica
def board(request: PersonRequest) -> HttpResponse:
    """The board of a place; those without a territory are led to that of their organisation."""
    if not places_of(request.user):
        return _to_own_organisation(request)
    place = place_for(request.user, request.GET.get("place", ""))
    period = period_asked(request)
    found = board_of(place, period)
    leads = headline()
    names = (leads.rate, leads.towns, *HEADLINES[6]) if len(place.code) <= 6 else (leads.rate, *HEADLINES[9])
    context = {
        "board": found,
        "leads": leads,
        "headlines": [found.values[name] for name in names],
        "beside": [found.values[name] for name in BESIDE_CASES],
        "rest": [value for name, value in found.values.items() if name not in (*names, *BESIDE_CASES)],
        "presets": [(name, label) for name, (label, _) in PRESETS.items()],
        "trail": _trail(request, place.code),
        "has_map": map_level(place.code) is not None,
    }
    return render(request, "statistics/board.html", context)


@login_required
@never_cache
@require_GET
@from_replica
def organisation(request: PersonRequest, pk: int) -> HttpResponse:
    """The board of one organisation."""
    row = organisation_of(pk)
    if not may_see_organisation(request.user, row):
        raise NotFound("没有找到这个机构，或者它不在您的查看范围内。")
    context = {
        "organisation": row,
        "board": organisation_board(row, period_asked(request)),
        "presets": [(name, label) for name, (label, _) in PRESETS.items()],
    }
    return render(request, "statistics/organisation.html", context)


@login_required
@require_GET
def area_map(request: PersonRequest) -> HttpResponse:
    """The outlines below a place, for the map of the board."""
    return JsonResponse(map_of(place_for(request.user, request.GET.get("place", "")).code))


@login_required
@never_cache
@require_GET
@from_replica
def cases(request: PersonRequest) -> HttpResponse:
    """The cases, mediations, slips or hazards behind one number, by the same definition."""
    require(may_see_figures(request.user), "您的岗位没有统计数据可看。")
    asked: AskedList = asked_list(request.user, request.GET)
    page = page_of(request, asked.rows, size=30)
    context = {
        "asked": asked,
        "page": page,
        "rows": [] if asked.lines_of else queries.listed(request.user, page.items),
        "lines": asked.lines_of(request.user, page.items) if asked.lines_of else [],
        "total": total_of(asked.rows) if page.is_first else None,
    }
    return render(request, "statistics/cases.html", context)


@login_required
@require_GET
def definitions(request: PersonRequest) -> HttpResponse:
    """What every figure means."""
    context = {"figures": FIGURES.values(), "measures": counting_queries.all_measures().values()}
    return render(request, "statistics/definitions.html", context)


def period_asked(request: PersonRequest) -> Period:
    """The period in the address."""
    get = request.GET.get
    return asked_period(timezone.localdate(), name=get("period", ""), start=get("from", ""), end=get("to", ""))


def _to_own_organisation(request: PersonRequest) -> HttpResponse:
    own = sorted(scope_of(request.user).organisation_ids)
    require(bool(own), "您的岗位没有统计数据可看。")
    return redirect("workbench:figures_organisation", own[0])


def _trail(request: PersonRequest, code: str) -> list[tuple[str, str]]:
    """The places above, as far up as this person sees."""
    top = next(place for place in places_of(request.user) if code.startswith(place))
    above = [code[:n] for n in (2, 4, 6, 9, 12, 15) if len(top) <= n <= len(code)]
    names = names_of_places(above)
    return [(place, names.get(place, place)) for place in above]
