"""The list of what was found, with the response times of calls."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from grids import queries
from grids.filters import HazardFilter
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.web.lists import filtered, page_of

MEASURED = timedelta(days=90)


@login_required
@require_GET
def hazards(request: PersonRequest) -> HttpResponse:
    """Filtered and paged, the newest first."""
    filters = HazardFilter(request.GET, queries.hazards_visible_to(request.user), request=request)
    page = page_of(request, filtered(filters))
    times = queries.response_times(request.user, since=timezone.now() - MEASURED)
    return render(request, "grids/hazards.html", {"page": page, "filters": filters, "times": times})
