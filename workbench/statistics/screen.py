"""The wall of the hall: by the session of who opened it, or by a link of its own that needs no login."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.models import Territory
from grids.queries import names_of_places
from workbench.actions import make_screen_link, revoke_screen_link
from workbench.queries import place_of_screen, screen_links
from workbench.statistics.board import Board, board_of
from workbench.statistics.headline import headline
from workbench.statistics.periods import preset
from workbench.statistics.permissions import place_for, places_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require
from zhongzhi.replica import from_replica

SHOWN_PLACES = 14
LASTS = timedelta(days=365)


@login_required
@never_cache
@require_GET
def screen(request: PersonRequest) -> HttpResponse:
    """The wall, by one's own session."""
    place = place_for(request.user, request.GET.get("place", ""))
    return _wall(request, place, f"{reverse('workbench:screen_data')}?place={place.code}")


@login_required
@never_cache
@require_GET
@from_replica
def screen_data(request: PersonRequest) -> HttpResponse:
    """Its figures."""
    return _figures(place_for(request.user, request.GET.get("place", "")))


@never_cache
@require_GET
def open_screen(request: HttpRequest, token: str) -> HttpResponse:
    """The wall, by its link; NotFound for one that is over."""
    return _wall(request, place_of_screen(token), reverse("workbench:open_screen_data", args=[token]))


@never_cache
@require_GET
@from_replica
def open_screen_data(request: HttpRequest, token: str) -> HttpResponse:
    """Its figures."""
    return _figures(place_of_screen(token))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def links(request: PersonRequest) -> HttpResponse:
    """The links of walls in one's territory, and a new one, whose address is shown once."""
    places = places_of(request.user)
    require(bool(places), "大屏按区划显示，您的岗位没有统计区域。")
    fresh = ""
    if request.method == "POST":
        place = place_for(request.user, request.POST.get("place", ""))
        token = make_screen_link(place, actor=request.user, ends_on=timezone.localdate() + LASTS)
        fresh = request.build_absolute_uri(reverse("workbench:open_screen", args=[token]))
    context = {"links": screen_links(request.user), "places": names_of_places(list(places)).items(), "fresh": fresh}
    return render(request, "statistics/screen_links.html", context)


@login_required
@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """End a link; the wall shows nothing from then on."""
    revoke_screen_link(pk, actor=request.user)
    messages.success(request, "大屏链接已停用。")
    return redirect("workbench:screen_links")


def _wall(request: HttpRequest, place: Territory, source: str) -> HttpResponse:
    return render(request, "statistics/screen.html", {"place": place, "source": source, "leads": headline()})


def _figures(place: Territory) -> JsonResponse:
    answer = wall_of(board_of(place, preset("year", timezone.localdate())))
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def wall_of(board: Board) -> dict[str, Any]:
    """What a wall shows: numbers of places and kinds, never of persons."""
    shown = [row for row in board.places if not row.is_small] + [row for row in board.places if row.is_small]
    return {
        "at": timezone.localtime(board.at).strftime("%H:%M:%S"),
        "period": f"{board.period.label}（{board.period.words}）",
        "overdue": board.overdue,
        "values": {
            name: {"text": v.text, "unit": v.figure.unit, "part": v.part, "whole": v.whole, "small": v.is_small}
            for name, v in board.values.items()
        },
        "months": [{"month": f"{m.first:%Y-%m}", "accepted": m.accepted, "resolved": m.resolved} for m in board.months],
        "tiers": [{"label": s.label, "count": s.count, "percent": s.percent} for s in board.tiers],
        "categories": [{"label": s.label, "count": s.count} for s in board.categories],
        "areas": [{"name": row.name, "count": row.accepted} for row in board.places if row.accepted],
        "places": [
            {
                "name": row.name,
                "rank": row.rank_words if row.rank else None,
                "small": row.is_small,
                "accepted": row.whole,
                "resolved": row.part,
                "resolution": "—" if row.resolution is None else f"{row.resolution:.1f}%",
            }
            for row in shown[:SHOWN_PLACES]
        ],
    }
