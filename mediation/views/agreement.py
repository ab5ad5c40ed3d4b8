"""The agreement editor."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mediation import actions
from mediation.actions.agreement_bars import why_not_draft, why_not_rewrite
from mediation.fields import only_sides, party_choices
from mediation.forms.agreement import COLUMNS, AgreementInput, rows_of, typed_rows
from mediation.models import Agreement, Mediation, ObligationKind
from mediation.permissions import may_mediate
from mediation.queries.agreements import draft_of
from mediation.queries.visibility import mediation_visible_to
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, refuse_for, require

EMPTY: dict[str, Any] = {**dict.fromkeys(COLUMNS, ""), "kind": "money", "parts": []}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def agreement(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Write the agreement of a mediation, or write it again."""
    mediation = mediation_visible_to(request.user, uid)
    require(may_mediate(request.user, mediation), "协议由调解组织起草。")
    draft = draft_of(mediation)
    if request.method == "GET":
        refuse_for(why_not_draft(mediation) or why_not_rewrite(draft))
    form = AgreementInput(request.POST if request.method == "POST" else None, subject=mediation, agreement=draft)
    if request.method == "POST" and form.is_valid() and _saved(request, mediation, form):
        return redirect("mediation:mediation", mediation.uid)
    context = {
        "mediation": mediation,
        "case": mediation.case,
        "form": form,
        "rows": _rows(request, mediation, draft),
        "parties": party_choices(mediation.case),
        "kinds": ObligationKind.choices,
        "empty": EMPTY | only_sides(mediation.case),
    }
    return render(request, "mediation/agreement.html", context, status=422 if form.errors else 200)


def _rows(request: PersonRequest, mediation: Mediation, draft: Agreement | None) -> list[dict[str, Any]]:
    if request.method == "POST":
        return typed_rows(request.POST) or [EMPTY]
    return rows_of(draft) if draft else [EMPTY | only_sides(mediation.case)]


def _saved(request: PersonRequest, mediation: Mediation, form: AgreementInput) -> bool:
    try:
        actions.draft_agreement(mediation, form.draft(), actor=request.user, version=form.cleaned_data["version"])
    except DomainError as error:
        form.refuse_for(error)
        return False
    messages.success(request, "协议已保存。书面协议请记录签署，口头协议请登记生效。")
    return True
