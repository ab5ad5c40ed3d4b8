"""Pages of the tables that an office puts together: which there are, one put together with its preview, one read, one
taken along."""

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.actions import note_export
from workbench.models import CustomTable
from workbench.statistics.custom_tables import queries
from workbench.statistics.custom_tables.actions import discard_table, save_table
from workbench.statistics.custom_tables.downloads import WRITERS, charted, heads_of
from workbench.statistics.custom_tables.forms import CUSTOM, LayoutForm, TableForm, first_values
from workbench.statistics.custom_tables.layout import SPLITS, choosable, splits_of
from workbench.statistics.custom_tables.tabulation import CustomTableContent, content_of
from workbench.statistics.periods import PRESETS
from workbench.statistics.permissions import has_territory
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require

NO_TERRITORY = "报表按区划统计，您的岗位没有统计区域。"


@login_required
@never_cache
@require_GET
def tables(request: PersonRequest) -> HttpResponse:
    """One's own tables and those shared with one."""
    require(has_territory(request.user), NO_TERRITORY)
    rows = [(row, queries.layout_of(row)) for row in queries.tables_visible_to(request.user)]
    return render(request, "statistics/custom_tables.html", {"rows": rows, "splits": SPLITS})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def build(request: PersonRequest) -> HttpResponse:
    """Put a table together, beginning with none or with `from`; a POST keeps it."""
    require(has_territory(request.user), NO_TERRITORY)
    data = request.POST if request.method == "POST" else None
    form = TableForm(data, user=request.user, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = _saved(request.user, form)
            messages.success(request, f"报表“{row.name}”已保存，每次打开都是当前的数据。")
            return redirect("workbench:custom_table", row.uid)
        except DomainError as error:
            form.refuse(error.errors, error.message)
    ticks = [
        (box, figure, splits_of(figure)) for box, figure in zip(form["figures"], choosable().values(), strict=True)
    ]
    return render(
        request, "statistics/build_table.html", {"form": form, "ticks": ticks}, status=422 if form.errors else 200
    )


@login_required
@never_cache
@require_GET
def preview(request: PersonRequest) -> HttpResponse:
    """The table as it is being put together; or what is wrong with it."""
    require(has_territory(request.user), NO_TERRITORY)
    form = LayoutForm(request.GET)
    context: dict[str, object] = {}
    try:
        if form.is_valid():
            context = _shown(content_of(form.layout, form.place_for(request.user), form.period_asked()))
        else:
            context["error"] = next(iter(form.errors.values()))[0]
    except DomainError as error:
        context["error"] = error.message
    return render(request, "statistics/parts/_table_preview.html", context)


@login_required
@never_cache
@require_GET
def table(request: PersonRequest, uid: UUID) -> HttpResponse:
    """One table as of now; another place or period where the address asks for it."""
    require(has_territory(request.user), NO_TERRITORY)
    row = queries.table_of(request.user, uid)
    context = {"table": row, "presets": [(name, label) for name, (label, _) in PRESETS.items()]}
    return render(request, "statistics/custom_table.html", context | _shown(_content(request, row)))


@login_required
@never_cache
@require_GET
def download(request: PersonRequest, uid: UUID, extension: str) -> FileResponse:
    """The same as a file; who took it out stands in the trail."""
    require(has_territory(request.user), NO_TERRITORY)
    row = queries.table_of(request.user, uid)
    if extension not in WRITERS:
        raise NotFound("只能下载为 xlsx、docx、pdf 或 csv。")
    content = _content(request, row)
    write, kind = WRITERS[extension]
    made = write(content, row.name)
    note_export(actor=request.user, form=f"table.{extension}", filters=["place", "period"], columns=heads_of(content))
    name = f"{row.name}{timezone.localdate():%Y%m%d}.{extension}"
    return FileResponse(BytesIO(made), as_attachment=True, filename=name, content_type=kind)


@login_required
@require_POST
def discard(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Throw a table away."""
    discard_table(uid, actor=request.user)
    messages.success(request, "报表已删除。")
    return redirect("workbench:custom_tables")


def _content(request: PersonRequest, row: CustomTable) -> CustomTableContent:
    get = request.GET.get
    place = queries.place_of(request.user, row, get("place", ""))
    asked = {"name": get("period", ""), "start": get("from", ""), "end": get("to", "")}
    return content_of(queries.layout_of(row), place, queries.period_of(row, timezone.localdate(), **asked))


def _shown(content: CustomTableContent) -> dict[str, object]:
    heads = list(zip(heads_of(content)[1:], content.columns, strict=True))
    return {"content": content, "heads": heads, "charted": charted(content)}


def _first(request: PersonRequest) -> dict[str, object]:
    """What the form begins with."""
    uid = request.GET.get("from", "")
    if not uid:
        return {"figures": ["accepted", "concluded", "resolved"], "period": "ytd"}
    try:
        return first_values(queries.table_of(request.user, UUID(uid)))
    except ValueError:
        raise NotFound("没有找到这张报表。") from None


def _saved(user: User, form: TableForm) -> CustomTable:
    """Read once before it is kept: what cannot be read is not kept."""
    place, data = form.place_for(user), form.cleaned_data
    content_of(form.layout, place, form.period_asked())
    return save_table(
        actor=user,
        name=data["name"],
        layout=form.layout,
        place=place,
        period="" if data["period"] == CUSTOM else data["period"],
        days=form.days,
        shared_with=data["shared_with"],
        with_below=data["with_below"],
    )
