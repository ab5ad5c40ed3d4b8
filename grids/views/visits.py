"""Pages of visits: coverage by place, plans, outreach."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from grids import actions, queries
from grids.forms.visits import OutreachForm, PlanForm
from grids.models import Level, Territory
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError

SHOWN = 100


@login_required
@require_GET
def visits(request: PersonRequest) -> HttpResponse:
    """A month: coverage of the places, its plans and talks."""
    month, below = _month(request), request.GET.get("below", "")
    here = queries.place_visible_to(request.user, below) if below else None
    plans = queries.plans_visible_to(request.user).filter(month=month)
    talks = queries.outreach_visible_to(request.user)
    if here is not None:
        places = queries.subtree(here.code)
        plans, talks = plans.filter(territory__in=places), talks.filter(territory__in=places)
    context = {
        "month": month,
        "here": here,
        "coverage": queries.coverage_of(request.user, month, below=here.code if here else ""),
        "plans": plans.order_by("territory__code", "household")[:SHOWN],
        "talks": talks.filter(held_on__year=month.year, held_on__month=month.month).order_by("-held_on")[:SHOWN],
        "may_plan": bool(queries.places_to_visit(request.user, here)[:1]),
    }
    return render(request, "grids/visits.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: PersonRequest) -> HttpResponse:
    """Put households on a grid's list."""
    places = [p for p in _places(request) if p.level == Level.GRID]
    month = timezone.localdate().replace(day=1)
    form = PlanForm(request.POST if request.method == "POST" else None, places=places, initial={"month": month})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            place, households = form.places[values["territory"]], values["households"].splitlines()
            made = actions.plan_visits(
                place, values["month"], households, actor=request.user, reason=values["reason"], note=values["note"]
            )
            messages.success(request, f"已安排 {len(made)} 户。")
            return HttpResponseClientRedirect(f"{reverse('grids:visits')}?month={values['month']:%Y-%m}")
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"title": "安排走访", "form": form}
    return render(request, "grids/parts/_dialog.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def drop(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a household off the list."""
    row = actions.drop_plan(queries.plan_visible_to(request.user, pk), actor=request.user)
    messages.success(request, "已从计划中取消。")
    return redirect(f"{reverse('grids:visits')}?month={row.month:%Y-%m}")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def outreach(request: PersonRequest) -> HttpResponse:
    """Note a talk."""
    form = OutreachForm(request.POST if request.method == "POST" else None, places=_places(request))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.note_outreach(form.places[values.pop("territory")], **values, actor=request.user)
            messages.success(request, "已记录宣传活动。")
            return HttpResponseClientRedirect(reverse("grids:visits"))
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"title": "记录宣传活动", "form": form}
    return render(request, "grids/parts/_dialog.html", context, status=422 if form.errors else 200)


def _places(request: PersonRequest) -> list[Territory]:
    below = request.GET.get("below", "")
    here = queries.place_visible_to(request.user, below) if below else None
    return list(queries.places_to_visit(request.user, here)[:400])


def _month(request: PersonRequest) -> date:
    text = request.GET.get("month", "")
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError as error:
        raise BadInput("月份应写成 2026-11。", field="month") from error
