"""Dialogs over a page: a form that asks, one act, and back."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from zhongzhi.accounts.recent_authentication import RecentAuthenticationRequired
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError
from zhongzhi.web.forms import StyledForm


def dialog(
    request: PersonRequest,
    title: str,
    form: StyledForm,
    act: Callable[[], str],
    target: str,
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Ask, act, and lead back; a refusal is shown beside what it is about. Being asked again who one is, is none."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return HttpResponseClientRedirect(target)
        except RecentAuthenticationRequired:
            raise
        except DomainError as error:
            form.refuse(error.errors, error.message)
    return sheet(request, title, form, context)


def sheet(
    request: PersonRequest, title: str, form: StyledForm, context: Mapping[str, object] | None = None
) -> HttpResponse:
    """The dialog itself, with what was typed and what is wrong with it."""
    facts = {"title": title, "form": form, **(context or {})}
    return render(request, "grids/parts/_dialog.html", facts, status=422 if form.errors else 200)
