"""The dialogs of the acts of mediation, made from their tables."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.queries import case_visible_to
from intake.views.act_dialogs import act_dialog, headline_of
from mediation.available_actions import CASE_ACTS, Situation, Subject, mediation_of, table_of
from mediation.models import Mediation
from mediation.permissions import NOT_YOURS, may_open, may_read_file
from mediation.queries import visibility as seen
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require

FINDERS: dict[str, Callable[[User, UUID], Subject]] = {
    "mediation": seen.mediation_visible_to,
    "session": seen.session_visible_to,
    "agreement": seen.agreement_visible_to,
    "instalment": seen.instalment_visible_to,
    "confirmation": seen.confirmation_visible_to,
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, kind: str, uid: UUID, name: str) -> HttpResponse:
    """Ask for what the act needs, then do it."""
    table = table_of(kind)
    subject = FINDERS[kind](request.user, uid)
    mediation = mediation_of(subject)
    require(may_read_file(request.user, mediation.case), NOT_YOURS)
    return act_dialog(
        request,
        table,
        table.named(name),
        Situation(request.user, subject),
        subject,
        headline=headline_of(mediation.case),
        leads_to=lambda result: _page_of(mediation),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def open_mediation(request: PersonRequest, code: str, name: str = "mediate") -> HttpResponse:
    """Ask before whom and how the case is mediated, then open it; at the window the agreement is written next."""
    case = case_visible_to(request.user, code)
    require(may_open(request.user, case), "开启调解由负责中心或承办单位办理。")
    return act_dialog(
        request,
        CASE_ACTS,
        CASE_ACTS.named(name),
        Situation(request.user, case),
        case,
        headline=headline_of(case),
        leads_to=_page_of if name == "mediate" else _agreement_of,
    )


def _page_of(mediation: Mediation) -> str:
    return reverse("mediation:mediation", args=[mediation.uid])


def _agreement_of(mediation: Mediation) -> str:
    return reverse("mediation:agreement", args=[mediation.uid])
