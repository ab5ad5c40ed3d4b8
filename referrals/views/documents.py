"""Pages of documents: lists, the document itself, its acts, its paper."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from intake.views.act_dialogs import act_dialog
from referrals import actions, queries
from referrals.available_actions import DOCUMENT_ACTS, DocumentSituation, available_document_acts
from referrals.documents import docx_of, postings_of, sheet_of
from referrals.filters import DocumentFilter
from referrals.models import Document
from referrals.queries.paper_signatures import signature_state
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import NotFound
from zhongzhi.files.responses import attachment_response
from zhongzhi.office.envelopes import ENVELOPE, LABEL, envelopes
from zhongzhi.printing.binding import MOST, TITLE, Bound, bound, made
from zhongzhi.printing.handing_out import as_pdf, pdf_response, print_response, signed_pdf
from zhongzhi.web.lists import filtered, page_of
from zhongzhi.web.watermark import head_line

SIZE = 30


@login_required
@never_cache
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """What my organisations have to sign for or to answer, the nearest limit first."""
    page = page_of(request, queries.documents_owed_by(request.user), order=("next_due", "id"), size=SIZE)
    queries.documents_as_seen(request.user, page.items)
    return render(request, "referrals/mine.html", {"page": page})


@login_required
@require_GET
def document_list(request: PersonRequest) -> HttpResponse:
    """All documents in sight; the filters stay in the address."""
    filters = DocumentFilter(request.GET, queries.documents_for_list(request.user), request=request)
    page = page_of(request, filtered(filters), size=SIZE)
    queries.documents_as_seen(request.user, page.items)
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
        "signature": signature_state(found) if found.is_signed else None,
        "has_visible_case": queries.has_visible_case(request.user, found),
    }
    return render(request, "referrals/document.html", context)


@login_required
@never_cache
@require_GET
def paper(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The document as PDF to print: what was signed, for those who may read it whole; else as the reader may see it."""
    return pdf_response(*_printed(request.user, queries.document_visible_to(request.user, uid)))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def together(request: PersonRequest) -> HttpResponse:
    """Several documents as one PDF: those of `document=`, and of the cases of `case=` all that the reader may open.
    Asked first, then printed; each for itself, and the first page says what became of each."""
    given = request.POST if request.method == "POST" else request.GET
    uids = queries.chosen_documents(request.user, given.getlist("document"), given.getlist("case"), most=MOST)
    if request.method == "GET":
        return render(request, "referrals/parts/_together.html", {"documents": _in_sight(request.user, uids)})
    papers = [_bound(request.user, uid) for uid in uids]
    content = bound(papers, partial(as_pdf, title=TITLE), both_sides="both_sides" in given)
    return pdf_response(content, f"公文{len(papers)}份{timezone.localdate():%Y%m%d}")


def _in_sight(user: User, uids: list[UUID]) -> Iterator[Document]:
    for uid in uids:
        with suppress(NotFound):
            yield queries.document_visible_to(user, uid)


def _bound(user: User, uid: UUID) -> Bound:
    """One paper among others; one that is not in sight is said to be missing, and nothing of it."""
    try:
        found = queries.document_visible_to(user, uid)
    except NotFound as error:
        return Bound("—", "—", refusal=error.message)
    return made(found.number or "", found.subject, lambda: _printed(user, found)[0])


def _printed(user: User, document: Document) -> tuple[bytes, str]:
    """The paper of one document and its name: what was signed, for those who may read it whole; else as they may see
    it."""
    if (signed := actions.take_signed_paper(document, actor=user)) is not None:
        kept, mark = signed
        return signed_pdf(kept, mark=mark), kept.title
    in_clear = actions.note_print(document, actor=user)
    sheet = sheet_of(document, in_clear=in_clear)
    head = head_line(user) if in_clear else ""
    name = f"{document.number or '未编号'} {document.subject}"
    return as_pdf(docx_of(sheet, head=head), title=name, watermark=sheet.stage), name


@login_required
@never_cache
@require_GET
def envelope(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The envelope to post it in, or with `form=label` a label, as PDF to print."""
    found = queries.document_visible_to(request.user, uid)
    actions.note_envelope(found, actor=request.user)
    form = LABEL if request.GET.get("form") == "label" else ENVELOPE
    return print_response(envelopes(postings_of(found), form), f"{found.number} {'标签' if form is LABEL else '信封'}")


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
    found, chosen = queries.document_visible_to(request.user, uid), DOCUMENT_ACTS.named(name)
    return act_dialog(
        request,
        DOCUMENT_ACTS,
        chosen,
        DocumentSituation(request.user, found),
        found,
        headline=f"{found.number or '未编号'} · {found.subject}",
        leads_to=lambda result: reverse("referrals:document", args=[found.uid]),
    )
