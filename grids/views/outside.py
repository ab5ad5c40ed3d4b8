"""Pages of the book of outside organisations: the list, and its dialogs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids.actions import outside as actions
from grids.forms.outside import OutsideForm
from grids.permissions import may_keep_outside_book
from grids.queries import outside as queries
from grids.views.dialogs import dialog
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require
from zhongzhi.core.text import clean_text
from zhongzhi.web.forms import StyledForm


@login_required
@never_cache
@require_GET
def book(request: PersonRequest) -> HttpResponse:
    """The book, found by name."""
    require(may_keep_outside_book(request.user), actions.WHO)
    text = clean_text(request.GET.get("q", ""), max_length=60)
    return render(request, "grids/outside.html", {"rows": queries.outside_organisations(text), "q": text})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: PersonRequest) -> HttpResponse:
    """A new one."""
    require(may_keep_outside_book(request.user), actions.WHO)
    form = OutsideForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        return f"{actions.enter_outside_organisation(form.facts(), actor=request.user)}已列入名录。"

    return dialog(request, "登记外单位", form, act, reverse("grids:outside"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Another address, another telephone."""
    require(may_keep_outside_book(request.user), actions.WHO)
    row = queries.outside_organisation(pk)
    form = OutsideForm(request.POST if request.method == "POST" else None, row=row)

    def act() -> str:
        return f"{actions.change_outside_organisation(pk, form.facts(), actor=request.user)}已更新。"

    return dialog(request, f"修改“{row}”", form, act, reverse("grids:outside"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def retire(request: PersonRequest, pk: int) -> HttpResponse:
    """Out of the book."""
    require(may_keep_outside_book(request.user), actions.WHO)
    row = queries.outside_organisation(pk)
    form = StyledForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        return f"{actions.retire_outside_organisation(pk, actor=request.user)}已移出名录，以前的去向保留。"

    return dialog(request, f"把“{row}”移出名录", form, act, reverse("grids:outside"))
