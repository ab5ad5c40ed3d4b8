"""Pages of duty: the week's list, who is responsible for a place now, putting on, taking off, carrying on."""

from datetime import date, timedelta

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
from grids.forms.duty import DutyForm, PlaceForm
from grids.models import Organisation, Shift, Territory
from grids.permissions import may_set_duty, may_set_duty_for
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError, require

WEEK = timedelta(days=7)


@login_required
@never_cache
@require_GET
def duty(request: PersonRequest) -> HttpResponse:
    """A week's turns, by day; who is on now and who is responsible for a place stand on top."""
    monday, asked = _monday(request.GET.get("week", "")), request.GET.get("place", "").strip()
    here = queries.place_visible_to(request.user, asked) if asked else None
    days = queries.duty_week(request.user, monday)
    context = {
        "monday": monday,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "days": [(d.day, [(s, _may_take_off(request, s), s.starts_at) for s in d.shifts]) for d in days],
        "today": timezone.localdate(),
        "now_on": queries.on_duty_now(request.user),
        "here": here,
        "form": PlaceForm(initial={"place": here.code if here else ""}),
        "responsible": queries.responsible_for(here) if here else None,
        "may_set_here": here is not None and _may_set_at(request, here),
        "places": [p for p in queries.duty_places(request.user)[:300] if _may_set_at(request, p)],
    }
    return render(request, "grids/duty.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def put_on(request: PersonRequest, pk: int) -> HttpResponse:
    """Put somebody of an organisation on duty."""
    place = queries.organisation_of(pk)
    require(may_set_duty(request.user, organisation=place, territory=None), "您不能为这个单位排班。")
    return _put_on(request, place)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def put_on_at(request: PersonRequest, code: str) -> HttpResponse:
    """Put somebody who serves in a grid or village on duty for it."""
    place = queries.place_visible_to(request.user, code)
    require(may_set_duty(request.user, organisation=None, territory=place), "您不能为这里排班。")
    return _put_on(request, place)


@login_required
@require_POST
def take_off(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a turn off the list."""
    shift = queries.shift_visible_to(request.user, pk)
    day = timezone.localdate(shift.starts_at)
    actions.take_off_duty(shift, actor=request.user)
    messages.success(request, "已取消这一班。")
    return redirect(_week_of(day))


@login_required
@require_POST
def repeat(request: PersonRequest, pk: int) -> HttpResponse:
    """Carry an organisation's week on to the next."""
    return _repeat(request, queries.organisation_of(pk))


@login_required
@require_POST
def repeat_at(request: PersonRequest, code: str) -> HttpResponse:
    """Carry a grid's week on to the next."""
    return _repeat(request, queries.place_visible_to(request.user, code))


def _put_on(request: PersonRequest, place: Organisation | Territory) -> HttpResponse:
    begin = timezone.localtime().replace(hour=8, minute=30, second=0, microsecond=0)
    first = {"starts_at": begin, "ends_at": begin + timedelta(days=1)}
    people = queries.people_for_duty(place)
    data = request.POST if request.method == "POST" else None
    form = DutyForm(data, people=people, has_windows=isinstance(place, Organisation), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.duty_person_of(form.cleaned_data["person"])
            at = {"organisation": place} if isinstance(place, Organisation) else {"territory": place}
            shift = actions.set_duty(person, actor=request.user, **at, **form.values())
            messages.success(request, "已排班。")
            return HttpResponseClientRedirect(_week_of(timezone.localdate(shift.starts_at)))
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"title": f"{_name_of(place)}排班", "form": form}
    return render(request, "grids/parts/_dialog.html", context, status=422 if form.errors else 200)


def _repeat(request: PersonRequest, place: Organisation | Territory) -> HttpResponse:
    monday = _monday(request.POST.get("week", ""))
    made = actions.repeat_week(place, monday, actor=request.user)
    messages.success(request, f"已把 {made} 班排到下一周。")
    return redirect(_week_of(monday + WEEK))


def _may_take_off(request: PersonRequest, shift: Shift) -> bool:
    return may_set_duty(request.user, organisation=shift.organisation, territory=shift.territory)


def _may_set_at(request: PersonRequest, place: Organisation | Territory) -> bool:
    if isinstance(place, Organisation):
        return may_set_duty(request.user, organisation=place, territory=None)
    return may_set_duty_for(request.user, place)


def _name_of(place: Organisation | Territory) -> str:
    return place.short_name if isinstance(place, Organisation) else place.full_name


def _week_of(day: date) -> str:
    return f"{reverse('grids:duty')}?week={day:%Y-%m-%d}"


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise BadInput("日期应写成 2026-11-24。", field="week") from error
    return day - timedelta(days=day.weekday())
