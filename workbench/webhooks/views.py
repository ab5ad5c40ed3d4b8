"""The webhooks of an outside system: set up (the secret is shown once), watched, paused, ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.permissions import may_keep_api_clients
from workbench.exchange.queries import manner_of
from workbench.webhooks import actions
from workbench.webhooks.forms import WebhookForm
from workbench.webhooks.queries import log_of, webhook_of
from zhongzhi.accounts.queries import client_of
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest, pk: int) -> HttpResponse:
    """Set one up."""
    require(may_keep_api_clients(request.user), actions.WHO)
    form, client = WebhookForm(request.POST or None), client_of(pk)
    if request.method == "POST" and form.is_valid():
        require_recent_authentication(request)
        try:
            given = dict(form.cleaned_data)
            url, kinds = given.pop("url"), given.pop("kinds")
            made = actions.open_webhook(pk, url, kinds, actions.Manner(**given), actor=request.user)
            return _page(request, pk, made.hook.pk, fresh=made.secret)
        except DomainError as refusal:
            form.refuse(refusal.errors, refusal.message)
    context = {"client": client, "form": form}
    return render(request, "webhooks/new.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def webhook(request: PersonRequest, pk: int, hook: int) -> HttpResponse:
    """One, with what it told last."""
    require(may_keep_api_clients(request.user), actions.WHO)
    return _page(request, pk, hook)


@login_required
@never_cache
@require_POST
def secret(request: PersonRequest, pk: int, hook: int) -> HttpResponse:
    """Another secret, shown this once."""
    require(may_keep_api_clients(request.user), actions.WHO)
    require_recent_authentication(request)
    made = actions.renew_secret(pk, hook, actor=request.user)
    return _page(request, pk, hook, fresh=made.secret)


@login_required
@require_POST
def pause(request: PersonRequest, pk: int, hook: int) -> HttpResponse:
    """Stop for a while."""
    actions.pause_webhook(pk, hook, actor=request.user)
    return _done(request, pk, hook, "已暂停，期间的变化留待恢复后补发。")


@login_required
@require_POST
def resume(request: PersonRequest, pk: int, hook: int) -> HttpResponse:
    """Go on."""
    actions.resume_webhook(pk, hook, actor=request.user)
    return _done(request, pk, hook, "已恢复，正在补发。")


@login_required
@require_POST
def end(request: PersonRequest, pk: int, hook: int) -> HttpResponse:
    """For good."""
    actions.end_webhook(pk, hook, actor=request.user)
    return _done(request, pk, hook, "已停用。")


@login_required
@require_POST
def again(request: PersonRequest, pk: int, hook: int, delivery: int) -> HttpResponse:
    """One event once more."""
    actions.send_again(pk, hook, delivery, actor=request.user)
    return _done(request, pk, hook, "已列入重发。")


def _done(request: PersonRequest, pk: int, hook: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("webhooks:webhook", pk, hook)


def _page(request: PersonRequest, pk: int, hook: int, *, fresh: str = "") -> HttpResponse:
    row = webhook_of(pk, hook)
    context = {"client": row.client, "hook": row, "log": log_of(row), "fresh": fresh, "manner": manner_of(row)}
    return render(request, "webhooks/webhook.html", context)
