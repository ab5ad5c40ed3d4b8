"""Pages that need several apps: home, dossier; the sign of readiness."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from early_warning.permissions import decides_warnings
from grids.extension_points import vacancies_for
from grids.permissions import walks_own_grids
from grids.scope import scope_of
from intake import queries
from intake.deadlines import queries as deadlines_queries
from intake.permissions import may_register
from intake.queries.similar import similar_cases
from intake.views.entry import JUST_REGISTERED
from intake.views.list_pages import first_or_next_page
from workbench.administration.waiting import matters_for
from workbench.administrator_panels import administration_today
from workbench.dossier import dossier_of, following_registration
from workbench.due_next import due_next_for
from workbench.mediation_panels import hall_today, hall_week_of
from workbench.operations.health import faults
from workbench.operations.metrics import standing
from workbench.permissions import cares_for_calendar, may_fill_vacancies, may_read_metrics
from workbench.statistics.glance import glance_of
from workbench.todo import IN_PAGES, SHOWN, kind_named, todo_of
from workbench.warning_panels import warnings_waiting
from zhongzhi.accounts.queries import second_factors_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, NotFound, require
from zhongzhi.web.metrics import counted
from zhongzhi.web.phones import comes_with_phone


@login_required
@never_cache
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """What waits for me today. Who walks own grids and comes with a phone begins at the page of the field."""
    user = request.user
    if comes_with_phone(request) and walks_own_grids(user):
        return redirect("field:home")
    sections = todo_of(user)
    lines = due_next_for(user, sections)
    context = {
        "sections": sections,
        "lines": lines,
        "desk": administration_today(user),
        "hall": hall_today(user),
        "glance": glance_of(user),
        "watches": may_fill_vacancies(user) or decides_warnings(user),
        "matters": matters_for(user),
        "longer": [section for section in sections if section.total > SHOWN and not section.kind.is_followed],
        "postings": scope_of(user).postings,
        "may_register": may_register(user),
        "factors": second_factors_of(user),
        "calendar_warning": cares_for_calendar(user) and deadlines_queries.calendar_warning(timezone.localdate()),
    }
    return render(request, "workbench/home.html", context)


@login_required
@never_cache
@require_GET
def watched(request: PersonRequest) -> HttpResponse:
    """How much waits beside the lists of cases: loaded after them, for it is no work of this hour."""
    context = {
        "warnings": warnings_waiting(request.user),
        "vacancies": len(vacancies_for(request.user)) if may_fill_vacancies(request.user) else 0,
    }
    return render(request, "workbench/parts/_watched.html", context)


@login_required
@never_cache
@require_GET
def todo_list(request: PersonRequest, name: str) -> HttpResponse:
    """The whole of one of today's lists."""
    kind = kind_named(name)
    if kind is None:
        raise NotFound
    page, total = first_or_next_page(request, kind.in_pages, order=IN_PAGES)
    context = {"kind": kind, "page": page, "total": total, "rows": queries.listed(request.user, page.items)}
    return render(request, "workbench/todo.html", context)


@login_required
@never_cache
@require_GET
def vacancies(request: PersonRequest) -> HttpResponse:
    """What is left of people who are gone, until somebody else is named."""
    require(may_fill_vacancies(request.user), "由综治中心的研判分流员和负责人查看、补派。")
    return render(request, "workbench/vacancies.html", {"rows": vacancies_for(request.user)})


@login_required
@never_cache
@require_GET
def dossier(request: PersonRequest, code: str) -> HttpResponse:
    """One case, whole."""
    found = dossier_of(request.user, code)
    just = request.session.get(JUST_REGISTERED) == code
    following = following_registration(request.user, found) if just else None
    return render(request, "workbench/dossier.html", {"dossier": found, "following": following})


@login_required
@never_cache
@require_GET
def preview(request: PersonRequest, code: str) -> HttpResponse:
    """One case beside the list it stands in: what it is about, what was done last, and what comes next."""
    return render(request, "workbench/preview.html", {"dossier": dossier_of(request.user, code)})


@login_required
@never_cache
@require_GET
def similar(request: PersonRequest, code: str) -> HttpResponse:
    """Earlier cases like one, loaded beside its page."""
    case = queries.case_visible_to(request.user, code)
    return render(request, "workbench/parts/_similar.html", {"rows": similar_cases(request.user, case)})


@login_required
@never_cache
@require_GET
def hall_week(request: PersonRequest) -> HttpResponse:
    """The hall's roster of a week: the part of the duty page that mediation knows."""
    try:
        monday = date.fromisoformat(request.GET.get("week", ""))
    except ValueError as error:
        raise BadInput("日期应写成 2026-11-24。", field="week") from error
    return render(request, "workbench/parts/_hall_week.html", hall_week_of(request.user, monday))


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: what was counted and how things stand. Not there but for who shows the token."""
    if not may_read_metrics(request.headers.get("Authorization", "")):
        raise NotFound
    return HttpResponse(counted() + standing(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 with what is wrong while the installation cannot do its work."""
    found = faults()
    answer = {"status": "not ready" if found else "ready", "faults": found}
    return JsonResponse(answer, status=503 if found else 200, json_dumps_params={"ensure_ascii": False})
