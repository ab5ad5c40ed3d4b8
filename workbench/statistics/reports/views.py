"""Pages of the reports: ask for one, see how far it is, take it along."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids.queries import names_of_places
from intake.actions import note_export
from workbench.statistics.permissions import place_for, places_of
from workbench.statistics.reports.brief import CASE_HEAD, brief_of, paper_of
from workbench.statistics.reports.making import KIND, KINDS, ask_report
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import NotFound, require
from zhongzhi.files.queries import stored_file
from zhongzhi.files.responses import attachment_response
from zhongzhi.jobs.queries import job_of, jobs_of
from zhongzhi.printing.handing_out import docx_response, print_response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reports(request: PersonRequest) -> HttpResponse:
    """My reports, and a form for another."""
    places = places_of(request.user)
    require(bool(places), "报告按区划生成，您的岗位没有统计区域。")
    if request.method == "POST":
        ask_report(request.user, place=request.POST.get("place", ""), period=request.POST.get("period", ""))
        messages.success(request, "报告正在后台生成，可以离开本页；完成后会收到消息。")
        return redirect("workbench:figures_reports")
    context = {"kinds": KINDS.items(), "places": names_of_places(list(places)).items(), **_listed(request)}
    return render(request, "statistics/reports.html", context)


@login_required
@never_cache
@require_GET
def report_rows(request: PersonRequest) -> HttpResponse:
    """The rows alone, asked for again while one is being made."""
    return render(request, "statistics/parts/_reports.html", _listed(request))


@login_required
@require_GET
def download(request: PersonRequest, uid: UUID, extension: str) -> HttpResponseBase:
    """One of the files of a report of mine."""
    job = job_of(request.user, uid, KIND)
    if extension not in job.result:
        raise NotFound("这份报告还没有生成完。")
    return attachment_response(stored_file(UUID(job.result[extension])))


@login_required
@never_cache
@require_GET
def brief(request: PersonRequest) -> HttpResponse:
    """领导专报 of a place in one's territory, as it stands now, as DOCX; who took it out stands in the trail."""
    return docx_response(*_brief(request))


@login_required
@never_cache
@require_GET
def print_brief(request: PersonRequest) -> HttpResponse:
    """The same as PDF to print."""
    return print_response(*_brief(request))


def _brief(request: PersonRequest) -> tuple[bytes, str]:
    require(bool(places_of(request.user)), "专报按区划生成，您的岗位没有统计区域。")
    place = place_for(request.user, request.GET.get("place", ""))
    paper = paper_of(brief_of(request.user, place))
    note_export(actor=request.user, form="brief", filters=["place"], columns=CASE_HEAD)
    return paper, f"{place.name}领导专报{timezone.localdate():%Y%m%d}"


def _listed(request: PersonRequest) -> dict[str, object]:
    jobs = list(jobs_of(request.user, KIND)[:30])
    return {"jobs": jobs, "is_busy": any(job.is_open for job in jobs)}
