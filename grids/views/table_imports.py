"""Pages of imports and exports, and of the merging of villages."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids import queries
from grids.actions import merging, note_export
from grids.actions import read_again as read_table_again
from grids.actions import table_imports as imports
from grids.actions.table_kinds import KINDS
from grids.actions.tables import TABLES, beat_rows, people_rows, place_rows, roster_rows
from grids.extension_points import open_work_at
from grids.filters import BeatFilter, RosterFilter
from grids.forms.imports import ImportForm, MergeForm
from grids.models import Verdict
from grids.permissions import keeps_people, keeps_places, may_keep_rosters, works_on_the_ground
from zhongzhi.accounts.models import User
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require
from zhongzhi.jobs.models import Job
from zhongzhi.web.lists import filtered
from zhongzhi.web.reading_forms import ColumnsForm, SheetForm
from zhongzhi.web.readings import Reading
from zhongzhi.web.sheets import XLSX, Column, write_template, write_xlsx

SHOWN = 200
KEEPERS = "您的岗位不维护名册和区划。"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tables(request: PersonRequest) -> HttpResponse:
    """My tables; a new one."""
    kinds = [name for name, table in KINDS.items() if table.allowed(request.user)]
    require(bool(kinds), KEEPERS)
    initial = {"kind": request.GET.get("kind", "")}
    form = ImportForm(request.POST or None, request.FILES or None, initial=initial, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            job = imports.start_import(form.cleaned_data["kind"], request.FILES.get("file"), actor=request.user)
            return redirect("grids:import", job.uid)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"form": form, "jobs": queries.imports_of(request.user)[:20], "kinds": kinds}
    context["on_the_ground"] = works_on_the_ground(request.user)
    return render(request, "grids/imports.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def table(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One table: how far its check is, what its rows would do, what is wrong, and whether it was written."""
    check = queries.import_of(request.user, uid)
    return _shown(request, check, _facts(request, check))


def _facts(request: PersonRequest, check: Job) -> dict[str, Any]:
    """What the page tells of a table."""
    writing = queries.writing_of(request.user, check)
    return {
        "check": check,
        "writing": writing,
        "is_people": check.options["table"] == "people",
        "on_the_ground": works_on_the_ground(request.user),
        "running": check.is_open or (writing is not None and writing.is_open),
        "verdicts": [(v.label, check.result.get(v.value, 0)) for v in Verdict],
        "faulty": queries.rows_of(check, Verdict.FAULTY)[:SHOWN],
        "changed": queries.rows_of(check, Verdict.CHANGED, Verdict.ENDED, Verdict.NEW)[:SHOWN],
    }


def _shown(
    request: PersonRequest, check: Job, context: dict[str, Any], columns: ColumnsForm | None = None
) -> HttpResponse:
    """`columns` is a form that was refused: what was typed stays."""
    ours, read = TABLES[check.options["table"]][1], queries.reading_of(check)
    if read is not None and not context["running"]:
        known = [column for column in ours if column.name in read.places]
        context |= {
            "read": read,
            "sheet_form": SheetForm(read=read) if len(read.sheets) > 1 else None,
            "columns_form": columns or ColumnsForm(columns=ours, read=read),
            "columns": known,
            "preview": queries.first_rows(check, [column.name for column in known]),
        }
    part = request.headers.get("HX-Request") == "true"
    name = "grids/parts/_import.html" if part else "grids/import.html"
    return render(request, name, context, status=422 if columns else 200)


