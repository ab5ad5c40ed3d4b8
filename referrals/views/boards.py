"""Boards: the signatory's tray, the board of supervision, moves between the tiers, the kinds of documents."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.permissions import is_administrator
from intake.queries import veil_all
from referrals import actions, queries
from referrals.documents import WORDS, example_sheet
from referrals.escalation.queries import rules_in_force
from referrals.forms import KindForm
from referrals.permissions import may_change_kinds
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, RuleViolation, require
from zhongzhi.web.lists import page_of

SIZE = 50


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tray(request: PersonRequest) -> HttpResponse:
    """What waits for my signature; several are signed at once, each with its own result."""
    results = []
    if request.method == "POST":
        chosen = queries.selected_to_sign(request.user, request.POST.getlist("document"))
        results = actions.sign_several(chosen, actor=request.user)
        if not results:
            messages.warning(request, "请先勾选要签发的公文。")
    waiting = queries.documents_to_sign(request.user)
    page = page_of(request, waiting, order=("id",), size=SIZE)
    queries.documents_as_seen(request.user, page.items)
    return render(request, "referrals/tray.html", {"page": page, "results": results})


@login_required
@never_cache
@require_GET
def board(request: PersonRequest) -> HttpResponse:
    """Who owes what, since when: what is overdue first; one organisation where it is asked for."""
    rows = queries.documents_owed_to(request.user)
    owed = queries.answers_owed_by_organisation(rows, timezone.now())
    chosen = request.GET.get("organisation", "")
    if chosen.isdigit():
        rows = rows.filter(addressee_id=int(chosen[:9]))
    page = page_of(request, rows, order=("next_due", "id"), size=SIZE)
    queries.documents_as_seen(request.user, page.items)
    return render(request, "referrals/board.html", {"page": page, "owed": owed, "chosen": chosen})


@login_required
@never_cache
@require_GET
def tiers(request: PersonRequest) -> HttpResponse:
    """Cases that came up, went up or were handed down, at my centres."""
    way = "out" if request.GET.get("way") == "out" else "in"
    page = page_of(request, queries.tier_moves_visible_to(request.user, way), size=SIZE)
    veil_all(request.user, page.items, lambda move: move.case, "reason")
    return render(request, "referrals/tiers.html", {"page": page, "way": way})


@login_required
@require_GET
def kinds(request: PersonRequest) -> HttpResponse:
    """Every kind with its versions, and the escalation rules in force."""
    context = {
        "kinds": queries.kinds(),
        "rules": rules_in_force(timezone.localdate()),
        "today": timezone.localdate(),
        "may_change": may_change_kinds(request.user),
        "is_administrator": is_administrator(request.user),
    }
    return render(request, "referrals/kinds.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def kind(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a kind from a day on."""
    require(may_change_kinds(request.user), "文种由系统管理员或县级综治中心负责人修改。")
    found = queries.kind_of(pk)
    form = KindForm(request.POST if request.method == "POST" else None, kind=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_kind(found, actor=request.user, **form.cleaned_data)
            messages.success(request, f"{found.name}的新版本已保存，自启用日期起生效；在办公文不受影响。")
            return redirect("referrals:kinds")
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"kind": found, "form": form, "words": WORDS}
    return render(request, "referrals/kind.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def kind_preview(request: PersonRequest, pk: int) -> HttpResponse:
    """The words as they are being written, on a page of examples; or why they cannot be read."""
    require(may_change_kinds(request.user), "文种由系统管理员或县级综治中心负责人修改。")
    templates = (request.POST.get("subject_template", ""), request.POST.get("body_template", ""))
    context: dict[str, object] = {}
    try:
        context["sheet"] = example_sheet(queries.kind_of(pk), *templates)
    except RuleViolation as error:
        context["error"] = error.message
    return render(request, "referrals/parts/_kind_preview.html", context)
