"""Pages of duty: the week's list, putting on, taking off, carrying on."""

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
from grids.forms.duty import DutyForm
from grids.models import Organisation
from grids.permissions import may_set_duty
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError, require

WEEK = timedelta(days=7)


@login_required
@never_cache
@require_GET
def duty(request: PersonRequest) -> HttpResponse:
    """A week's turns, by day; who is on now stands on top."""
    monday = _monday(request.GET.get("week", ""))
    shifts = list(queries.shifts_of_week(request.user, monday))
    now = timezone.now()
    days = [monday + timedelta(days=n) for n in range(7)]
    context = {
        "monday": monday,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "days": [(day, [s for s in shifts if timezone.localdate(s.starts_at) == day]) for day in days],
        "now_on": [s for s in shifts if s.starts_at <= now < s.ends_at],
        "places": queries.duty_places(request.user)[:300] if _may_set(request) else [],
    }
    return render(request, "grids/duty.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def put_on(request: PersonRequest, pk: int) -> HttpResponse:
    """Put somebody of an organisation on duty."""
    place = _place(request, pk)
    begin = timezone.localtime().replace(hour=8, minute=30, second=0, microsecond=0)
    first = {"starts_at": begin, "ends_at": begin + timedelta(days=1)}
    form = DutyForm(request.POST if request.method == "POST" else None, organisation=place, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.duty_person(form.people[form.cleaned_data["person"]])
            shift = actions.set_duty(person, actor=request.user, organisation=place, **form.values())
            messages.success(request, "已排班。")
            return HttpResponseClientRedirect(_week_of(timezone.localdate(shift.starts_at)))
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"title": f"{place.short_name}排班", "form": form}
    return render(request, "grids/parts/_dialog.html", context, status=422 if form.errors else 200)


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
    """Carry a week on to the next."""
    place, monday = _place(request, pk), _monday(request.POST.get("week", ""))
    made = actions.repeat_week(place, monday, actor=request.user)
    messages.success(request, f"已把 {made} 班排到下一周。")
    return redirect(_week_of(monday + WEEK))


def _place(request: PersonRequest, pk: int) -> Organisation:
    place = queries.organisation_of(pk)
    require(may_set_duty(request.user, organisation=place, territory=None), "您不能为这个单位排班。")
    return place


def _may_set(request: PersonRequest) -> bool:
    places = queries.duty_places(request.user).first()
    return places is not None and may_set_duty(request.user, organisation=places, territory=None)


def _week_of(day: date) -> str:
    return f"{reverse('grids:duty')}?week={day:%Y-%m-%d}"


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise BadInput("日期应写成 2026-11-24。", field="week") from error
    return day - timedelta(days=day.weekday())
