"""The dialog of an act: asked for, done, and back. One for all apps; below it the address of the acts on a case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from intake import queries
from intake.available_actions import ACTS, Situation
from intake.lifecycle import State
from intake.models import Case
from intake.permissions import may_see_personal
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require
from zhongzhi.web.act_table import Act, ActTable

BACK = {
    "roads": "intake:roads",
    "follow-up": "intake:follow_up",
    "hung-up": "intake:hung_up",
}
"""Lists that an act was opened from, and that one returns to."""
NAMES_PARTIES = "这一事项涉及当事人，由办理本案的人员办理。"
HERE = "here"
"""The page on which the dialog was opened, with its filters."""


def act_dialog(
    request: PersonRequest,
    table: ActTable[Any],
    act: Act[Any],
    situation: Any,
    subject: Any,
    *,
    headline: str,
    leads_to: Callable[[Any], str],
    address: str = "",
    said: Callable[[Act[Any]], str] | None = None,
) -> HttpResponse:
    """Ask for what the act takes, then do it on the subject; `leads_to` is given what came of it.

    `headline` says what it is done on; `address` is where the form is sent, this address unless it says otherwise;
    `said` is what the page says afterwards, where that is more than the act's own words.
    """
    sent = request.method == "POST"
    form = table.form(act, subject, *((request.POST, request.FILES) if sent else ()), for_=situation)
    if sent and form.is_valid():
        try:
            result = act.do(subject, actor=request.user, **form.arguments())
            messages.success(request, said(act) if said else act.done_message)
            return HttpResponseClientRedirect(_list_left(request) or leads_to(result))
        except DomainError as error:
            form.refuse_for(error)
    context = {
        "act": act,
        "form": form,
        "headline": headline,
        "address": address or _own_address(request),
        "asked": act.asked(situation) if act.asked else None,
        "limits": act.limits(situation) if act.limits else [],
        "confirmation": table.confirmation(act),
    }
    return render(request, "parts/_act.html", context, status=422 if form.errors else 200)


def _list_left(request: PersonRequest) -> str:
    """Where one returns to; empty where the act leads on."""
    back = request.GET.get("back", "")
    if back == HERE:
        return request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    return reverse(BACK[back]) if back in BACK else ""


def _own_address(request: PersonRequest) -> str:
    back = request.GET.get("back", "")
    return f"{request.path}?back={back}" if back in (HERE, *BACK) else request.path


def now_true(case: Case) -> Callable[[Act[Any]], str]:
    """What is so after an act, and, where it moved the case, until when somebody has to do what follows."""
    before = State(case.status)

    def said(act: Act[Any]) -> str:
        following = queries.next_limit_in_words(case, unless=before)
        return f"{act.done_message.rstrip('。')}，{following}。" if following else act.done_message

    return said


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """An act on a case."""
    case, chosen = queries.case_visible_to(request.user, code), ACTS.named(name)
    if chosen.names_parties:
        require(may_see_personal(request.user, case), NAMES_PARTIES)
    return act_dialog(
        request,
        ACTS,
        chosen,
        Situation(request.user, case),
        case,
        headline=headline_of(case),
        leads_to=lambda result: _page_after(request.user, chosen, case),
        said=now_true(case),
    )


def _page_after(user: User, done: Act[Any], case: Case) -> str:
    """The case's page; home, where the case went out of sight with the act."""
    if done.leaves and not queries.cases_visible_to(user).filter(pk=case.pk).exists():
        return reverse("workbench:home")
    return reverse("workbench:dossier", args=[case.code])


def headline_of(case: Case) -> str:
    """How a case is named at the head of a dialog."""
    return f"{case.code} · {case.title}"
