"""The mediation itself, the workspace of a mediator, the calendar."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mediation.actions.agreement_bars import why_not_on
from mediation.page import page_of
from mediation.permissions import has_mediation, may_mediate, may_read_file
from mediation.queries import workspace
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require


@login_required
@never_cache
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """What waits for a mediator today."""
    require(has_mediation(request.user), "您的岗位没有调解业务。")
    context = {"workspace": workspace.workspace_of(request.user, timezone.now()), "today": timezone.localdate()}
    return render(request, "mediation/workspace.html", context)


@login_required
@never_cache
@require_GET
def mediation(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One mediation, whole."""
    found = page_of(request.user, uid)
    context = {
        "page": found,
        "today": timezone.localdate(),
        "mediation": found.mediation,
        "case": found.mediation.case,
        "may_mediate": may_mediate(request.user, found.mediation),
        "may_read_file": may_read_file(request.user, found.mediation.case),
        "why_not": why_not_on(found.mediation) if may_read_file(request.user, found.mediation.case) else None,
    }
    return render(request, "mediation/mediation.html", context)


@login_required
@never_cache
@require_GET
def calendar(request: PersonRequest) -> HttpResponse:
    """A week of sessions, by day and mediator."""
    require(has_mediation(request.user), "您的岗位没有调解业务。")
    first = monday_of(request.GET.get("week", ""))
    starts = timezone.make_aware(datetime.combine(first, time()))
    chosen = request.GET.get("mediator", "")
    week = workspace.week_of(request.user, starts, mediator=int(chosen) if chosen.isdigit() else None)
    context = {
        "week": week,
        "first": first,
        "last": first + timedelta(days=6),
        "earlier": first - timedelta(days=7),
        "later": first + timedelta(days=7),
        "today": timezone.localdate(),
        "chosen": chosen,
    }
    return render(request, "mediation/calendar.html", context)


def monday_of(text: str) -> date:
    """The Monday of the week of a day as typed; of this week for none."""
    try:
        day = parse_date(text) or timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    return day - timedelta(days=day.weekday())
