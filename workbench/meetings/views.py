"""Pages of the coordination meeting: one page for the sitting, a part for each decision, the minutes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from early_warning.queries import live_warnings_on, views_of
from grids.models import Organisation
from grids.queries import names_of_places
from intake import queries
from intake.actions import note_export
from intake.coordination import actions as coordination_actions
from intake.coordination import queries as coordination_queries
from intake.coordination.models import AgendaItem, CoordinationMeeting, MeetingKind
from intake.permissions import may_meet_at, may_see_personal
from workbench.meetings.actions import decide, dispatch_as_suggested, open_sitting
from workbench.meetings.forms import CloseForm, DecisionForm
from workbench.meetings.minutes import minutes_of
from workbench.meetings.paper import HEADS, paper_of
from workbench.meetings.queries import risks_of
from workbench.statistics.permissions import has_territory, place_for, places_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.printing.handing_out import docx_response, print_response
from zhongzhi.web.lists import page_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def meetings(request: PersonRequest) -> HttpResponse:
    """The meetings in sight; a POST opens today's."""
    centres = coordination_queries.meeting_centres(request.user)
    if request.method == "POST":
        kind = request.POST.get("kind", MeetingKind.DAILY)
        meeting = open_sitting(_centre(request, centres), actor=request.user, kind=kind)
        return redirect("workbench:meeting", meeting.pk)
    page = page_of(request, coordination_queries.meetings_visible_to(request.user), size=20)
    places = names_of_places(places_of(request.user)).items()
    context = {"page": page, "centres": centres, "kinds": MeetingKind.choices[1:], "places": places}
    return render(request, "workbench/meetings.html", context)


