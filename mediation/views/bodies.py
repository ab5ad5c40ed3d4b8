"""Who mediates: the list, the page of a body, and the dialogs that set up, change and end; nothing is deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from grids.actions.organisations import register_organisation
from grids.models import Organisation, OrganisationKind
from grids.queries import find_open_territory
from mediation import actions
from mediation.forms import bodies as forms
from mediation.forms.base import SubjectForm
from mediation.models import Body, Mediator, Room, Team
from mediation.permissions import has_mediation, keeps_bodies, may_keep_body, may_keep_teams, may_set_up_bodies
from mediation.queries import bodies as queries
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.web.lists import page_of

SIZE = 30
NO_POST = "您的岗位没有调解业务。"
NOT_KEEPER = "调解组织、调解员和联动模式由综治中心负责人、系统管理员管理；本组织的由其负责人管理。"
Row = Body | Room | Mediator | Team


@dataclass(frozen=True)
class Edit:
    """One act of administration: its words, its form, and the action behind it."""

    label: str
    icon: str
    form: type[SubjectForm]
    run: Callable[..., Any]
    danger: bool = False


EDITS: dict[tuple[str, str], Edit] = {
    ("body", "change"): Edit("修改", "edit", forms.BodyForm, actions.change_body),
    ("body", "end"): Edit("撤销调解组织", "archive", forms.EndForm, actions.end_body, danger=True),
    ("body", "appoint"): Edit("聘任调解员", "user-plus", forms.AppointForm, actions.appoint_mediator),
    ("body", "add-room"): Edit("增设调解室", "plus", forms.NewRoomForm, actions.add_room),
    ("room", "change"): Edit("修改调解室", "edit", forms.RoomForm, actions.change_room),
    ("room", "close"): Edit("停用调解室", "x", forms.UseForm, actions.close_room, danger=True),
    ("room", "open"): Edit("启用调解室", "check", forms.UseForm, actions.open_room),
    ("mediator", "change"): Edit("修改调解员", "edit", forms.MediatorForm, actions.change_mediator),
    ("mediator", "end"): Edit("解聘", "user-minus", forms.EndMediatorForm, actions.end_mediator, danger=True),
    ("team", "change"): Edit("修改联动模式", "edit", forms.TeamForm, actions.change_team),
    ("team", "retire"): Edit("停用联动模式", "x", forms.UseForm, actions.retire_team, danger=True),
    ("team", "restore"): Edit("启用联动模式", "check", forms.UseForm, actions.restore_team),
}
FINDERS: dict[str, Callable[[User, int], Row]] = {
    "body": queries.body_visible_to,
    "room": queries.room_visible_to,
    "mediator": queries.mediator_visible_to,
    "team": queries.team_visible_to,
}
SET_UP = Edit("设立调解组织", "building-community", forms.SetUpForm, actions.set_up_body)
ADD_TEAM = Edit("新增联动模式", "users-group", forms.NewTeamForm, actions.add_team)


@login_required
@require_GET
def bodies(request: PersonRequest) -> HttpResponse:
    """Who mediates here, in force or ended; the team templates."""
    user = request.user
    require(has_mediation(user) or keeps_bodies(user), NO_POST)
    ended, keeps = request.GET.get("ended") == "1", may_keep_teams(user)
    rows = queries.bodies_for_list(user, ended=ended)
    context = {
        "page": page_of(request, rows, order=("id",), size=SIZE),
        "teams": queries.all_teams() if keeps else queries.all_teams().filter(is_active=True),
        "today": timezone.localdate(),
        "ended": ended,
        "may_set_up": keeps_bodies(user),
        "keeps_teams": keeps,
        "has_mediation": has_mediation(user),
    }
    return render(request, "mediation/bodies.html", context)


@login_required
@never_cache
@require_GET
def body(request: PersonRequest, pk: int) -> HttpResponse:
    """One body: its mediators and rooms, now and before."""
    user = request.user
    require(has_mediation(user) or keeps_bodies(user), NO_POST)
    page = queries.body_page(user, pk)
    keeps = page.body.ends_on is None and may_keep_body(user, page.body)
    context = {"page": page, "body": page.body, "keeps": keeps, "today": timezone.localdate()}
    return render(request, "mediation/body.html", context | {"has_mediation": has_mediation(user)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, kind: str, pk: int, name: str) -> HttpResponse:
    """Ask for what a change needs, then make it."""
    chosen = EDITS.get((kind, name))
    if chosen is None:
        raise NotFound("没有这项操作。")
    row = FINDERS[kind](request.user, pk)
    body = row if isinstance(row, Body) else None if isinstance(row, Team) else row.body
    require(may_keep_body(request.user, body) if body else may_keep_teams(request.user), NOT_KEEPER)
    form = chosen.form(_data(request), subject=row)
    target = reverse("mediation:body", args=[body.pk]) if body else reverse("mediation:bodies")
    return _dialog(request, chosen, form, lambda: chosen.run(row, actor=request.user, **form.arguments()), target, row)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: PersonRequest) -> HttpResponse:
    """Let an organisation mediate, one that is there or a new one."""
    require(keeps_bodies(request.user), NOT_KEEPER)
    form = forms.SetUpForm(_data(request), subject=request.user)

    @transaction.atomic
    def run() -> None:
        organisation = form.chosen() or _registered(request.user, form)
        day = form.cleaned_data["starts_on"]
        actions.set_up_body(organisation, form.entry(), actor=request.user, starts_on=day)

    return _dialog(request, SET_UP, form, run, reverse("mediation:bodies"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add_team(request: PersonRequest) -> HttpResponse:
    """A new template."""
    require(may_keep_teams(request.user), NOT_KEEPER)
    form = forms.NewTeamForm(_data(request), subject=None)
    run = lambda: actions.add_team(**form.arguments(), actor=request.user)  # noqa: E731
    return _dialog(request, ADD_TEAM, form, run, reverse("mediation:bodies"))


def _dialog(
    request: PersonRequest, chosen: Edit, form: SubjectForm, run: Callable[[], Any], target: str, row: Row | None = None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            run()
            messages.success(request, f"已{chosen.label}。")
            return HttpResponseClientRedirect(target)
        except DomainError as error:
            form.refuse_for(error)
    context = {"form": form, "edit": chosen, "row": row, "address": request.path}
    return render(request, "mediation/parts/_edit.html", context, status=422 if form.errors else 200)


def _registered(user: User, form: forms.SetUpForm) -> Organisation:
    given = form.cleaned_data
    place = find_open_territory(given["territory"])
    require(may_set_up_bodies(user, place), NOT_KEEPER)
    return register_organisation(given["name"], OrganisationKind(given["organisation_kind"]), place, actor=user)


def _data(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None
