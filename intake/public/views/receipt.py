"""The receipt (受理告知) with the query code: chosen for an applicant, printed on A4 or 80 mm."""

from uuid import UUID

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from intake import queries
from intake.permissions import may_issue_receipt, may_see_personal
from intake.public import actions as public_actions
from intake.public import queries as public_queries
from intake.public.models import ConsentPlace
from intake.queries.guardians import acting_name
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require
from zhongzhi.core.querycodes import grouped_query_code

NO_POST = "受理告知由受理窗口打印。"


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
    issued = public_actions.issue_query_code(case, party, actor=request.user)
    address = request.build_absolute_uri(reverse("citizen:follow", args=[issued.text]))
    context = {
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
    return render(request, "intake/receipt.html", context)
