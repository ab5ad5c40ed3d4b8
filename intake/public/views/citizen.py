"""Pages without a login for who holds a receipt, or has something to report: large type, no names, throttled."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.public import actions as public_actions
from intake.public import queries as public_queries
from intake.public.forms import AskForm, PublicReportForm, RatingForm
from intake.public.lookup import caller_of, code_for, way_by_phone
from intake.public.models import ConsentPlace, QueryCode
from zhongzhi.core.errors import DomainError, NotFound, RateLimited
from zhongzhi.core.querycodes import grouped_query_code, normalised_query_code
from zhongzhi.web.throttle import AtOnce, Limit

REPORTS = Limit("public-reports", times=10, seconds=3600)
ALL_REPORTS = Limit("public-reports-in-all", times=300, seconds=3600)
UNDER_WAY = AtOnce("public-reports-at-once", times=2, wait=30)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code from the paper, or its beginning and the last digits of one's phone."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"] or "-"
        if not form.is_short:
            return redirect("citizen:follow", typed)
        try:
            return redirect("citizen:follow", way_by_phone(request, typed, form.cleaned_data["tail"]))
        except (NotFound, RateLimited) as error:
            return _missing(request, error, form)
    return render(request, "citizen/ask.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
def follow(request: HttpRequest, typed: str) -> HttpResponse:
    """How far the case is."""
    return _with_code(request, typed, lambda code: _progress(request, typed, code, RatingForm()))


@never_cache
@require_POST
def rate(request: HttpRequest, typed: str) -> HttpResponse:
    """Rate the handling."""
    return _with_code(request, typed, lambda code: _rated(request, typed, code))


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report something without a visit."""
    desk = public_queries.public_desk()
    told, places = public_queries.consent_text(ConsentPlace.REPORT), public_queries.public_places(desk)
    form = PublicReportForm(request.POST or None, request.FILES or None, places=places, version=told.version)
    context = {"form": form, "centre": desk.organisation, "told": told}
    if request.method == "POST" and form.is_valid():
        try:
            return _reported(request, form)
        except RateLimited:
            raise
        except DomainError as error:
            form.refuse_for(error)
            if error.field == "agreed":
                form.show_again(told.version)
    return render(request, "citizen/report.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes of people's data, as it holds today."""
    return render(
        request, "citizen/privacy.html", {"texts": [public_queries.consent_text(place) for place in ConsentPlace]}
    )


def _with_code(request: HttpRequest, typed: str, show: Callable[[QueryCode], HttpResponse]) -> HttpResponse:
    try:
        code = code_for(request, typed)
    except (NotFound, RateLimited) as error:
        shown = "" if ":" in typed else grouped_query_code(normalised_query_code(typed))
        return _missing(request, error, AskForm(initial={"code": shown}))
    return show(code)


def _missing(request: HttpRequest, error: NotFound | RateLimited, form: AskForm) -> HttpResponse:
    answer = render(request, "citizen/missing.html", {"error": error, "form": form}, status=error.status)
    if "wait" in error.context:
        answer["Retry-After"] = str(error.context["wait"])
    return answer


def _progress(request: HttpRequest, typed: str, code: QueryCode, form: RatingForm) -> HttpResponse:
    context = {"progress": public_queries.progress_of(code), "typed": typed, "form": form}
    return render(request, "citizen/follow.html", context, status=422 if form.errors else 200)


def _rated(request: HttpRequest, typed: str, code: QueryCode) -> HttpResponse:
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            public_actions.rate_case(code, **form.cleaned_data)
            return redirect("citizen:follow", typed)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    return _progress(request, typed, code, form)


def _reported(request: HttpRequest, form: PublicReportForm) -> HttpResponse:
    REPORTS.spend(caller_of(request))
    ALL_REPORTS.spend("all")
    with UNDER_WAY.hold():
        reported = public_actions.report_publicly(form.report(), form.cleaned_data["photos"])
    context = {"case": reported.case, "code": reported.code, "typed": grouped_query_code(reported.code)}
    return render(request, "citizen/reported.html", context)
