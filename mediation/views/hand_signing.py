"""The page where parties sign on a screen at the hall, one after the other."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.models import Party
from mediation import actions
from mediation.forms.hand_signing import HandForm
from mediation.models import Agreement
from mediation.permissions import may_mediate
from mediation.queries.agreements import draft_of
from mediation.queries.signatures import parties_to_sign
from mediation.queries.visibility import mediation_visible_to
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Whose turn it is, what the agreement says, a code to the phone, and a place to sign."""
    mediation = mediation_visible_to(request.user, uid)
    require(may_mediate(request.user, mediation), "协议由调解组织组织签署。")
    draft = draft_of(mediation)
    waiting = parties_to_sign(draft) if draft else []
    party = _chosen(request, waiting)
    form = HandForm(request.POST if "sign" in request.POST else None)
    if request.method == "POST" and draft and party and (done := _acted(request, form, draft, party)) is not None:
        return done
    context = {"mediation": mediation, "draft": draft, "waiting": waiting, "party": party, "form": form}
    failed = request.method == "POST" or bool(form.errors)
    return render(request, "mediation/sign.html", context, status=422 if failed else 200)


def _chosen(request: PersonRequest, waiting: list[tuple[Party, str]]) -> Party | None:
    wanted = request.POST.get("party") or request.GET.get("party", "")
    return next((party for party, _ in waiting if str(party.uid) == wanted), waiting[0][0] if waiting else None)


def _acted(request: PersonRequest, form: HandForm, draft: Agreement, party: Party) -> HttpResponse | None:
    """Where the act leads; None where it was refused, with the reason at its field."""
    here = reverse("mediation:sign", args=[draft.mediation.uid])
    try:
        if "send" in request.POST:
            tail = actions.send_signing_code(draft, party, actor=request.user)
            messages.success(request, f"验证码已发往尾号 {tail} 的手机。")
            return redirect(f"{here}?party={party.uid}")
        if not form.is_valid():
            return None
        typed: dict[str, Any] = form.cleaned_data
        device = request.headers.get("User-Agent", "") or "未知设备"
        signed = actions.sign_by_hand(draft, party, typed["code"], typed["drawing"], device, actor=request.user)
    except DomainError as error:
        if form.is_bound:
            form.refuse(error.errors, error.message)
        else:
            messages.error(request, error.message)
        return None
    messages.success(request, f"{party.shown_name}已签名。" + ("协议已生效。" if signed.in_force_on else ""))
    return redirect("mediation:mediation", draft.mediation.uid) if signed.in_force_on else redirect(here)
