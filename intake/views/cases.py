"""The list of cases in sight."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from intake import queries
from intake.filters import CaseFilter
from intake.permissions import may_register
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.web.paging import keyset_page

ORDERS = {"due": ("next_due", "id"), "new": ("-id",)}
SIZE = 30


@login_required
@require_GET
def case_list(request: PersonRequest) -> HttpResponse:
    """Filtered and paged; the filters stay in the address."""
    filters = CaseFilter(request.GET, queries.cases_for_list(request.user), request=request)
    order = "due" if request.GET.get("ordering") == "due" else "new"
    rows = filters.qs if filters.is_valid() else filters.queryset.none()
    page = keyset_page(rows, order=ORDERS[order], cursor=request.GET.get("cursor"), size=SIZE)
    context = {
        "page": page,
        "rows": queries.listed(request.user, page.items),
        "filters": filters,
        "may_register": may_register(request.user),
    }
    return render(request, "intake/list.html", context)
