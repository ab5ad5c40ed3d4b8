"""Pages of what persons ask about their own data."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake import actions
from intake.models import DataRequest
from intake.permissions.data_requests import may_decide_data_request, may_receive_data_requests
from intake.queries.personal_data import (
    centres_for_data_requests,
    data_request_visible_to,
    data_requests_visible_to,
    restrictions_of,
)
from workbench.personal_data.forms import EraseForm, OpinionForm, RequestForm, RestrictForm
from workbench.personal_data.paper import NAME, sheet_paper
from workbench.personal_data.queries import sheet_of
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.printing.handing_out import docx_response, print_response
from zhongzhi.web.lists import page_of

DECISIONS: dict[str, tuple[type[OpinionForm], Any, str]] = {
    "restrict": (RestrictForm, actions.restrict_data, "已限制处理。"),
    "erase": (EraseForm, actions.erase_data, "已办理删除；依法须保存的已限制处理。"),
    "correct": (OpinionForm, actions.note_corrected, "已办结更正请求。"),
    "refuse": (OpinionForm, actions.refuse_data_request, "已登记不予办理。"),
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def data_requests(request: PersonRequest) -> HttpResponse:
    """What was asked, and the form for the next who asks. A POST: numbers stay out of addresses."""
    require(may_receive_data_requests(request.user), "个人信息请求由综治中心窗口受理。")
    centres = centres_for_data_requests(request.user)
    form = RequestForm(request.POST if request.method == "POST" else None, centres=centres)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.receive_data_request(actor=request.user, **form.arguments())
            return redirect("workbench:data_request", row.uid)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"form": form, "page": page_of(request, data_requests_visible_to(request.user), size=20)}
    return render(request, "workbench/personal_data/list.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def data_request(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The sheet of one who asked, and what can be decided."""
    require_recent_authentication(request)
    row = data_request_visible_to(request.user, uid)
    actions.note_data_sheet(row, actor=request.user, how="page")
    return _page(request, row, {})


@login_required
@never_cache
@require_GET
def print_sheet(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The sheet as PDF to print, for the person."""
    require_recent_authentication(request)
    row = data_request_visible_to(request.user, uid)
    actions.note_data_sheet(row, actor=request.user, how="print")
    paper = sheet_paper(sheet_of(row, request.user), made_by=request.user)
    return print_response(paper, NAME)


@login_required
@never_cache
@require_GET
def sheet_document(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The sheet as DOCX."""
    require_recent_authentication(request)
    row = data_request_visible_to(request.user, uid)
    actions.note_data_sheet(row, actor=request.user, how="docx")
    paper = sheet_paper(sheet_of(row, request.user), made_by=request.user)
    return docx_response(paper, NAME)


@login_required
@never_cache
@require_POST
def decide(request: PersonRequest, uid: UUID, name: str) -> HttpResponse:
    """What the manager decides."""
    row = data_request_visible_to(request.user, uid)
    if name not in DECISIONS:
        raise NotFound
    make, act, done = DECISIONS[name]
    form = make(request.POST)
    if form.is_valid():
        try:
            act(row, actor=request.user, **form.cleaned_data)
            messages.success(request, done)
            return redirect("workbench:data_request", uid)
        except DomainError as error:
            if error.status == 403:
                raise
            form.refuse(error.errors, error.message)
    return _page(request, row, {name: form})


@login_required
@require_POST
def lift(request: PersonRequest, uid: UUID, pk: int) -> HttpResponse:
    """End a restriction before its day."""
    row = data_request_visible_to(request.user, uid)
    found = restrictions_of(row).filter(pk=pk).first()
    if found is None:
        raise NotFound
    actions.lift_restriction(found, reason=request.POST.get("reason", ""), actor=request.user)
    messages.success(request, "已解除限制处理。")
    return redirect("workbench:data_request", uid)


def _page(request: PersonRequest, row: DataRequest, bound: dict[str, OpinionForm]) -> HttpResponse:
    may = may_decide_data_request(request.user, row)
    forms = {name: bound.get(name) or make(auto_id=f"{name}-%s") for name, (make, _, _) in DECISIONS.items()}
    context = {
        "sheet": sheet_of(row, request.user),
        "may_decide": may,
        "open_forms": _offered(row, forms) if may and row.state == "open" else [],
        "restrictions": restrictions_of(row),
    }
    return render(request, "workbench/personal_data/sheet.html", context, status=422 if bound else 200)


def _offered(row: DataRequest, forms: dict[str, OpinionForm]) -> list[tuple[str, str, OpinionForm]]:
    """The decision that was asked for, and the refusal."""
    labels = {"restrict": "限制处理", "erase": "删除", "correct": "已更正", "refuse": "不予办理"}
    names = (row.kind, "refuse") if row.kind in forms else ("refuse",)
    return [(name, labels[name], forms[name]) for name in names]
