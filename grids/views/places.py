"""Pages of places: the overview, a village with its triangle, a grid with its people, the notice board."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids import queries
from grids.models import Level
from grids.permissions import (
    keeps_places,
    may_keep_roster_of,
    may_keep_rosters,
    may_reveal_person_at,
    may_set_duty_for,
)
from grids.scope import scope_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.text import clean_text


@login_required
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """The places in sight, from the widest down."""
    top = queries.top_of(request.user)
    asked = request.GET.get("below", "")
    here = queries.place_visible_to(request.user, asked) if asked else queries.territory_of(top) if top else None
    code = here.code if here else ""
    found = queries.overview(request.user, code) if here else queries.Overview({}, [])
    context = {
        "here": here,
        "ladder": queries.path_to(here, top) if here else [],
        "figures": found.figures,
        "lines": found.lines,
        "keeps_places": keeps_places(request.user),
        "keeps_rosters": may_keep_rosters(request.user),
    }
    return render(request, "grids/overview.html", context)


@login_required
@never_cache
@require_GET
def place(request: PersonRequest, code: str) -> HttpResponse:
    """One place: who serves, who did, what is open; a village with its grids."""
    here = queries.place_visible_to(request.user, code)
    is_village = len(here.code) == Level.VILLAGE
    context = {
        "here": here,
        "is_grid": len(here.code) == Level.GRID,
        "is_village": is_village,
        "responsible": queries.responsible_for(here),
        "services": queries.services_at(here),
        "history": queries.history_at(here)[:100],
        "handovers": queries.handovers_at(here)[:10],
        "triangle": queries.triangle_of(here) if is_village else None,
        "hazards": queries.hazards_within(queries.unsettled_hazards(request.user), here.current_code)[:10],
        "keeps": may_keep_roster_of(request.user, here),
        "may_set_duty": may_set_duty_for(request.user, here),
        "names_in_clear": may_reveal_person_at(request.user, here),
        "subtree": scope_of(request.user).covers(here),
    }
    return render(request, "grids/place.html", context)


@login_required
@require_GET
def find(request: PersonRequest) -> HttpResponse:
    """Lines of places in sight for the picker."""
    text = clean_text(request.GET.get("q", ""), max_length=60)
    rows = queries.places_in_sight(request.user, text) if text else []
    lines = [(place.code, place.full_name, place.kind or place.level_label) for place in rows]
    return render(request, "parts/_options.html", {"lines": lines})


@login_required
@require_GET
def board(request: PersonRequest, code: str) -> HttpResponse:
    """公示牌: the public notice board of a grid, to be printed; public phones only."""
    here = queries.place_visible_to(request.user, code)
    context = {
        "here": here,
        "services": [s for s in queries.services_at(here) if s.kind in queries.ON_THE_BOARD],
        "groups": queries.party_groups_at(here),
        "centre": queries.centre_of(here),
    }
    return render(request, "grids/board.html", context)
