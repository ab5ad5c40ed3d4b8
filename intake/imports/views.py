"""Imports of calls and petitions: hand in, watch, confirm; left and found again."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.models import Organisation
from grids.queries import centres_served_by
from intake.imports import actions as imports_actions
from intake.imports import queries as imports_queries
from intake.imports.columns import columns_of, remark_columns, titles_of
from intake.imports.forms import ConfirmForm, ImportForm, WordsForm
from intake.imports.lifecycle import ImportState
from intake.imports.models import ImportBatch, ImportKind
from intake.permissions import may_import_at
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.long_reads import streamed
from zhongzhi.web.lists import page_of
from zhongzhi.web.reading_forms import ColumnsForm, SheetForm
from zhongzhi.web.sheets import csv_lines, write_template

SHOWN = 50
NO_POST = "导入由综治中心的窗口、研判分流和负责人办理。"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def imports(request: PersonRequest) -> HttpResponse:
    """The centre's imports, and the form for the next."""
    centres = _centres(request)
    require(bool(centres), NO_POST)
    sent = request.method == "POST"
    form = ImportForm(request.POST if sent else None, request.FILES if sent else None, centres=centres)
    if sent and form.is_valid() and (batch := _started(request, form)):
        return redirect("intake:import", batch.uid)
    page = page_of(request, imports_queries.imports_visible_to(request.user), size=20)
    context = {"form": form, "page": page, "kinds": ImportKind.choices, "one_centre": len(centres) == 1}
    return render(request, "intake/imports.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def template(request: PersonRequest, kind: str) -> FileResponse:
    """An empty table with the right columns and one example row."""
    require(bool(_centres(request)), NO_POST)
    if kind not in ImportKind.values:
        raise NotFound
    chosen = ImportKind(kind)
    file = write_template(chosen.label, columns_of(chosen))
    return FileResponse(file, as_attachment=True, filename=f"{chosen.label}导入模板.xlsx")


@login_required
@never_cache
@require_GET
def one(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One import: how far it is, what was found, what to do next."""
    return _page(request, imports_queries.import_visible_to(request.user, uid), "intake/import.html")


@login_required
@never_cache
@require_GET
def progress(request: PersonRequest, uid: UUID) -> HttpResponse:
    """The part that changes while the worker is at it."""
    return _page(request, imports_queries.import_visible_to(request.user, uid), "intake/parts/_import.html")


@login_required
@never_cache
@require_POST
def read_again(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Another sheet, or columns as a person points at them."""
    batch = imports_queries.import_visible_to(request.user, uid)
    preview = imports_actions.preview_of(batch)
    if "head" in request.POST:
        columns = ColumnsForm(request.POST, columns=columns_of(ImportKind(batch.kind)), read=preview)
        if not columns.is_valid():
            return _page(request, batch, "intake/import.html", columns=columns)
        said = {"sheet": preview.sheet, "head": columns.cleaned_data["head"], "columns": columns.columns}
    else:
        columns, said = None, {"sheet": request.POST.get("sheet", "")}
    try:
        imports_actions.read_again(batch, actor=request.user, **said)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, batch, "intake/import.html", columns=columns)
    return redirect("intake:import", uid)


@login_required
@never_cache
@require_POST
def explain_words(request: PersonRequest, uid: UUID) -> HttpResponse:
    """What words of the sender mean."""
    batch = imports_queries.import_visible_to(request.user, uid)
    kind, preview = ImportKind(batch.kind), imports_actions.preview_of(batch)
    words = WordsForm(request.POST, kind=kind, preview=preview)
    if not words.is_valid():
        return _page(request, batch, "intake/import.html", words=words)
    try:
        imports_actions.explain_words(batch, words.said, actor=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, batch, "intake/import.html", words=words)
    messages.success(request, "已记住，正在按新的对照重新检查。")
    return redirect("intake:import", uid)


@login_required
@never_cache
@require_GET
def sender_words(request: PersonRequest) -> HttpResponse:
    """What was said of words of senders."""
    require(bool(_centres(request)), NO_POST)
    page = page_of(request, imports_queries.sender_words_for(request.user), size=SHOWN)
    titles = {kind.value: titles_of(kind) for kind in ImportKind}
    lines = [(word, titles[word.kind].get(word.column, word.column)) for word in page.items]
    return render(request, "intake/sender_words.html", {"page": page, "lines": lines})


@login_required
@require_POST
def forget_word(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back what was said."""
    imports_actions.forget_word(imports_queries.sender_word_for(request.user, pk), actor=request.user)
    messages.success(request, "已删除，以后这个说法会再问。")
    return redirect("intake:sender_words")


@login_required
@require_POST
def confirm(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Register the rows."""
    batch = imports_queries.import_visible_to(request.user, uid)
    form = ConfirmForm(request.POST)
    try:
        mode = form.cleaned_data["mode"] if form.is_valid() else ""
        imports_actions.confirm_import(batch, actor=request.user, mode=mode)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("intake:import", uid)


@login_required
@require_POST
def cancel(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Drop the file."""
    imports_actions.cancel_import(imports_queries.import_visible_to(request.user, uid), actor=request.user)
    messages.success(request, "已取消，没有登记任何案件。")
    return redirect("intake:imports")


@login_required
@require_POST
def resume(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Take it up again where it stands."""
    imports_actions.resume_import(imports_queries.import_visible_to(request.user, uid), actor=request.user)
    return redirect("intake:import", uid)


@login_required
@require_GET
def remarks(request: PersonRequest, uid: UUID) -> StreamingHttpResponse:
    """What was found in the rows, as CSV."""
    batch = imports_queries.import_visible_to(request.user, uid)
    rows = ([r.row, r.column, r.message] for r in streamed(imports_queries.remarks_of(batch), 500))
    answer = StreamingHttpResponse(csv_lines(remark_columns(), rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="remarks.csv"'
    return answer


def _started(request: PersonRequest, form: ImportForm) -> ImportBatch | None:
    values = form.cleaned_data
    kind, centre = ImportKind(values["kind"]), form.chosen_centre
    try:
        return imports_actions.start_import(kind, values["file"], actor=request.user, centre=centre, uid=values["uid"])
    except DomainError as error:
        form.refuse(error.errors, error.message)
        return None


def _page(
    request: PersonRequest,
    batch: ImportBatch,
    name: str,
    *,
    columns: ColumnsForm | None = None,
    words: WordsForm | None = None,
) -> HttpResponse:
    """`columns` and `words` are forms that were refused: what was typed stays."""
    page = page_of(request, imports_queries.remarks_of(batch), order=("row", "id"), size=SHOWN)
    kind, preview = ImportKind(batch.kind), imports_actions.preview_of(batch)
    ours = [column for column in columns_of(kind) if column.name in preview.places]
    rows = [[row.get("row", ""), *(row.get(c.name, "") for c in ours)] for row in preview.rows]
    context = {"batch": batch, "page": page, "columns": ours, "preview": rows, "read": preview}
    if batch.state in (ImportState.ASKING, ImportState.CHECKED):
        context |= {
            "sheet_form": SheetForm(read=preview) if len(preview.sheets) > 1 else None,
            "columns_form": columns or ColumnsForm(columns=columns_of(kind), read=preview),
            "words_form": words or (WordsForm(kind=kind, preview=preview) if preview.words else None),
        }
    return render(request, name, context, status=422 if columns or words else 200)


def _centres(request: PersonRequest) -> list[Organisation]:
    return [centre for centre in centres_served_by(request.user) if may_import_at(request.user, centre)]
