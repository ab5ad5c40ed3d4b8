"""Lists: mediations, obligations, confirmations; the hall's roster; figures."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from mediation import actions
from mediation.available_actions import available_acts
from mediation.filters import MediationFilter, ObligationFilter
from mediation.forms.hall import DutyForm, PeriodForm
from mediation.permissions import has_mediation, may_keep_roster
from mediation.queries import hall
from mediation.queries import statistics as figures
from mediation.queries import visibility as seen
from mediation.queries.workspace import with_due
from mediation.views.pages import monday_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.web.lists import filtered, page_of

SIZE = 30
NO_POST = "您的岗位没有调解业务。"


@login_required
@require_GET
def mediations(request: PersonRequest) -> HttpResponse:
    """Mediations in sight, filtered and paged."""
    require(has_mediation(request.user), NO_POST)
    filters = MediationFilter(request.GET, with_due(seen.mediations_for_list(request.user)), request=request)
    page = page_of(request, filtered(filters), size=SIZE)
    seen.as_seen_by(request.user, page.items)
    return render(request, "mediation/list.html", {"page": page, "filters": filters})


@login_required
@require_GET
def obligations(request: PersonRequest) -> HttpResponse:
    """Parts of obligations by their date."""
    require(has_mediation(request.user), NO_POST)
    filters = ObligationFilter(request.GET, seen.instalments_for_list(request.user), request=request)
    page = page_of(request, filtered(filters), order=("due_on", "id"), size=SIZE)
    seen.as_seen_by(request.user, [row.obligation for row in page.items], "what")
    lines = [(row, available_acts(request.user, row)) for row in page.items]
    context = {"page": page, "filters": filters, "lines": lines, "today": timezone.localdate()}
    return render(request, "mediation/obligations.html", context)


@login_required
@require_GET
def confirmations(request: PersonRequest) -> HttpResponse:
    """What may go to the court, and what is there."""
    require(has_mediation(request.user), NO_POST)
    today = timezone.localdate()
    page = page_of(request, seen.confirmations_for_list(request.user), size=SIZE)
    near = list(seen.agreements_to_confirm(request.user, today).order_by("confirm_by", "pk")[:SIZE])
    seen.as_seen_by(request.user, [*page.items, *near])
    return render(request, "mediation/confirmations.html", {"page": page, "near": near, "today": today})


@login_required
@never_cache
@require_GET
def roster(request: PersonRequest) -> HttpResponse:
    """The hall of one's centre, a week of it."""
    centre = hall.hall_centre_of(request.user)
    if centre is None:
        raise NotFound("值守表由综治中心使用。")
    first = monday_of(request.GET.get("week", ""))
    context = {
        "centre": centre,
        "week": hall.hall_week(centre, first),
        "organisations": hall.hall_organisations(centre),
        "earlier": first - timedelta(days=7),
        "later": first + timedelta(days=7),
        "today": timezone.localdate(),
        "may_keep": may_keep_roster(request.user, centre.pk),
    }
    return render(request, "mediation/roster.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add_duty(request: PersonRequest) -> HttpResponse:
    """Put an organisation on the roster of a day."""
    centre = hall.hall_centre_of(request.user)
    if centre is None:
        raise NotFound("值守表由综治中心使用。")
    form = DutyForm(request.POST if request.method == "POST" else None, subject=centre)
    if request.method == "POST" and form.is_valid():
        try:
            duty = actions.set_duty(centre, form.entry(), actor=request.user)
            messages.success(request, f"{duty.day} {duty.organisation.short_name}：已安排。")
            return HttpResponseClientRedirect(f"/mediation/roster/?week={duty.day}")
        except DomainError as error:
            form.refuse_for(error)
    context = {"form": form, "address": request.path}
    return render(request, "mediation/parts/_duty.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove_duty(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Take a line off the roster."""
    duty = hall.duty_of(request.user, uid)
    actions.remove_duty(duty, actor=request.user)
    messages.success(request, "已从值守表移除。")
    return redirect("mediation:roster")


@login_required
@require_GET
def statistics(request: PersonRequest) -> HttpResponse:
    """Figures of bodies and mediators for a period; each opens its mediations."""
    require(has_mediation(request.user), NO_POST)
    today = timezone.localdate()
    form = PeriodForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    starts, ends = given.get("starts") or date(today.year, 1, 1), given.get("ends") or today
    context = {
        "form": form if form.is_bound else PeriodForm(initial={"starts": starts, "ends": ends}),
        "starts": starts,
        "ends": ends,
        "bodies": figures.figures_of_bodies(request.user, starts, ends),
        "mediators": figures.figures_of_mediators(request.user, starts, ends),
    }
    return render(request, "mediation/statistics.html", context)
