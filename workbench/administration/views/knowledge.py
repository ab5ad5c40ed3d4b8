"""The knowledge base as the county keeps it: pieces added, changed, ended, and put in as a table."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.actions import knowledge as actions
from intake.permissions.keeping import may_keep_categories
from intake.queries import knowledge as queries
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.knowledge_forms import KnowledgeForm, TableForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import require


@login_required
@never_cache
@require_GET
def pieces(request: PersonRequest) -> HttpResponse:
    """All that is in force."""
    require(may_keep_categories(request.user), actions.WHO)
    text = request.GET.get("q", "").strip()[:40]
    return render(request, "administration/knowledge.html", {"rows": queries.search_knowledge(text), "text": text})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One piece more."""
    require(may_keep_categories(request.user), actions.WHO)
    form = KnowledgeForm(request.POST or None)
    page = FormPage("增加知识", reverse("system:knowledge"), "登记和办理这一类案件时显示在旁边。", "增加")
    return form_page(
        request, page, form, lambda: f"已增加“{actions.add_knowledge(form.facts(), actor=request.user)}”。"
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Let one say something else."""
    require(may_keep_categories(request.user), actions.WHO)
    row = queries.knowledge(pk)
    form = KnowledgeForm(request.POST or None, piece=row)
    page = FormPage(f"修改：{row}", reverse("system:knowledge"), history=trail_of(row))
    return form_page(
        request, page, form, lambda: f"“{actions.change_knowledge(pk, form.facts(), actor=request.user)}”已修改。"
    )


@login_required
@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one no more."""
    require(may_keep_categories(request.user), actions.WHO)
    messages.success(request, f"“{actions.end_knowledge(pk, actor=request.user)}”已停用。")
    return redirect("system:knowledge")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def import_table(request: PersonRequest) -> HttpResponse:
    """Put a table in, all or nothing."""
    require(may_keep_categories(request.user), actions.WHO)
    form = TableForm(request.POST or None, request.FILES or None)
    heads = "、".join(column.title for column in actions.COLUMNS)
    page = FormPage("导入知识", reverse("system:knowledge"), f"表头：{heads}。同种类同标题的更新为表中的内容。", "导入")

    def act() -> str:
        table = form.cleaned_data["file"]
        return f"已导入 {actions.import_knowledge(table.file, table.name or '', actor=request.user)} 条。"

    return form_page(request, page, form, act, "administration/knowledge_import.html")
