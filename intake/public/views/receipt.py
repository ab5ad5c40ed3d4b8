"""The receipt (受理告知) with the query code: chosen for an applicant, printed on A4 or 80 mm."""

from uuid import UUID

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake import queries
from intake.models import Case, Party
from intake.permissions import may_issue_receipt, may_see_personal
from intake.public import actions as public_actions
from intake.public import queries as public_queries
from intake.public.models import ConsentPlace
from intake.queries.guardians import acting_name
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError, RuleViolation, require
from zhongzhi.core.querycodes import grouped_query_code

NO_POST = "受理告知由受理窗口打印。"
MOST = 30
"""Cases whose receipts are printed in one go."""


@login_required
@never_cache
@require_GET
def choose(request: PersonRequest, code: str) -> HttpResponse:
    """The applicants, and who was handed a receipt already."""
    case = queries.case_visible_to(request.user, code)
    require(may_issue_receipt(request.user, case), NO_POST)
    clear = may_see_personal(request.user, case)
    applicants = public_queries.applicants_of(case, names_in_clear=clear)
    return render(request, "intake/parts/_receipt.html", {"case": case, "applicants": applicants})


@login_required
@never_cache
@require_POST
def receipt(request: PersonRequest, code: str, uid: UUID) -> HttpResponse:
    """Give the applicant a code and show the paper. The code is shown this once: a new receipt voids it."""
    case = queries.case_visible_to(request.user, code)
    party = queries.party_of(case, uid)
    return render(request, "intake/receipt.html", {"receipts": [_written(request, case, party)]})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def together(request: PersonRequest) -> HttpResponse:
    """The receipts of several cases, each on a page of its own, for applicants who have none yet. Asked first, then
    each printed for itself; what is not printed is said beside."""
    given = request.POST if request.method == "POST" else request.GET
    codes = list(dict.fromkeys(given.getlist("case")))
    if not codes or len(codes) > MOST:
        raise BadInput(f"请勾选 1 至 {MOST} 件案件。", field="case")
    if request.method == "GET":
        cases = queries.cases_visible_to(request.user).filter(code__in=codes)
        return render(
            request, "intake/parts/_receipts.html", {"cases": queries.veil_all(request.user, cases, lambda case: case)}
        )
    receipts: list[dict[str, object]] = []
    refused: list[tuple[str, str]] = []
    for code in codes:
        try:
            receipts += _owed(request, code)
        except DomainError as error:
            refused.append((code, error.message))
    return render(request, "intake/receipt.html", {"receipts": receipts, "refused": refused})


def _owed(request: PersonRequest, code: str) -> list[dict[str, object]]:
    """The receipts of the applicants of one case who have none. Raises RuleViolation where all have theirs."""
    case = queries.case_visible_to(request.user, code)
    require(may_issue_receipt(request.user, case), NO_POST)
    without = [one for one in public_queries.applicants_of(case, names_in_clear=True) if one.code is None]
    if not without:
        raise RuleViolation("申请人都已有受理告知，需要补打的请单独打印。")
    return [_written(request, case, queries.party_of(case, one.party.uid)) for one in without]


def _written(request: PersonRequest, case: Case, party: Party) -> dict[str, object]:
    """What stands on the paper of one applicant, with a code made now."""
    issued = public_actions.issue_query_code(case, party, actor=request.user)
    address = request.build_absolute_uri(reverse("citizen:follow", args=[issued.text]))
    return {
        "case": case,
        "name": acting_name(party) if party.name else queries.shown_name(party, in_clear=True),
        "address": request.build_absolute_uri(reverse("citizen:ask")),
        "typed": grouped_query_code(issued.text),
        "by_phone": party.phone_tail is not None,
        "qr": segno.make(address, error="m").svg_data_uri(scale=6, border=2),
        "progress": public_queries.progress_of(issued.row),
        "told": public_queries.consent_text(ConsentPlace.RECEIPT),
        "now": timezone.now(),
        "printed_by": request.user,
    }
