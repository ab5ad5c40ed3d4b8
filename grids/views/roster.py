"""Pages of rosters: the list, a person's history, and the dialogs that appoint, correct, end, hand over, reveal."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids import actions, queries
from grids.filters import RosterFilter
from grids.forms.roster import AppointForm, CorrectForm, EndForm, HandoverForm, RevealForm
from grids.models import Service, Territory
from grids.permissions import may_export_in_clear, may_keep_roster_of, may_keep_rosters
from grids.views.dialogs import dialog, sheet
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require
from zhongzhi.web.lists import filtered, page_of

SIZE = 50
KEEPERS = "只有负责该区域的综治中心负责人或研判分流员可以维护名册。"


@login_required
@require_GET
def roster(request: PersonRequest) -> HttpResponse:
    """Who serves where; the filters stay in the address."""
    given = request.GET if request.GET else {"serving": "true"}
    filters = RosterFilter(given, queries.services_visible_to(request.user), request=request)
    page = page_of(request, filtered(filters), order=("id",), size=SIZE)
    context = {"page": page, "filters": filters, "keeps": may_keep_rosters(request.user)}
    context["in_clear"] = may_export_in_clear(request.user)
    return render(request, "grids/roster.html", context)


@login_required
@never_cache
@require_GET
def person(request: PersonRequest, uid: UUID) -> HttpResponse:
    """A person and every period of service."""
    who = queries.person_visible_to(request.user, uid)
    history = list(queries.history_of(who))
    current = [s for s in history if s.ends_on is None]
    keeps = [s.pk for s in current if s.territory and may_keep_roster_of(request.user, s.territory)]
    return render(request, "grids/person.html", {"person": who, "history": history, "keeps": keeps})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def appoint(request: PersonRequest, code: str) -> HttpResponse:
    """Let somebody serve this place."""
    place = _place(request, code)
    form = AppointForm(_data(request), place=place)

    def act() -> str:
        actions.appoint(form.entry(), form.person(), actor=request.user)
        return "已任命。"

    return dialog(request, "任命", form, act, _page_of(place))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def hand_over(request: PersonRequest, code: str) -> HttpResponse:
    """Pass a grid to the next worker."""
    place = _place(request, code)
    form = HandoverForm(_data(request))

    def act() -> str:
        day, note = form.cleaned_data["happens_on"], form.cleaned_data["note"]
        actions.hand_over(place, form.person(), actor=request.user, happens_on=day, note=note)
        return "已交接，未结事项随网格移交。"

    context = {"matters": queries.open_matters_at(place), "worker": queries.full_time_worker(place)}
    return dialog(request, "网格交接", form, act, _page_of(place), context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: PersonRequest, key: str) -> HttpResponse:
    """Correct what is known."""
    service = _service(request, key)
    form = CorrectForm(_data(request), service=service)

    def act() -> str:
        actions.correct_service(service, actor=request.user, person=form.person(), **form.values())
        return "已更正。"

    return dialog(request, "更正", form, act, _page_of_service(service))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, key: str) -> HttpResponse:
    """End a period of service."""
    service = _service(request, key)
    form = EndForm(_data(request))

    def act() -> str:
        actions.end_service(service, actor=request.user, **form.cleaned_data)
        return "已办理离任。"

    return dialog(request, "办理离任", form, act, _page_of_service(service))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: PersonRequest, key: str) -> HttpResponse:
    """A phone in the clear, with a reason that stays in the trail."""
    service = queries.service_visible_to(request.user, key)
    form = RevealForm(_data(request))
    if request.method == "POST" and form.is_valid():
        number = actions.reveal_phone(service, actor=request.user, reason=form.cleaned_data["reason"])
        return render(request, "grids/field/parts/_call.html", {"service": service, "number": number})
    return sheet(request, f"查看{service.person.name}的电话" if service.person.phone_sealed else "没有登记电话", form)


def _data(request: PersonRequest) -> object:
    return request.POST if request.method == "POST" else None


def _place(request: PersonRequest, code: str) -> Territory:
    place = queries.place_visible_to(request.user, code)
    require(may_keep_roster_of(request.user, place), KEEPERS)
    return place


def _service(request: PersonRequest, key: str) -> Service:
    service = queries.service_visible_to(request.user, key)
    place = service.territory or (service.beat.station.territory if service.beat else None)
    require(place is not None and may_keep_roster_of(request.user, place), KEEPERS)
    return service


def _page_of(place: Territory) -> str:
    return reverse("grids:place", args=[place.code])


def _page_of_service(service: Service) -> str:
    return reverse("grids:person", args=[service.person.uid])
