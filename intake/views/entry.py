"""The register page: a new case, a draft, a correction; the fast track in the same form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from grids.models import Organisation
from grids.queries import centres_served_by
from intake import actions, queries
from intake.actions import AlreadyRegistered, Report
from intake.forms import EntryInput
from intake.models import Case, EntryAutosave
from intake.permissions import may_amend, may_register, may_register_at
from intake.views.members import list_after_joining
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require

NO_POST = "您的岗位不能登记案件。"
LONGEST_CODE = 24
JUST_REGISTERED = "just_registered"
"""In the session, the code of the case whose page shows what usually follows, until the next person comes."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Register what somebody came with."""
    require(may_register(request.user), NO_POST)
    request.session.pop(JUST_REGISTERED, None)
    return _page(request, _opened(request, request.POST if request.method == "POST" else None))


@login_required
@never_cache
@sensitive_post_parameters()
@require_POST
def typed(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Keep the page as typed so far; the page asks for it while one types."""
    given = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "do"):
        given.pop(name, None)
    row = actions.save_autosave(given.urlencode(), actor=request.user, uid=uid)
    return JsonResponse({"saved_at": timezone.localtime(row.updated_at).strftime("%H:%M:%S")})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Go on with a draft of one's own: one that was saved, typed and not sent, or both. Back from the case that it
    became leads to the case."""
    registered = queries.code_of_entry(request.user, uid)
    if registered is not None and request.method == "GET":
        return redirect("workbench:dossier", registered)
    row = queries.entry_autosave(request.user, uid)
    case = queries.draft_of(request.user, uid) if row is None else queries.draft_or_none(request.user, uid)
    if request.method == "POST":
        return _page(request, _opened(request, request.POST, case=case), case)
    page = _opened(request, case=case, typed=QueryDict(row.text) if row else None)
    return _page(request, page, case, restored=row)


@login_required
@require_POST
def discard(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Throw a draft away, and what was typed of it."""
    case = queries.draft_or_none(request.user, uid)
    if case is None and queries.entry_autosave(request.user, uid) is None:
        raise NotFound("没有找到这份草稿，可能已经登记或删除。")
    if case is not None:
        actions.discard_draft(case, actor=request.user)
    actions.discard_autosave(actor=request.user, uid=uid)
    messages.success(request, "草稿已删除。")
    return redirect("workbench:home")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def amend(request: PersonRequest, code: str) -> HttpResponse:
    """Complete or correct what was entered."""
    case = queries.case_visible_to(request.user, code)
    require(may_amend(request.user, case), "只有登记人、负责中心窗口和承办单位可以修改。")
    return _page(request, EntryInput(request.POST if request.method == "POST" else None, case=case), case)


def _opened(request: PersonRequest, data: Any = None, **known: Any) -> EntryInput:
    """The page of a new case; who serves at several centres chooses one."""
    centres = _centres(request)
    last = queries.last_centre_of(request.user) if len(centres) > 1 else None
    return EntryInput(data, centres=centres, last_centre=last, **known)


def _centres(request: PersonRequest) -> list[Organisation]:
    return [c for c in centres_served_by(request.user) if may_register_at(request.user, c)]


def _page(
    request: PersonRequest, page: EntryInput, case: Case | None = None, restored: EntryAutosave | None = None
) -> HttpResponse:
    answer = _submit(request, page, case) if request.method == "POST" and page.is_valid() else None
    if answer is not None:
        return answer
    centres = _centres(request)
    context = {
        "page": page,
        "case": case,
        "amending": case is not None and case.code is not None,
        "centre": centres[0] if centres else None,
        "settling": request.POST.get("do") == "settle" or page.report.initial.get("outcome"),
        "restored": restored,
        "waiting": queries.entry_autosaves(request.user, limit=3) if request.path == reverse("intake:new") else [],
    }
    return render(request, "intake/entry.html", context, status=422 if request.method == "POST" else 200)


def _submit(request: PersonRequest, page: EntryInput, case: Case | None) -> HttpResponse | None:
    """Do what the pressed button says; None when the page is shown again with what is wrong."""
    do = "join" if request.POST.get("join") else request.POST.get("do", "register")
    do = "amend" if case is not None and case.code else do
    try:
        return SUBMITS.get(do, _register)(request, page, case)
    except AlreadyRegistered as twice:
        messages.info(request, twice.message)
        return redirect("workbench:dossier", str(twice.context["case"]))
    except DomainError as error:
        page.refuse(error)
        return None


def _register(request: PersonRequest, page: EntryInput, case: Case | None) -> HttpResponse:
    if page.beside:
        known = {"centre": page.centre, "uid": page.uid, **page.beside}
        case = actions.register_beside(page.entry(), actor=request.user, **known)
    else:
        case = actions.register_case(page.entry(), actor=request.user, centre=page.centre, uid=page.uid)
    request.session[JUST_REGISTERED] = str(case.code)
    messages.success(request, f"已登记，编号 {case.code}")
    doubles = queries.doubles_of(request.user, case)
    if not doubles.is_empty:
        messages.warning(request, f"同一当事人或同一事项已有在办案件，请核对后并案或关联：{doubles.in_words}")
    return redirect("workbench:dossier", case.code)


def _join(request: PersonRequest, page: EntryInput, case: Case | None) -> HttpResponse:
    """Who came joins a case that is open already; what was typed beside them is let go."""
    there, came = actions.join_by_entry(page.entry(), actor=request.user, code=request.POST["join"][:LONGEST_CODE])
    if case is not None:
        actions.discard_draft(case, actor=request.user)
    actions.discard_autosave(actor=request.user, uid=page.uid)
    messages.success(request, f"{'、'.join(party.shown_name for party in came)}已加入 {there.code}")
    return redirect(list_after_joining(there, came))


def _settle(request: PersonRequest, page: EntryInput, case: Case | None) -> HttpResponse:
    report = Report(**page.report.cleaned_data)
    if page.beside:
        known = {"report": report, "centre": page.centre, "uid": page.uid, **page.beside}
        case = actions.register_beside(page.entry(), actor=request.user, **known)
    else:
        known = {"centre": page.centre, "uid": page.uid}
        case = actions.settle_at_window(page.entry(), report, actor=request.user, **known)
    request.session[JUST_REGISTERED] = str(case.code)
    messages.success(request, f"已登记并当场办结，编号 {case.code}")
    return redirect("workbench:dossier", case.code)


def _save(request: PersonRequest, page: EntryInput, case: Case | None) -> HttpResponse:
    case = actions.save_draft(page.entry(), actor=request.user, uid=page.uid)
    messages.success(request, "草稿已保存，可随时从“待办”继续填写。")
    return redirect("intake:draft", case.uid)


def _amend(request: PersonRequest, page: EntryInput, case: Case | None) -> HttpResponse:
    if case is None:
        return _register(request, page, case)
    actions.amend_case(case, page.entry(), actor=request.user, version=page.version, reason=page.reason)
    messages.success(request, "更正已保存，更正前后的内容在办理过程中可以查看。")
    return redirect("workbench:dossier", str(case.code))


SUBMITS: dict[str, Callable[[PersonRequest, EntryInput, Case | None], HttpResponse]] = {
    "register": _register,
    "settle": _settle,
    "join": _join,
    "save": _save,
    "amend": _amend,
}
