"""Pages of police beats: the list, one beat with its history, opening, changing, its officer, its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids import actions, queries
from grids.filters import BeatFilter
from grids.forms.beats import BeatForm, EndBeatForm, OfficerForm
from grids.models import Beat
from grids.permissions import may_keep_beats
from grids.views.dialogs import dialog
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError, require
from zhongzhi.web.lists import filtered, page_of

SIZE = 50


@login_required
@require_GET
def beats(request: PersonRequest) -> HttpResponse:
    """The beats in sight with their grids and officers; the filters stay in the address."""
    given = request.GET if request.GET else {"in_use": "true"}
    filters = BeatFilter(given, queries.beats_visible_to(request.user), request=request)
    page = page_of(request, filtered(filters), order=("id",), size=SIZE)
    stations = queries.stations_kept_by(request.user)
    context = {"page": page, "lines": queries.beat_lines(page.items), "filters": filters, "stations": stations}
    return render(request, "grids/beats.html", context)


@login_required
@never_cache
@require_GET
def beat(request: PersonRequest, pk: int) -> HttpResponse:
    """One beat: its grids and officer today, and everything before."""
    here = queries.beat_visible_to(request.user, pk)
    context = {
        "line": queries.beat_lines([here])[0],
        "officers": queries.officers_of(here),
        "coverage": queries.coverage_history(here),
        "keeps": here.ends_on is None and may_keep_beats(request.user, here.station),
    }
    return render(request, "grids/beat.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def open_beat(request: PersonRequest) -> HttpResponse:
    """A new beat of a station."""
    station = queries.station_kept_by(request.user, _number(request.GET.get("station", "")))
    form = BeatForm(request.POST if request.method == "POST" else None, station=station)
    if request.method == "POST" and form.is_valid():
        try:
            day, takes = form.cleaned_data["from_day"], form.cleaned_data["takes_over"]
            made = actions.open_beat(
                station, form.cleaned_data["name"], form.places(), actor=request.user, starts_on=day, takes_over=takes
            )
            messages.success(request, f"已设立警格“{made.name}”，请指定包片民警。")
            return redirect("grids:beat", made.pk)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    return _form_page(request, form, {"title": "设立警格", "station": station})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Another name, other grids."""
    here = _kept(request, pk)
    form = BeatForm(request.POST if request.method == "POST" else None, station=here.station, beat=here)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_beat(
                here,
                actor=request.user,
                name=form.cleaned_data["name"],
                grids=form.places(),
                from_day=form.cleaned_data["from_day"],
                takes_over=form.cleaned_data["takes_over"],
            )
            messages.success(request, "警格已调整，原来的划分留在沿革里。")
            return redirect("grids:beat", here.pk)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    return _form_page(request, form, {"title": "调整警格", "station": here.station, "beat": here})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def officer(request: PersonRequest, pk: int) -> HttpResponse:
    """Who is the beat's officer from now on."""
    here = _kept(request, pk)
    form = OfficerForm(request.POST if request.method == "POST" else None, station=here.station)

    def act() -> str:
        day = form.cleaned_data["starts_on"]
        actions.replace_officer(here, form.officer(), actor=request.user, starts_on=day)
        return "已指定包片民警。"

    return dialog(request, f"{here.name}的包片民警", form, act, _page_of(here))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End a beat."""
    here = _kept(request, pk)
    form = EndBeatForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        actions.end_beat(here, actor=request.user, **form.cleaned_data)
        return "警格已停用，沿革保留。"

    return dialog(request, f"停用警格“{here.name}”", form, act, _page_of(here))


def _form_page(request: PersonRequest, form: BeatForm, facts: dict[str, object]) -> HttpResponse:
    context = {**facts, "form": form, "stations": queries.stations_kept_by(request.user)}
    return render(request, "grids/beat_form.html", context, status=422 if form.errors else 200)


def _kept(request: PersonRequest, pk: int) -> Beat:
    here = queries.beat_visible_to(request.user, pk)
    require(may_keep_beats(request.user, here.station), actions.beats.NOT_KEEPER)
    return here


def _page_of(here: Beat) -> str:
    return reverse("grids:beat", args=[here.pk])


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadInput("请先选择派出所。", field="station")
    return int(text)
