"""Pages of warnings: the list to look at first, one warning with its evidence, and what is done with it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from early_warning import actions, queries
from early_warning.available_actions import LABELS, act, form_of, offered
from early_warning.filters import LIVING, WarningFilter
from early_warning.permissions import may_decide, sees_warnings
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require
from zhongzhi.web.lists import filtered, page_of, total_of

WHO = "预警由综治中心的研判分流员、负责人、领导和网格员查看。"


@login_required
@never_cache
@require_GET
def warnings(request: PersonRequest) -> HttpResponse:
    """First what a person can look at in a week, ranked with reasons; then, filtered and paged, all by age."""
    require(sees_warnings(request.user), WHO)
    seen = queries.warnings_visible_to(request.user)
    first = list(queries.ranked(queries.open_warnings(request.user))[: settings.WARNINGS_A_WEEK])
    filters = WarningFilter(request.GET or QueryDict(f"status={LIVING}"), seen, request=request)
    rows = filtered(filters)
    if not request.GET:
        rows = rows.exclude(pk__in=[one.pk for one in first])
    page = page_of(request, rows, order=("raised_at", "id"))
    context = {
        "first": queries.views_of(request.user, first) if not request.GET else [],
        "page": page,
        "rows": queries.views_of(request.user, list(page.items)),
        "filters": filters,
        "total": total_of(rows),
    }
    return render(request, "early_warning/list.html", context)


@login_required
@never_cache
@require_GET
def warning(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One warning with all its evidence; who opened it is written down."""
    found = queries.warning_visible_to(request.user, uid)
    actions.note_look(found, actor=request.user)
    context = {"file": queries.file_of(request.user, found), "acts": offered(request.user, found)}
    return render(request, "early_warning/warning.html", context)


@login_required
@require_POST
def do(request: PersonRequest, uid: UUID, name: str) -> HttpResponse:
    """One act; a refusal is shown beside its field, with what was typed."""
    found = queries.warning_visible_to(request.user, uid)
    require(may_decide(request.user, found))
    form = form_of(name, request.user, found, request.POST)
    if form.is_valid():
        try:
            act(name, found, actor=request.user, **form.arguments())
            messages.success(request, f"已{LABELS[name]}。")
            return redirect("early_warning:warning", uid=uid)
        except DomainError as refusal:
            form.refuse(refusal.errors, refusal.message)
    acts = [one if one.name != name else type(one)(name, one.label, form) for one in offered(request.user, found)]
    context = {"file": queries.file_of(request.user, found), "acts": acts, "wrong": name}
    return render(request, "early_warning/warning.html", context, status=422)
