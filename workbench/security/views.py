"""Pages and dialogs of the security administrator."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids.models import Role
from grids.views.dialogs import dialog, sheet
from workbench.security import queries
from workbench.security.filters import AccountFilter, EventFilter, SessionFilter
from workbench.security.forms import FactorRolesForm, NetworksForm, NumberForm, ReasonForm, ReviewForm
from zhongzhi.accounts import actions
from zhongzhi.accounts.models import DormancyDecision, User
from zhongzhi.accounts.origin import device_of, origin_of
from zhongzhi.accounts.queries import second_factor_rules
from zhongzhi.accounts.recent_authentication import recent_authentication_required
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.accounts.security_rules import NUMBERS, RuleName, networks_of, number_of
from zhongzhi.core.errors import DomainError, NotFound
from zhongzhi.web.lists import filtered, page_of

View = Callable[..., HttpResponseBase]


def page(view: Callable[..., HttpResponse]) -> View:
    """A page that is read."""
    return login_required(never_cache(require_GET(view)))


def act(view: Callable[..., HttpResponse]) -> View:
    """A dialog; it is sent by who showed lately who they are."""
    return login_required(never_cache(require_http_methods(["GET", "POST"])(recent_authentication_required(view))))


@page
def accounts(request: PersonRequest) -> HttpResponse:
    """Everybody who can sign in, with second factors."""
    filters = AccountFilter(request.GET, queries.accounts_visible_to(request.user), request=request)
    found = page_of(request, filtered(filters), order=("id",), size=30)
    context = {"page": found, "filters": filters, "rows": queries.with_posts(request.user, found.items)}
    return render(request, "security/accounts.html", context)


@act
def password(request: PersonRequest, pk: int) -> HttpResponse:
    """A one-time password for somebody who forgot theirs, shown once."""
    person, form = _person(request, pk), ReasonForm(_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_one_time_password(
                person, request.user, form.cleaned_data["reason"], origin=origin_of(request)
            )
        except DomainError as error:
            form.refuse(error.errors, error.message)
        else:
            context = {"person": person, "password": given, "hours": number_of(RuleName.ONE_TIME_PASSWORD)}
            return render(request, "security/parts/_password.html", context)
    return sheet(request, f"{person.name}：一次性密码", form)


@act
def factor(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the second factors of somebody who lost them away."""
    person, form = _person(request, pk), ReasonForm(_data(request))

    def reset() -> str:
        actions.reset_second_factor(person, request.user, form.cleaned_data["reason"], origin=origin_of(request))
        return f"已重置{person.name}的二次验证，请本人登录后重新设置。"

    return dialog(request, f"{person.name}：重置二次验证", form, reset, reverse("workbench:security_accounts"))


@page
def locks(request: PersonRequest) -> HttpResponse:
    """Names that are locked now."""
    return render(request, "security/locks.html", {"locks": queries.locks_visible_to(request.user)})


@act
def unlock(request: PersonRequest) -> HttpResponse:
    """Let a locked name try again."""
    queries.locks_visible_to(request.user)
    name, form = request.GET.get("name", "")[:150], ReasonForm(_data(request))

    def let_in() -> str:
        actions.unlock(name, request.user, form.cleaned_data["reason"], origin=origin_of(request))
        return f"已解除 {name} 的锁定。"

    return dialog(request, f"解除锁定：{name}", form, let_in, reverse("workbench:security_locks"))


@page
def sessions(request: PersonRequest) -> HttpResponse:
    """Where everybody is signed in."""
    filters = SessionFilter(request.GET, queries.sessions_visible_to(request.user), request=request)
    found = page_of(request, filtered(filters), order=("-last_seen_at", "public_id"))
    rows = [(row, device_of(row.user_agent)) for row in found.items]
    return render(request, "security/sessions.html", {"page": found, "filters": filters, "rows": rows})


@act
def end_session(request: PersonRequest, public_id: UUID) -> HttpResponse:
    """End the session of somebody else."""
    found = queries.sessions_visible_to(request.user).filter(public_id=public_id).first()
    if found is None or found.user is None:
        raise NotFound("这个会话已经结束。")
    form = ReasonForm(_data(request))

    def end() -> str:
        actions.end_session_of(found, request.user, form.cleaned_data["reason"], origin=origin_of(request))
        return "已结束该会话。"

    return dialog(request, f"结束{found.user.name}的会话", form, end, reverse("workbench:security_sessions"))


