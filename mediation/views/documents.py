"""The file of a mediation: its completeness, its papers on screen, printed and downloaded."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mediation import actions
from mediation.documents import Paper, papers_of, write_paper, write_whole_file, zip_of_file
from mediation.forms.file import MaterialForm
from mediation.models import Mediation
from mediation.permissions import may_read_file, may_record_performance
from mediation.queries.file import file_lines, materials_of
from mediation.queries.signed_papers import signed_paper, signed_papers_of
from mediation.queries.visibility import mediation_visible_to
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.printing.handing_out import docx_response, pdf_response, print_response, signed_pdf
from zhongzhi.web.watermark import head_line

DRAFT = "草稿"
NOT_YOURS = "只有办理本案的人员可以查看和打印卷宗。"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def file(request: PersonRequest, uid: UUID) -> HttpResponse:
    """What is there, what is missing and how to mend it; a place to put materials."""
    mediation = _found(request, uid)
    form = MaterialForm(*((request.POST, request.FILES) if request.method == "POST" else ()), subject=mediation)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_material(mediation, actor=request.user, **form.arguments())
            messages.success(request, f"已收入卷宗：{row.get_kind_display()}")
            return redirect("mediation:file", mediation.uid)
        except DomainError as error:
            form.refuse_for(error)
    context = {
        "mediation": mediation,
        "case": mediation.case,
        "lines": file_lines(mediation),
        "papers": papers_of(mediation),
        "signed": signed_papers_of(mediation),
        "materials": materials_of(mediation),
        "form": form,
        "may_add": may_record_performance(request.user, mediation),
    }
    return render(request, "mediation/file.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def recheck(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Look at the file again."""
    mediation = _found(request, uid)
    lacking = actions.recheck(mediation, actor=request.user)
    messages.info(request, f"尚缺：{'、'.join(lacking)}" if lacking else "卷宗齐全，可以归档。")
    return redirect("mediation:file", mediation.uid)


@login_required
@never_cache
@require_GET
def print_page(request: PersonRequest, uid: UUID, key: str) -> HttpResponse:
    """One paper, or with `all` the whole file, as PDF to print."""
    mediation = _found(request, uid)
    actions.note_taken_out(mediation, actor=request.user, what=f"print:{key}")
    if (signed := signed_paper(mediation, key)) is not None:
        kept, mark = signed
        return pdf_response(signed_pdf(kept, mark=mark), kept.title)
    content, name, mark = _written(request, mediation, key)
    return print_response(content, name, watermark=mark)


@login_required
@never_cache
@require_GET
def document(request: PersonRequest, uid: UUID, key: str) -> HttpResponse:
    """One paper, or with `all` the whole file, as DOCX."""
    mediation = _found(request, uid)
    content, name, _ = _written(request, mediation, key)
    actions.note_taken_out(mediation, actor=request.user, what=f"docx:{key}")
    return docx_response(content, name)


@login_required
@never_cache
@require_GET
def zipped(request: PersonRequest, uid: UUID) -> FileResponse:
    """The whole file in one ZIP."""
    mediation = _found(request, uid)
    actions.note_taken_out(mediation, actor=request.user, what="zip")
    content = zip_of_file(mediation, papers_of(mediation), head_line(request.user))
    return FileResponse(content, as_attachment=True, filename=f"{mediation.case.code} 调解卷宗.zip")


def _found(request: PersonRequest, uid: UUID) -> Mediation:
    mediation = mediation_visible_to(request.user, uid)
    require(may_read_file(request.user, mediation.case), NOT_YOURS)
    return mediation


def _written(request: PersonRequest, mediation: Mediation, key: str) -> tuple[bytes, str, str]:
    """What is asked for, written, with who took it out at its head; its name, and 草稿 for a draft."""
    head, code = head_line(request.user), mediation.case.code
    if key == "all":
        return write_whole_file(papers_of(mediation), head), f"{code} 调解卷宗", ""
    paper = _paper(mediation, key)
    return write_paper(paper, head), f"{code} {paper.title}", DRAFT if paper.stage else ""


def _paper(mediation: Mediation, key: str) -> Paper:
    for paper in papers_of(mediation):
        if paper.key == key:
            return paper
    raise NotFound("这份文书目前没有内容。")
