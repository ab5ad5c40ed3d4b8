"""Pages of the auditor; each look is recorded before it is answered."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.views.dialogs import dialog
from workbench.auditing import actions, queries
from workbench.auditing.filters import AlertFilter, TrailFilter
from workbench.auditing.forms import ExplainForm, ExportForm
from workbench.verbs import Verb
from zhongzhi.accounts.recent_authentication import recent_authentication_required
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput
from zhongzhi.long_reads import streamed
from zhongzhi.web.lists import filtered, page_of
from zhongzhi.web.sheets import Column, csv_lines

SPANS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天"}
CHUNK, MOST_LINES = 500, 100_000
COLUMNS = [
    Column("at", "时间"), Column("person", "办理人"), Column("username", "用户名"), Column("verb", "动作"),
    Column("subject", "对象"), Column("reason", "理由"), Column("chain", "链"), Column("seq", "序号"),
]  # fmt: skip


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page that is read."""
    return login_required(never_cache(require_GET(view)))


@page
def trail(request: PersonRequest) -> HttpResponse:
    """Who did what, when, to what, and why."""
    filters = TrailFilter(request.GET, queries.trail_visible_to(request.user), request=request)
    actions.note_look(request.user, Verb.TRAIL_READ, filters.given)
    found = page_of(request, filtered(filters), order=("-at", "-id"))
    context = {"page": found, "filters": filters, "lines": queries.lines_of(found.items), "export": ExportForm()}
    return render(request, "auditing/trail.html", context)


@login_required
@never_cache
@require_POST
def export(request: PersonRequest) -> HttpResponseBase:
    """What the filters leave, as CSV; why is recorded first."""
    filters = TrailFilter(request.GET, queries.trail_visible_to(request.user), request=request)
    if not filters.is_valid():
        raise BadInput("筛选条件有误，请返回修改后再导出。")
    return _taken_out(request, filters)


@recent_authentication_required
def _taken_out(request: PersonRequest, filters: TrailFilter) -> HttpResponseBase:
    actions.note_export(request.user, request.POST.get("reason", ""), filters.given)
    answer = StreamingHttpResponse(csv_lines(COLUMNS, _rows(filters.qs)), content_type="text/csv; charset=utf-8")
    name = f"filename*=UTF-8''%E7%95%99%E7%97%95{timezone.localdate():%Y%m%d}.csv"
    answer["Content-Disposition"] = f"attachment; {name}"
    return answer


def _rows(entries: QuerySet[TrailEntry]) -> Iterator[list[Any]]:
    piece: list[TrailEntry] = []
    for entry in streamed(entries.order_by("-at", "-id")[:MOST_LINES], CHUNK):
        piece.append(entry)
        if len(piece) == CHUNK:
            yield from _written(piece)
            piece = []
    yield from _written(piece)


def _written(entries: list[TrailEntry]) -> Iterator[list[Any]]:
    for line in queries.lines_of(entries):
        entry, who = line.entry, line.entry.actor
        at = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")
        name, username = (who.get_full_name(), who.get_username()) if who else ("系统", "")
        yield [at, name, username, line.verb, line.subject, line.reason, entry.chain, entry.seq]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def checks(request: PersonRequest) -> HttpResponse:
    """What the checks of the trail found; a POST asks for one."""
    rows = queries.checks_visible_to(request.user)
    if request.method == "POST":
        actions.ask_trail_check(request.user)
        messages.success(request, "已安排核对，完成后结果显示在这里。")
        return redirect("workbench:auditing_checks")
    return render(request, "auditing/checks.html", {"page": page_of(request, rows, size=30)})


@page
def looks(request: PersonRequest) -> HttpResponse:
    """Who looked at personal data how often, beside others in the same role."""
    days = request.GET.get("days", "30")
    if days not in SPANS:
        raise BadInput("请选择近 7 天、30 天或 90 天。", field="days")
    readers = queries.looks_by_person(request.user, queries.days_back(int(days)))
    actions.note_look(request.user, Verb.LOOKS_READ, {"days": days})
    return render(request, "auditing/looks.html", {"readers": readers, "days": days, "spans": SPANS.items()})


@page
def alerts(request: PersonRequest) -> HttpResponse:
    """Unusual reading, and what it came to."""
    filters = AlertFilter(request.GET, queries.alerts_visible_to(request.user), request=request)
    asked = {name: request.GET.get(name, "") for name in ("state", "kind")}
    actions.note_look(request.user, Verb.ALERTS_READ, asked)
    return render(request, "auditing/alerts.html", {"page": page_of(request, filtered(filters)), "filters": filters})


@login_required
@require_POST
def seen(request: PersonRequest, pk: int) -> HttpResponse:
    """Note that an alert was read."""
    queries.alerts_visible_to(request.user)
    actions.see_alert(pk, request.user)
    messages.success(request, "已标为已阅。")
    return redirect("workbench:auditing_alerts")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def explain(request: PersonRequest, pk: int) -> HttpResponse:
    """Note what an alert came to."""
    queries.alerts_visible_to(request.user)
    form = ExplainForm(request.POST if request.method == "POST" else None)

    def write() -> str:
        actions.explain_alert(pk, request.user, form.cleaned_data["explanation"])
        return "已记下说明。"

    return dialog(request, "核实情况", form, write, reverse("workbench:auditing_alerts"))