@page
def events(request: PersonRequest) -> HttpResponse:
    """The security log."""
    filters = EventFilter(request.GET, queries.events_visible_to(request.user), request=request)
    return render(request, "security/events.html", {"page": page_of(request, filtered(filters)), "filters": filters})


@page
def dormant(request: PersonRequest) -> HttpResponse:
    """Accounts that nobody used for long."""
    found = page_of(request, queries.dormant_visible_to(request.user), order=("id",), size=30)
    rows = queries.with_posts(request.user, found.items)
    context = {"page": found, "rows": rows, "days": number_of(RuleName.DORMANT)}
    return render(request, "security/dormant.html", context)


@act
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """Close or keep one of them."""
    person, form = _person(request, pk), ReviewForm(_data(request))

    def decide() -> str:
        decision = DormancyDecision(form.cleaned_data["decision"])
        actions.review_dormant(person, decision, request.user, form.cleaned_data["reason"], origin=origin_of(request))
        return f"{person.name}的账号已{decision.label}。"

    return dialog(request, f"{person.name}：长期未用账号", form, decide, reverse("workbench:security_dormant"))


@page
def rules(request: PersonRequest) -> HttpResponse:
    """The rules as they are, and how they came to be."""
    history = [(row, RuleName(row.name).label) for row in queries.rule_history(request.user)]
    context = {
        "numbers": [(name, name.label, number_of(name), NUMBERS[name].default()) for name in NUMBERS],
        "networks": networks_of(),
        "factors": [{"label": Role(row.role).label, "starts_on": row.starts_on} for row in second_factor_rules()],
        "history": history,
        "here": origin_of(request).ip,
    }
    return render(request, "security/rules.html", context)


@act
def rule(request: PersonRequest, name: str) -> HttpResponse:
    """Set a number."""
    queries.rule_history(request.user)
    if name not in NUMBERS:
        raise NotFound
    which = RuleName(name)
    form = NumberForm(_data(request), name=which)

    def change() -> str:
        given = form.cleaned_data
        actions.set_number(which, given["number"], request.user, given["reason"], origin=origin_of(request))
        return f"“{which.label}”已改为 {given['number']}。"

    return dialog(request, which.label, form, change, reverse("workbench:security_rules"))


@act
def networks(request: PersonRequest) -> HttpResponse:
    """Say from where administrators work."""
    queries.rule_history(request.user)
    form = _networks_form(request, list(networks_of()))

    def change() -> str:
        reason = form.cleaned_data["reason"]
        actions.set_admin_networks(form.ranges(), request.user, reason, origin=origin_of(request))
        return "管理员地址段已保存，立即生效。"

    return dialog(request, "管理员可登录的地址段", form, change, reverse("workbench:security_rules"))


@act
def factor_roles(request: PersonRequest) -> HttpResponse:
    """Say which roles show a second factor."""
    queries.rule_history(request.user)
    known = {"roles": [row.role for row in second_factor_rules()], "starts_on": timezone.localdate()}
    form = FactorRolesForm(_data(request), initial=known)

    def change() -> str:
        given = form.cleaned_data
        actions.require_second_factor(given["roles"], starts_on=given["starts_on"], actor=request.user)
        return "已保存须二次验证的岗位。"

    return dialog(request, "须二次验证的岗位", form, change, reverse("workbench:security_rules"))


@page
def clients(request: PersonRequest) -> HttpResponse:
    """Outside systems, and from where they call."""
    return render(request, "security/clients.html", {"clients": queries.clients_visible_to(request.user)})


@act
def client_networks(request: PersonRequest, pk: int) -> HttpResponse:
    """Say from where one of them calls."""
    client = queries.clients_visible_to(request.user).filter(pk=pk).first()
    if client is None:
        raise NotFound
    form = _networks_form(request, client.networks)

    def change() -> str:
        reason = form.cleaned_data["reason"]
        actions.set_client_networks(client, form.ranges(), request.user, reason, origin=origin_of(request))
        return f"“{client.name}”的来源地址已保存。"

    return dialog(request, f"{client.name}：来源地址", form, change, reverse("workbench:security_clients"))


def _networks_form(request: PersonRequest, known: list[str]) -> NetworksForm:
    return NetworksForm(_data(request), initial={"networks": "\n".join(known)})


def _person(request: PersonRequest, pk: int) -> User:
    person = queries.accounts_visible_to(request.user).filter(pk=pk).first()
    if person is None:
        raise NotFound
    return person


def _data(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None
