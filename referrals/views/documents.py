"""Pages of documents: lists, the document itself, its acts, its paper."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from referrals import actions, queries
from referrals.available_actions import DocumentAct, DocumentSituation, available_document_acts, document_act_named
from referrals.documents import sheet_of
from referrals.filters import DocumentFilter
from referrals.forms import document_act_form
from referrals.forms.documents import DocumentForm
from referrals.models import Document
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError
from zhongzhi.files.responses import attachment_response
from zhongzhi.web.lists import filtered, page_of

SIZE = 30


@login_required
@never_cache
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """What my organisations have to sign for or to answer, the nearest limit first."""
    page = page_of(request, queries.documents_owed_by(request.user), order=("next_due", "id"), size=SIZE)
    return render(request, "referrals/mine.html", {"page": page})


@login_required
@require_GET
def document_list(request: PersonRequest) -> HttpResponse:
    """All documents in sight; the filters stay in the address."""
    filters = DocumentFilter(request.GET, queries.documents_for_list(request.user), request=request)
    page = page_of(request, filtered(filters), size=SIZE)
    return render(request, "referrals/list.html", {"page": page, "filters": filters})


@login_required
@never_cache
@require_GET
def document(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One document: its paper, where it is, who may do what."""
    found = queries.document_visible_to(request.user, uid)
    acts = available_document_acts(request.user, found)
    context = {
        "document": found,
        "sheet": sheet_of(found, in_clear=False),
        "primary": acts[0] if acts else None,
        "others": acts[1:],
        "situation": DocumentSituation(request.user, found),
        "steps": queries.steps_of(found),
        "answers": queries.answers_of(found),
        "correction": queries.correction_of(found),
        "has_visible_case": queries.has_visible_case(request.user, found),
    }
    return render(request, "referrals/document.html", context)


@login_required
@never_cache
@require_GET
def paper(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The document as it is printed."""
    found = queries.document_visible_to(request.user, uid)
    in_clear = actions.note_print(found, actor=request.user)
    return render(request, "referrals/paper.html", {"document": found, "sheet": sheet_of(found, in_clear=in_clear)})


@login_required
@require_GET
def download(request: PersonRequest, uid: UUID) -> HttpResponseBase:
    """The file that was signed; who took it is recorded."""
    found = queries.document_visible_to(request.user, uid)
    return attachment_response(actions.note_download(found, actor=request.user))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, uid: UUID, name: str) -> HttpResponse:
    """Ask for what the act needs, then do it."""
    found, chosen = queries.document_visible_to(request.user, uid), document_act_named(name)
    form = document_act_form(chosen, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(request, chosen, found, form):
        messages.success(request, f"{chosen.label}：已办理。")
        return HttpResponseClientRedirect(reverse("referrals:document", args=[found.uid]))
    context = {
        "act": chosen,
        "form": form,
        "address": reverse("referrals:document_act", args=[found.uid, name]),
        "headline": f"{found.number or '未编号'} · {found.subject}",
        "asked": _asked(chosen, DocumentSituation(request.user, found)),
    }
    return render(request, "referrals/parts/_act.html", context, status=422 if form.errors else 200)


def _done(request: PersonRequest, chosen: DocumentAct, found: Document, form: DocumentForm) -> bool:
    try:
        chosen.run(found, actor=request.user, **form.arguments())
    except DomainError as error:
        form.refuse_for(error)
        return False
    return True


def _asked(chosen: DocumentAct, situation: DocumentSituation) -> dict[str, str] | None:
    """What somebody asked for or answered, shown where it is decided."""
    if chosen.name == "decide-extension" and (asked := situation.open_extension):
        return {"who": asked.asked_by.name, "what": "申请延期", "why": asked.reason}
    if chosen.name == "decide-answer" and (answer := situation.open_answer):
        return {"who": answer.answered_by.name, "what": answer.get_adoption_display() or "答复", "why": answer.text}
    return None
