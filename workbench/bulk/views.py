"""The dialog of one act on many cases, and what became of each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake import queries
from intake.available_actions import Situation
from intake.models import Case
from workbench.bulk.actions import do_on_each
from workbench.bulk.table import MOST, BulkAct, bulk_act_for
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput
from zhongzhi.web.act_table import ActForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def bulk(request: PersonRequest, name: str) -> HttpResponse:
    """Ask once for what the act takes, then do it on each of `?case=`."""
    found = bulk_act_for(request.user, name)
    cases = _cases(request)
    form = _form(request, found, cases)
    if request.method == "POST" and form.is_valid():
        results = do_on_each(found, [str(case.code) for case in cases], request.POST, actor=request.user)
        refused = [result for result in results if result.refusal]
        context = {"act": found.act, "results": results, "refused": len(refused), "done": len(results) - len(refused)}
        return render(request, "workbench/parts/_bulk_results.html", context)
    context = {"bulk": found, "act": found.act, "form": form, "lines": _lines(found, cases), "address": request.path}
    return render(request, "workbench/parts/_bulk.html", context, status=422 if form.errors else 200)


def _cases(request: PersonRequest) -> list[Case]:
    """The chosen cases that are in sight, in the order chosen. Raises BadInput for none, and for too many."""
    given = request.POST if request.method == "POST" else request.GET
    codes = list(dict.fromkeys(given.getlist("case")))
    if len(codes) > MOST:
        raise BadInput(f"一次最多办理 {MOST} 件，请分几次。", field="case")
    rows = {str(case.code): case for case in queries.cases_for_list(request.user).filter(code__in=codes)}
    found = [rows[code] for code in codes if code in rows]
    if not found:
        raise BadInput("请先在列表中勾选案件。", field="case")
    return found


def _form(request: PersonRequest, found: BulkAct, cases: list[Case]) -> ActForm:
    """The form of the act on the first case that takes it; what differs from case to case is checked for each when it
    is done."""
    situations = [Situation(request.user, case) for case in cases]
    usual = next((one for one in situations if found.table.is_open(found.act, one)), situations[0])
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return found.form(usual, *given)


def _lines(found: BulkAct, cases: list[Case]) -> list[tuple[Case, str]]:
    """Each case, and what will be filled in for it."""
    if found.filling is None:
        return [(case, "") for case in cases]
    return [(case, (found.filling(case) or ("", "没有建议单位"))[1]) for case in cases]
