"""The roster with its numbers in the clear: asked for with a reason, for those entitled, kept in the trail."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grids import actions, queries
from grids.actions.tables import TABLES, roster_rows
from grids.actions.unmasking import MOST, NOT_ENTITLED
from grids.filters import RosterFilter
from grids.forms.roster import ClearForm
from grids.permissions import may_export_in_clear
from grids.views.table_imports import table_file
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require
from zhongzhi.web.lists import filtered
from zhongzhi.web.sheets import write_xlsx
from zhongzhi.web.watermark import head_line


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def export_in_clear(request: PersonRequest) -> HttpResponse | HttpResponseBase:
    """The rows as they are filtered on the roster's page, with phones and identity numbers whole."""
    require(may_export_in_clear(request.user), NOT_ENTITLED)
    require_recent_authentication(request)
    filters = RosterFilter(request.GET, queries.services_in_clear_for(request.user), request=request)
    rows = filtered(filters).order_by("id")
    form = ClearForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = actions.export_in_clear(rows, actor=request.user, reason=form.cleaned_data["reason"])
            table = write_xlsx("名册", TABLES["roster"][1], roster_rows(chosen, in_clear=True), head_line(request.user))
            return table_file("名册（完整号码）", table)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"form": form, "number": rows.count(), "most": MOST}
    return render(request, "grids/clear.html", context, status=422 if form.errors else 200)
