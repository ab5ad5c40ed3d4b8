"""What is owed by the list of a group, person by person: shown page by page, recorded singly or in one act."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.queries import shown_name
from mediation import actions
from mediation.available_actions import available_acts
from mediation.available_actions.agreements import STANDING
from mediation.forms.listed import TogetherForm
from mediation.models import Agreement, Mediation
from mediation.permissions import may_read_file, may_record_performance
from mediation.queries.agreements import current_agreement
from mediation.queries.listed_obligations import due_days, listed_instalments
from mediation.queries.visibility import mediation_visible_to
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound
from zhongzhi.web.lists import page_of

SIZE = 50


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def instalments(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The parts of the list, and what was paid of them."""
    mediation = mediation_visible_to(request.user, uid)
    agreement = current_agreement(mediation)
    if agreement is None:
        raise NotFound("还没有协议。")
    form = _form(request, agreement)
    if request.method == "POST" and form.is_valid() and _recorded(request, agreement, form):
        return redirect("mediation:listed", uid)
    return _page(request, mediation, agreement, form)


def _form(request: PersonRequest, agreement: Agreement) -> TogetherForm:
    days = [(str(d.due_on), f"{d.due_on} 一期，全部 {d.open_people} 人") for d in due_days(agreement) if d.open_people]
    return TogetherForm(request.POST, request.FILES, days=days) if request.method == "POST" else TogetherForm(days=days)


def _recorded(request: PersonRequest, agreement: Agreement, form: TogetherForm) -> bool:
    given = dict(form.cleaned_data)
    proof, day = given.pop("proof"), given.pop("due_on")
    given |= {"due_on": date.fromisoformat(day) if day else None, "proofs": [proof] if proof else []}
    try:
        count = actions.perform_together(agreement, request.POST.getlist("parts"), actor=request.user, **given)
    except DomainError as error:
        form.refuse(error.errors, error.message)
        return False
    messages.success(request, f"已记录 {count} 人履行。")
    return True


def _page(request: PersonRequest, mediation: Mediation, agreement: Agreement, form: TogetherForm) -> HttpResponse:
    clear = may_read_file(request.user, mediation.case)
    rows = listed_instalments(agreement)
    if request.GET.get("open"):
        rows = rows.filter(performed_on=None, released_at=None)
    page = page_of(request, rows, order=("due_on", "id"), size=SIZE)
    lines: list[tuple[Any, ...]] = []
    for row in page.items:
        row.obligation.agreement = agreement
        lines.append((row, shown_name(row.obligation.creditor, in_clear=clear), available_acts(request.user, row)))
    context = {
        "mediation": mediation,
        "case": mediation.case,
        "agreement": agreement,
        "lines": lines,
        "page": page,
        "days": due_days(agreement),
        "form": form,
        "today": timezone.localdate(),
        "only_open": bool(request.GET.get("open")),
        "may_record": agreement.status in STANDING and may_record_performance(request.user, mediation),
    }
    return render(request, "mediation/listed.html", context, status=422 if form.errors else 200)
