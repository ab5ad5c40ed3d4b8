"""The list of cases in sight, its saved views, and the lists that stand on their own: follow-ups, hung-up cases."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from intake import actions, queries
from intake.filters import CaseFilter
from intake.models import Case
from intake.permissions import may_record_road, may_register
from intake.views.columns import COLUMNS, chosen_columns
from intake.views.list_pages import first_or_next_page
from intake.views.orders import ORDERS, heads_of, in_order, order_named
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError
from zhongzhi.web.lists import filtered, page_of, total_of
from zhongzhi.web.paging import Page

SIZE = 50
KEPT = frozenset((*CaseFilter.base_filters, "ordering", "columns"))


@login_required
@require_GET
def case_list(request: PersonRequest) -> HttpResponse:
    """Filtered and paged; filters, order and columns stay in the address."""
    filters = CaseFilter(request.GET, queries.cases_for_list(request.user), request=request)
    selected = filtered(filters)
    total = total_of(selected)
    rows, order, left_out = in_order(selected, order_named(request.GET.get("ordering", "")), total)
    page = page_of(request, rows, order=order.keys, size=SIZE)
    columns = chosen_columns(request.GET.getlist("columns"))
    context = {
        "page": page,
        "total": total,
        "rows": queries.listed(request.user, page.items),
        "filters": filters,
        "ordering": order,
        "orders": [order for order in ORDERS if order.is_indexed or total.is_all],
        "left_out": left_out,
        "columns": columns,
        "heads": heads_of(columns, order),
        "all_columns": [(column, column in columns) for column in COLUMNS],
        "views": queries.saved_views(request.user),
        "share_with": queries.organisations_to_share_with(request.user),
        "address": _kept(request.GET),
        "kept": [(name, value) for name, value in _pairs(request.GET) if name != "columns"],
        "stays": [(name, value) for name, value in _pairs(request.GET) if name in ("ordering", "columns")],
        "may_register": may_register(request.user),
    }
    return render(request, "intake/list.html", context)


@login_required
@require_POST
def save_view(request: PersonRequest) -> HttpResponse:
    """Keep what stands in the address under a name."""
    address = _kept(QueryDict(request.POST.get("address", "")[:4000]))
    try:
        shared = request.POST.get("shared_with", "")
        view = actions.save_view(
            actor=request.user,
            name=request.POST.get("name", ""),
            address=address,
            shared_with=int(shared) if shared.isdecimal() else None,
        )
        shared_words = "，本单位的人都能用" if view.shared_with_id else ""
        messages.success(request, f"视图“{view.name}”已保存{shared_words}。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(_list_at(address))


@login_required
@require_POST
def discard_view(request: PersonRequest, pk: int) -> HttpResponse:
    """Throw a view of one's own away."""
    actions.discard_view(pk, actor=request.user)
    messages.success(request, "视图已删除。")
    return redirect("intake:list")


@login_required
@never_cache
@require_GET
def follow_up_list(request: PersonRequest) -> HttpResponse:
    """Closed cases that wait for their follow-up, the nearest limit first."""
    page, _ = first_or_next_page(request, queries.cases_to_follow_up, order=("next_due", "id"), size=SIZE)
    return _simple_list(request, page, FOLLOW_UP)


@login_required
@never_cache
@require_GET
def open_list(request: PersonRequest) -> HttpResponse:
    """The open list of what is hung up, the nearest day of review first."""
    return _simple_list(
        request, page_of(request, queries.open_list_cases(request.user), order=("review_on", "id"), size=SIZE), HUNG_UP
    )


@login_required
@never_cache
@require_GET
def road_list(request: PersonRequest) -> HttpResponse:
    """Cases led to court, arbitration, reconsideration …, until that road has its result; the longest wait first."""
    return _simple_list(
        request, page_of(request, queries.cases_on_open_roads(request.user), order=("led_at", "id"), size=SIZE), ROADS
    )


@login_required
@never_cache
@require_GET
def guidance_list(request: PersonRequest) -> HttpResponse:
    """Cases that were guided and have not arrived; the longest on their way first."""
    return _simple_list(
        request, page_of(request, queries.cases_on_their_way(request.user), order=("led_at", "id"), size=SIZE), GUIDANCE
    )


FOLLOW_UP = {
    "title": "待回访",
    "kind": "follow_up",
    "empty": "办结的案件都已回访",
    "hint": "案件办结后会列在这里，七日内回访当事人。",
}
HUNG_UP = {
    "title": "挂账案件",
    "kind": "hung_up",
    "empty": "没有挂账的案件",
    "hint": "一时难以化解的案件，由综治中心负责人在案件页“更多”中挂账，时限暂停，到复核日期再议。",
}

ROADS = {
    "title": "途径跟踪",
    "kind": "roads",
    "empty": "没有等待结果的法律途径",
    "hint": "未化解的案件引导走诉讼、仲裁、复议等途径后列在这里，直到登记了那条途径的结果。",
}


GUIDANCE = {
    "title": "导引跟踪",
    "kind": "guidance",
    "empty": "导引的案件都已到位",
    "hint": "导引、转送、不予受理的案件列在这里，直到接收单位接收；被退回的回到本中心受理。",
}


def _simple_list(request: PersonRequest, page: Page[Case], words: dict[str, str]) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "rows": queries.listed(request.user, page.items), "words": words}
    if words is ROADS:
        context["may_record"] = {case.pk for case in page.items if may_record_road(request.user, case)}
    return render(request, "intake/waiting.html", context)


def _pairs(given: QueryDict) -> list[tuple[str, str]]:
    """What of an address makes a view: filters, order, columns; not the page one stands on."""
    return [(name, value) for name, values in given.lists() if name in KEPT for value in values if value]


def _kept(given: QueryDict) -> str:
    return urlencode(_pairs(given))


def _list_at(address: str) -> str:
    return reverse("intake:list") + (f"?{address}" if address else "")
