"""The phone pages: report, on the spot, visits, heads; they open and take reports without a network."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from grids import actions, queries
from grids.forms.field import ReopenForm, SolveForm, WatchForm
from grids.lifecycle import HazardState
from grids.models import Hazard, HazardKind, HazardLevel, HazardSource, VisitReason
from grids.permissions import is_in_the_field, may_arrive, may_settle
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound
from zhongzhi.files.responses import attachment_response
from zhongzhi.web.forms import StyledForm

SHOWN = 8


@login_required
@never_cache
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """What calls me, what I reported, what is planned."""
    month = timezone.localdate().replace(day=1)
    plans = queries.plans_visible_to(request.user).filter(month=month, visit=None)
    context = {
        "tab": "home",
        "calls": queries.calls_waiting_for(request.user)[:SHOWN],
        "open": queries.unsettled_hazards(request.user)[:SHOWN],
        "plans": plans.count() if is_in_the_field(request.user) else 0,
        "grids": queries.field_places(request.user),
    }
    return render(request, "grids/field/home.html", context)


@login_required
@never_cache
@require_GET
def report(request: PersonRequest) -> HttpResponse:
    """The report page; its script sends, now or when there is a network."""
    context = {
        "tab": "report",
        "grids": queries.field_places(request.user),
        "kinds": HazardKind.choices,
        "levels": HazardLevel.choices[::-1],
        "sources": HazardSource.choices,
    }
    return render(request, "grids/field/report.html", context)


@login_required
@never_cache
@require_GET
def visits(request: PersonRequest) -> HttpResponse:
    """My plan of this month, and a visit that nobody planned."""
    month = timezone.localdate().replace(day=1)
    plans = queries.plans_visible_to(request.user).filter(month=month).order_by("territory__code", "household")
    context = {
        "tab": "visits",
        "month": month,
        "plans": plans[:200] if is_in_the_field(request.user) else [],
        "grids": queries.field_places(request.user),
        "reasons": VisitReason.choices,
        "recent": queries.visits_visible_to(request.user).filter(visited_by=request.user).order_by("-pk")[:SHOWN],
    }
    return render(request, "grids/field/visits.html", context)


@login_required
@never_cache
@require_GET
def people(request: PersonRequest) -> HttpResponse:
    """My heads, and who else serves in my grids."""
    return render(
        request, "grids/field/people.html", {"tab": "people", "grids": queries.people_in_the_field(request.user)}
    )


@login_required
@never_cache
@require_GET
def hazard(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One report: who came, what became of it, what I may do."""
    return _hazard_page(request, uid)


@login_required
@never_cache
@require_POST
def act(request: PersonRequest, uid: UUID, name: str) -> HttpResponse:
    """On the spot, watch, solve, reopen."""
    row = queries.hazard_visible_to(request.user, uid)
    if name == "arrive":
        actions.arrive(row, actor=request.user)
        messages.success(request, "已记下您到场的时间。")
        return redirect("field:hazard", uid)
    if name not in ACTS:
        raise NotFound("没有这项操作。")
    shape, run, done = ACTS[name]
    form = shape(request.POST)
    if form.is_valid():
        try:
            run(row, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error.errors, error.message)
        else:
            messages.success(request, done)
            return redirect("field:hazard", uid)
    return _hazard_page(request, uid, {name: form}, status=422)


ACTS: dict[str, tuple[type[StyledForm], Callable[..., Hazard], str]] = {
    "solve": (SolveForm, actions.solve_hazard, "已记为就地化解。"),
    "watch": (WatchForm, actions.watch_hazard, "已列入关注。"),
    "reopen": (ReopenForm, actions.reopen_hazard, "已重新处置。"),
}


@login_required
@require_GET
def file(request: PersonRequest, uid: UUID, file_uid: UUID) -> HttpResponseBase:
    """A photo or video of a report in sight."""
    return attachment_response(queries.file_visible_to(request.user, uid, file_uid).file)


@login_required
@never_cache
@require_POST
def call(request: PersonRequest, key: str) -> HttpResponse:
    """The phone number of somebody who serves in my grid; the look is recorded."""
    service = queries.service_visible_to(request.user, key)
    number = actions.reveal_phone(service, actor=request.user, reason="网格工作联系")
    return render(request, "grids/field/parts/_call.html", {"service": service, "number": number})


@login_required
@never_cache
@require_GET
def token(request: PersonRequest) -> JsonResponse:
    """Who is signed in, and the token that sending needs: a page from the phone's own store carries an old one."""
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: a script without data, the same for everybody."""
    body = render(
        request, "grids/field/sw.js", {"assets": [static(name) for name in ASSETS]}, content_type="text/javascript"
    )
    body["Cache-Control"] = "no-cache"
    return body


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the page on its home screen."""
    facts = {
        "id": "/field/",
        "name": "综治中心 · 网格",
        "short_name": "网格",
        "lang": "zh-Hans",
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": "#0f3260",
        "icons": [
            {"src": static(f"img/{name}"), "sizes": size, "type": kind, "purpose": use}
            for name, size, kind, use in ICONS
        ],
    }
    return JsonResponse(facts, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


ICONS = (
    ("app-192.png", "192x192", "image/png", "any"),
    ("app-512.png", "512x512", "image/png", "any"),
    ("app-maskable-512.png", "512x512", "image/png", "maskable"),
    ("mark.svg", "any", "image/svg+xml", "any"),
)
ASSETS = (
    "vendor/tabler/tabler.min.css",
    "vendor/icons.svg",
    "css/tokens.css",
    "css/base.css",
    "css/field.css",
    "js/early.js",
    "django_htmx/htmx-2.min.js",
    "js/session.js",
    "js/base.js",
    "js/field/store.js",
    "js/field/queue.js",
    "js/field/photos.js",
    "js/field/forms.js",
    "js/field/page.js",
    "img/mark.svg",
    "img/app-192.png",
)


def _hazard_page(
    request: PersonRequest, uid: UUID, forms: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    row = queries.hazard_visible_to(request.user, uid)
    arrivals = list(row.arrivals.select_related("user"))
    settles = may_settle(request.user, row)
    context = {
        "tab": "home",
        "hazard": row,
        "files": row.files.select_related("file"),
        "arrivals": arrivals,
        "steps": row.steps.select_related("actor"),
        "callers": queries.people_to_call(row.territory) if row.is_urgent else [],
        "may_arrive": may_arrive(request.user, row) and all(a.user_id != request.user.pk for a in arrivals),
        "settles": settles,
        "is_open": row.status in (HazardState.OPEN, HazardState.WATCHED),
        "solve": SolveForm(),
        "watch": WatchForm(),
        "reopen": ReopenForm(),
        **(forms or {}),
    }
    return render(request, "grids/field/hazard.html", context, status=status)