@login_required
@never_cache
@require_GET
def meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """The sitting: agenda and the item under discussion."""
    found = coordination_queries.meeting_visible_to(request.user, pk)
    may = found.is_open and may_meet_at(request.user, found.centre)
    items = list(coordination_queries.agenda_for(request.user, found))
    first = coordination_queries.next_undecided(request.user, found, 0) if may else None
    context = {
        "meeting": found,
        "items": items,
        "may_decide": may,
        "left_over": coordination_queries.left_over(found.centre) if may else 0,
        "close_form": CloseForm(initial={"chair": request.user.name}),
        **(_discussion(request, found, coordination_queries.item_for(request.user, found, first.pk)) if first else {}),
    }
    return render(request, "workbench/meeting.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def item(request: PersonRequest, pk: int, item_pk: int) -> HttpResponse:
    """One item under discussion; a POST decides it, and the next comes up."""
    found = coordination_queries.meeting_visible_to(request.user, pk)
    current = coordination_queries.item_for(request.user, found, item_pk)
    if request.method == "GET":
        return render(request, "workbench/parts/_discussion.html", _discussion(request, found, current))
    form = _form(current, request.POST)
    if not form.is_valid() or not _done(form, current, request):
        context = _discussion(request, found, current, form)
        return render(request, "workbench/parts/_discussion.html", context, status=422)
    return _next(request, found, current)


@login_required
@require_POST
def bulk(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept and dispatch the chosen items as suggested, with a result for each."""
    found = coordination_queries.meeting_visible_to(request.user, pk)
    chosen = {int(value) for value in request.POST.getlist("item") if value.isdigit()}
    items = [
        row for row in coordination_queries.agenda_for(request.user, found) if row.pk in chosen and not row.decision
    ]
    results = dispatch_as_suggested(items, actor=request.user)
    done = [result for result in results if not result.refusal]
    if done:
        messages.success(request, f"已按建议受理并交办 {len(done)} 件。")
    for refusal in sorted({result.refusal for result in results if result.refusal}):
        places = "、".join(str(r.item.ordinal) for r in results if r.refusal == refusal)
        messages.warning(request, f"第 {places} 项未办：{refusal}")
    if not items:
        messages.info(request, "没有选中待议的议题。")
    return redirect("workbench:meeting", pk)


@login_required
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End the sitting."""
    found = coordination_queries.meeting_visible_to(request.user, pk)
    form = CloseForm(request.POST)
    values = form.cleaned_data if form.is_valid() else {}
    coordination_actions.close_meeting(found, actor=request.user, **values)
    messages.success(request, f"{found.get_kind_display()}已结束，可以下载会议纪要。")
    return redirect("workbench:meeting", pk)


@login_required
@never_cache
@require_GET
def minutes(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes as DOCX."""
    return docx_response(*_minutes(request, pk))


@login_required
@never_cache
@require_GET
def print_minutes(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes as PDF to print."""
    return print_response(*_minutes(request, pk))


def _minutes(request: PersonRequest, pk: int) -> tuple[bytes, str]:
    found = coordination_queries.meeting_visible_to(request.user, pk)
    content = minutes_of(found, coordination_queries.agenda_for(request.user, found))
    return content, f"{found.centre.short_name}{found.get_kind_display()}纪要{found.held_on:%Y%m%d}"


@login_required
@never_cache
@require_GET
def risk_report(request: PersonRequest) -> HttpResponse:
    """风险研判报告 of a place in one's territory as DOCX; who took it out stands in the trail."""
    return docx_response(*_risk_report(request))


@login_required
@never_cache
@require_GET
def print_risk_report(request: PersonRequest) -> HttpResponse:
    """The same as PDF to print."""
    return print_response(*_risk_report(request))


def _risk_report(request: PersonRequest) -> tuple[bytes, str]:
    require(has_territory(request.user), "风险研判报告按区划生成，您的岗位没有统计区域。")
    place = place_for(request.user, request.GET.get("place", ""))
    content = paper_of(risks_of(request.user, place, 31 if request.GET.get("days") == "31" else 7))
    note_export(actor=request.user, form="risk_report", filters=["place", "days"], columns=HEADS)
    return content, f"{place.name}风险研判报告{timezone.localdate():%Y%m%d}"


def _centre(request: PersonRequest, centres: list[Organisation]) -> Organisation:
    wanted = request.POST.get("centre", "")
    for centre in centres:
        if wanted in ("", str(centre.pk)):
            return centre
    raise NotFound("没有找到您可以召集碰头会的综治中心。")


def _form(current: AgendaItem, data: Any = None) -> DecisionForm:
    return DecisionForm(data, item=current, suggested=queries.suggested_lead(current.case))


def _done(form: DecisionForm, current: AgendaItem, request: PersonRequest) -> bool:
    try:
        decide(current, form.wanted(), actor=request.user)
    except DomainError as error:
        own = {"organisation": "lead", "reason": "note", "co_handlers": "co_1"}
        form.refuse({own.get(name, name): texts for name, texts in error.errors.items()}, error.message)
        return False
    return True


def _next(request: PersonRequest, found: CoordinationMeeting, decided: AgendaItem) -> HttpResponse:
    """The next item, with the row of the one that was decided and the counts beside it."""
    found = coordination_queries.meeting_visible_to(request.user, found.pk)
    following = coordination_queries.next_undecided(request.user, found, decided.ordinal)
    context: dict[str, Any] = {
        "meeting": found,
        "changed": coordination_queries.item_for(request.user, found, decided.pk),
        "may_decide": True,
    }
    if following is not None:
        context |= _discussion(request, found, coordination_queries.item_for(request.user, found, following.pk))
    return render(request, "workbench/parts/_discussion.html", context)


def _discussion(
    request: PersonRequest, found: CoordinationMeeting, current: AgendaItem, form: DecisionForm | None = None
) -> dict[str, Any]:
    """What is shown of the item under discussion."""
    case = current.case
    clear = may_see_personal(request.user, case)
    may = found.is_open and may_meet_at(request.user, found.centre) and not current.is_settled
    suggested = queries.suggested_lead(case)
    return {
        "meeting": found,
        "item": current,
        "case": case,
        "parties": queries.party_views(case, names_in_clear=clear),
        "kindred": queries.veil_all(request.user, queries.kindred_cases(request.user, case)[:4], lambda row: row),
        "suggested": suggested,
        "warnings": views_of(request.user, live_warnings_on(request.user, case)[:5]),
        "form": (form or DecisionForm(item=current, suggested=suggested)) if may else None,
        "may_decide": may,
    }
