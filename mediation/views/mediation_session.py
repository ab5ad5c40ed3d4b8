"""The session page: who came, the record, what was measured, photographs; saved while one types."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mediation import actions
from mediation.actions.mediation_sessions import why_not_hold
from mediation.available_actions import available_acts
from mediation.fields import party_choices
from mediation.forms.mediation_session import MinutesForm, shown_rows
from mediation.models import Attendee, Session
from mediation.permissions import may_mediate, may_read_file
from mediation.queries.mediation_sessions import people_of, photos_of
from mediation.queries.visibility import session_visible_to
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError, require


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Write the session up; the pressed button says whether it is over."""
    found = session_visible_to(request.user, uid)
    form = MinutesForm(request.POST if request.method == "POST" else None, subject=found)
    if request.method == "POST" and form.is_valid() and _saved(request, found, form):
        return _next(request, found)
    return _page(request, found, form)


@login_required
@require_POST
def keep(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Keep what has been typed so far; the page goes on."""
    found = session_visible_to(request.user, uid)
    form = MinutesForm(request.POST, subject=found)
    wrong = ""
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            found = actions.save_minutes(found, form.minutes(), actor=request.user, version=version)
        except DomainError as error:
            wrong = error.message
    context = {"session": found, "wrong": wrong, "now": timezone.now()}
    return render(request, "mediation/parts/_saved.html", context)


@login_required
@require_POST
def photo(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Put photographs of a session into the file."""
    found = session_visible_to(request.user, uid)
    files = request.FILES.getlist("file")
    if not files:
        raise BadInput("请选择照片。", field="file")
    for file in files:
        try:
            actions.add_material(found.mediation, file, actor=request.user, kind="survey", session=found)
            messages.success(request, f"已上传 {file.name}")
        except DomainError as error:
            messages.error(request, f"{file.name}：{error.message}")
    return redirect("mediation:session", found.uid)


def _next(request: PersonRequest, found: Session) -> HttpResponse:
    if request.POST.get("do") == "hold":
        return redirect("mediation:mediation", found.mediation.uid)
    return redirect("mediation:session", found.uid)


def _saved(request: PersonRequest, found: Session, form: MinutesForm) -> bool:
    is_over = request.POST.get("do") == "hold"
    run = actions.hold_session if is_over else actions.save_minutes
    try:
        run(found, form.minutes(), actor=request.user, version=form.cleaned_data["version"])
    except DomainError as error:
        form.refuse_for(error)
        return False
    messages.success(request, "已记为举行，笔录已存入卷宗。" if is_over else "笔录已保存。")
    return True


def _ticked(request: PersonRequest, people: list[Attendee]) -> set[int]:
    """Who is ticked as having come: as typed, or as it stands."""
    if request.method == "POST":
        return {a.pk for a in people if f"came_{a.pk}" in request.POST}
    return {a.pk for a in people if a.came}


def _page(request: PersonRequest, found: Session, form: MinutesForm) -> HttpResponse:
    require(may_mediate(request.user, found.mediation) or request.method == "GET")
    sees = may_read_file(request.user, found.mediation.case)
    people = people_of(found) if sees else []
    context = {
        "sees": sees,
        "session": found,
        "mediation": found.mediation,
        "case": found.mediation.case,
        "form": form,
        "people": people,
        "ticked": _ticked(request, people),
        "rows": shown_rows(found, request.POST if request.method == "POST" else None),
        "parties": party_choices(found.mediation.case) if sees else [],
        "photos": photos_of(found) if sees else [],
        "acts": available_acts(request.user, found),
        "why_not_hold": why_not_hold(found.mediation),
        "may_hold": found.status == "planned"
        and may_mediate(request.user, found.mediation)
        and why_not_hold(found.mediation) is None,
        "may_write": found.status == "planned" and may_mediate(request.user, found.mediation),
    }
    return render(request, "mediation/session.html", context, status=422 if form.errors else 200)