@login_required
@never_cache
@require_POST
def read_again(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Another sheet, or columns as a person points at them."""
    check = queries.import_of(request.user, uid)
    read, columns = queries.reading_of(check) or Reading(), None
    said: dict[str, Any] = {"sheet": request.POST.get("sheet", "")}
    if "head" in request.POST:
        columns = ColumnsForm(request.POST, columns=TABLES[check.options["table"]][1], read=read)
        if not columns.is_valid():
            return _shown(request, check, _facts(request, check), columns)
        said = {"sheet": read.sheet, "head": columns.cleaned_data["head"], "columns": columns.columns}
    try:
        read_table_again(check, actor=request.user, **said)
    except DomainError as error:
        messages.error(request, error.message)
        return _shown(request, check, _facts(request, check), columns)
    return redirect("grids:import", uid)


@login_required
@require_POST
def confirm(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Have it written; a table of people gives posts, which asks again who sits there."""
    check = queries.import_of(request.user, uid)
    if check.options["table"] == "people":
        require_recent_authentication(request)
    imports.confirm_import(check, actor=request.user, mode=request.POST.get("mode", ""))
    return redirect("grids:import", uid)


@login_required
@require_GET
def faults(request: PersonRequest, uid: UUID) -> HttpResponseBase:
    """The faulty rows as a table, each with what is wrong: to be mended and sent again."""
    check = queries.import_of(request.user, uid)
    columns = TABLES[check.options["table"]][1]
    extra = (Column("row", "原行号", width=8), Column("fault", "问题", width=60))
    rows = queries.faulty_rows(check, [column.name for column in columns])
    return table_file("错误行", write_xlsx("错误行", (*extra, *columns), rows))


@login_required
@require_GET
def template(request: PersonRequest, kind: str) -> HttpResponseBase:
    """An empty table to fill in."""
    if kind not in TABLES:
        raise NotFound("没有这种模板。")
    title, columns = TABLES[kind]
    return table_file(f"{title}模板", write_template(title, columns))


@login_required
@require_GET
def export_roster(request: PersonRequest) -> HttpResponseBase:
    """The roster as it is filtered on the page; sealed numbers masked. The export is recorded."""
    require(may_keep_rosters(request.user), KEEPERS)
    filters = RosterFilter(request.GET, queries.services_visible_to(request.user), request=request)
    rows = filtered(filters).order_by("id")
    note_export("roster", actor=request.user)
    return table_file("名册", write_xlsx("名册", TABLES["roster"][1], roster_rows(rows.iterator(chunk_size=500))))


@login_required
@require_GET
def export_people(request: PersonRequest) -> HttpResponseBase:
    """The people one keeps, a row for each post they hold; phones masked."""
    require(keeps_people(request.user), KEEPERS)
    posts = queries.posts_kept_by(request.user)
    note_export("people", actor=request.user)
    return table_file("人员", write_xlsx("人员", TABLES["people"][1], people_rows(posts)))


@login_required
@require_GET
def export_places(request: PersonRequest) -> HttpResponseBase:
    """The places of one's territory."""
    require(keeps_places(request.user), KEEPERS)
    rows = queries.subtree(queries.top_of(request.user)).select_related("successor").order_by("code")
    note_export("places", actor=request.user)
    return table_file("区划", write_xlsx("区划", TABLES["places"][1], place_rows(rows.iterator(chunk_size=500))))


@login_required
@require_GET
def export_beats(request: PersonRequest) -> HttpResponseBase:
    """The beats in use as they are filtered on the page, a row for each grid."""
    require(may_keep_rosters(request.user), KEEPERS)
    filters = BeatFilter(request.GET, queries.beats_visible_to(request.user), request=request)
    rows = filtered(filters).filter(queries.current())
    lines = queries.beat_lines(list(rows.order_by("station__territory__code", "name")))
    note_export("beats", actor=request.user)
    return table_file("警格", write_xlsx("警格", TABLES["beats"][1], beat_rows(lines)))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest) -> HttpResponse:
    """Merge villages of a town."""
    require(keeps_places(request.user), "只有旗县综治中心负责人和系统管理员可以办理撤并。")
    town = request.GET.get("town", "")
    here = queries.place_kept_by(request.user, town) if town else None
    villages = queries.villages_of(here) if here else []
    form = MergeForm(request.POST or None, villages=villages, open_work=open_work_at([v.code for v in villages]))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            sources = [form.villages[code] for code in values["sources"]]
            into = form.villages[values["into"]]
            merging.merge_villages(sources, into, actor=request.user, basis=values["basis"])
            messages.success(request, f"{'、'.join(s.name for s in sources)}已并入{into.name}。")
            return redirect(_after_merging(request.user, into.code))
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {
        "form": form,
        "here": here,
        "on_the_ground": works_on_the_ground(request.user),
        "towns": queries.towns_kept_by(request.user),
        "merged": queries.mergers_within(here.code if here else "")[:50],
    }
    return render(request, "grids/merge.html", context, status=422 if form.errors else 200)


def _after_merging(user: User, code: str) -> str:
    """The page of the village that goes on; the system administrator, who has no such page, stays here."""
    if works_on_the_ground(user):
        return reverse("grids:place", args=[code])
    return f"{reverse('grids:merge')}?{urlencode({'town': code[:9]})}"


def table_file(name: str, content: object) -> HttpResponseBase:
    """A table to take; no cache keeps it."""
    answer = FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    answer["Cache-Control"] = "private, no-store"
    return answer
