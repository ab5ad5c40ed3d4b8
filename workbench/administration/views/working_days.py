"""The working calendar: a year on one page, the import of the announcement, office hours."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from intake.deadlines import actions
from intake.deadlines.announcements import read_announcement, whole_year
from intake.deadlines.queries import calendar as queries
from intake.permissions.keeping import may_keep_calendar
from workbench.administration.form_pages import FormPage, form_page, lines_of
from workbench.administration.forms import AnnouncementForm, OfficeHoursForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import DomainError, require

WHO = "放假安排和办公时间由系统管理员维护。"


@login_required
@never_cache
@require_GET
def calendar(request: PersonRequest) -> HttpResponse:
    """A year, and from when on which office hours hold."""
    require(may_keep_calendar(request.user), WHO)
    years, today = queries.years_kept(), timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in dict(years) else today.year
    context = {
        "year": year,
        "years": years,
        "is_announced": dict(years).get(year, False),
        "months": queries.year_view(year),
        "hours": queries.office_hours(),
        "today": today,
        "history": lines_of(trail_of(f"calendar:{year}")),
    }
    return render(request, "administration/calendar.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def announce(request: PersonRequest) -> HttpResponse:
    """Read the announcement, show what it would change, then put it in force."""
    require(may_keep_calendar(request.user), WHO)
    form = AnnouncementForm(request.POST or None, request.FILES or None, initial={"year": _year_wanted()})
    if request.method == "POST" and form.is_valid():
        text = form.text()
        if request.POST.get("confirmed"):
            return _put_in_force(request, form, text)
        return _preview(request, form, text)
    return _ask(request, form, {})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def office_hours(request: PersonRequest) -> HttpResponse:
    """Other office hours from a day on."""
    require(may_keep_calendar(request.user), WHO)
    form = OfficeHoursForm(request.POST or None)
    page = FormPage("设定办公时间", reverse("system:calendar"), "从启用日期起按新的办公时间计算，在走的时限随之重算。")
    page = FormPage(page.title, page.back, page.lead, history=trail_of("calendar:hours"))
    return form_page(request, page, form, lambda: _set_hours(request, form))


def _set_hours(request: PersonRequest, form: OfficeHoursForm) -> str:
    row = actions.set_office_hours(
        form.cleaned_data["starts_on"], form.cleaned_data["periods"].split(), actor=request.user
    )
    return f"{row.starts_on} 起办公时间为 {'、'.join(row.periods)}。"


def _preview(request: PersonRequest, form: AnnouncementForm, text: str) -> HttpResponse:
    year = form.cleaned_data["year"]
    found = read_announcement(text, year)
    if found.faults:
        return _ask(request, form, {"faults": found.faults})
    changes = queries.changes_to(year, whole_year(found, year))
    context = {"changes": changes, "named": len(found.days), "text": text, "ready": True}
    return _ask(request, form, context)


def _put_in_force(request: PersonRequest, form: AnnouncementForm, text: str) -> HttpResponse:
    given = form.cleaned_data
    try:
        actions.import_announcement(text, given["year"], source=given["source"], actor=request.user)
    except DomainError as refusal:
        form.refuse(refusal.errors, refusal.message)
        return _ask(request, form, {})
    return redirect(f"{reverse('system:calendar')}?year={given['year']}")


def _ask(request: PersonRequest, form: AnnouncementForm, found: dict[str, object]) -> HttpResponse:
    wrong = bool(form.errors or found.get("faults"))
    return render(request, "administration/announce.html", {"form": form, **found}, status=422 if wrong else 200)


def _year_wanted() -> int:
    """The first year from now on that is not announced."""
    announced = {year for year, is_announced in queries.years_kept() if is_announced}
    year = timezone.localdate().year
    return next((y for y in (year, year + 1) if y not in announced), year + 1)
