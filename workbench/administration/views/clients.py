"""Outside systems: registered, entitled, their tokens given (shown once), renewed, taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.actions import api_clients as acts
from grids.permissions import may_keep_api_clients
from grids.queries import postings_of
from grids.queries.kept_organisations import organisation_kept_by, organisations_kept_by
from intake.models import Channel, Risk
from workbench.administration.form_pages import FormPage, form_page, lines_of
from workbench.administration.forms import ClientForm, NewClientForm, ReasonForm, TokenForm
from workbench.webhooks.queries import webhooks_of
from zhongzhi.accounts.models import Scope
from zhongzhi.accounts.queries import api_clients, client_of, tokens_of
from zhongzhi.accounts.rate_limits import calls_of
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import require
from zhongzhi.web.forms import StyledForm

WHO = "外部系统由系统管理员登记。"


@login_required
@never_cache
@require_GET
def clients(request: PersonRequest) -> HttpResponse:
    """All outside systems."""
    require(may_keep_api_clients(request.user), WHO)
    return render(request, "administration/clients.html", {"rows": api_clients()})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Register one."""
    require(may_keep_api_clients(request.user), WHO)
    form = NewClientForm(request.POST or None, organisations=organisations_kept_by(request.user).filter(ends_on=None))
    _require_known(request, form)
    page = FormPage("登记外部系统", reverse("system:clients"), "登记后在它的页面签发令牌。", "登记")
    return form_page(request, page, form, lambda: _open(request, form))


@login_required
@never_cache
@require_GET
def client(request: PersonRequest, pk: int) -> HttpResponse:
    """One, with its tokens and its history."""
    require(may_keep_api_clients(request.user), WHO)
    return _page(request, pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Other scopes, another end."""
    require(may_keep_api_clients(request.user), WHO)
    row = client_of(pk)
    names = ("scopes", "sight", "channel", "highest_risk", "sender", "ends_on")
    form = ClientForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    _require_known(request, form)
    page = FormPage(f"变更外部系统：{row.name}", reverse("system:client", args=[pk]))
    return form_page(request, page, form, lambda: _change(request, pk, form))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End one with all its tokens."""
    require(may_keep_api_clients(request.user), WHO)
    form, row = ReasonForm(request.POST or None), client_of(pk)
    _require_known(request, form)
    lead = "它的全部令牌立即失效；留痕和它登记的案件都在。"
    page = FormPage(f"停用外部系统：{row.name}", reverse("system:client", args=[pk]), lead, "停用")
    return form_page(request, page, form, lambda: _end(request, pk, form))


@login_required
@never_cache
@require_POST
def issue(request: PersonRequest, pk: int) -> HttpResponse:
    """One more token, shown this once."""
    require(may_keep_api_clients(request.user), WHO)
    form = TokenForm(request.POST, held=client_of(pk).scopes)
    if not form.is_valid():
        return _page(request, pk, form)
    require_recent_authentication(request)
    issued = acts.give_token(pk, actor=request.user, days=form.cleaned_data["days"], scopes=form.opened())
    return _page(request, pk, fresh=issued.text)


@login_required
@never_cache
@require_POST
def renew(request: PersonRequest, pk: int, token: int) -> HttpResponse:
    """A token in place of another, shown this once."""
    require(may_keep_api_clients(request.user), WHO)
    form = TokenForm(request.POST, held=client_of(pk).scopes)
    if not form.is_valid():
        return _page(request, pk, form)
    require_recent_authentication(request)
    issued = acts.renew_token(pk, token, actor=request.user, days=form.cleaned_data["days"])
    return _page(request, pk, fresh=issued.text)


@login_required
@require_POST
def revoke(request: PersonRequest, pk: int, token: int) -> HttpResponse:
    """Take a token back at once: no step that harms waits for a password."""
    require(may_keep_api_clients(request.user), WHO)
    acts.take_token_back(pk, token, actor=request.user)
    messages.success(request, "令牌已收回，立即失效。")
    return redirect("system:client", pk)


@login_required
@never_cache
@require_POST
def sign_calls(request: PersonRequest, pk: int) -> HttpResponse:
    """Have its calls signed, with a new key, shown this once."""
    require(may_keep_api_clients(request.user), WHO)
    require_recent_authentication(request)
    return _page(request, pk, signing=acts.sign_calls(pk, actor=request.user))


@login_required
@never_cache
@require_POST
def end_signing(request: PersonRequest, pk: int) -> HttpResponse:
    """Take its calls without signature again."""
    require(may_keep_api_clients(request.user), WHO)
    require_recent_authentication(request)
    row = acts.end_signing(pk, actor=request.user)
    messages.success(request, f"“{row.name}”的调用不再要求签名。")
    return redirect("system:client", pk)


def _page(
    request: PersonRequest, pk: int, form: TokenForm | None = None, *, fresh: str = "", signing: str = ""
) -> HttpResponse:
    row = client_of(pk)
    form = form or TokenForm(held=row.scopes)
    context = {
        "client": row,
        "scopes": [(scope, Scope(scope).label) for scope in row.scopes],
        "channel": dict(Channel.choices).get(row.channel, ""),
        "highest_risk": dict(Risk.choices).get(row.highest_risk, ""),
        "postings": postings_of([row.user]),
        "tokens": tokens_of(row),
        "webhooks": webhooks_of(row),
        "calls": calls_of(row.pk, timezone.localdate()),
        "form": form,
        "fresh": fresh,
        "signing": signing,
        "history": lines_of(trail_of(row)),
    }
    return render(request, "administration/client.html", context, status=422 if form.errors else 200)


def _require_known(request: PersonRequest, form: StyledForm) -> None:
    """Ask again who sits there, once the form is complete."""
    if request.method == "POST" and form.is_valid():
        require_recent_authentication(request)


def _open(request: PersonRequest, form: NewClientForm) -> str:
    place = organisation_kept_by(request.user, int(form.cleaned_data["organisation"]))
    row = acts.open_client(form.cleaned_data["name"], place, form.terms(), actor=request.user)
    return f"“{row.name}”已登记，可以签发令牌了。"


def _change(request: PersonRequest, pk: int, form: ClientForm) -> str:
    return f"“{acts.change_client(pk, form.terms(), actor=request.user).name}”已变更，立即生效。"


def _end(request: PersonRequest, pk: int, form: ReasonForm) -> str:
    row = acts.end_client(pk, actor=request.user, reason=form.cleaned_data["reason"])
    return f"“{row.name}”已停用，令牌全部失效。"
