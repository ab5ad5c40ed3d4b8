"""Tables of the office: time limits with dates of effect, categories; links to those that other pages keep."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.actions import categories as acts
from intake.deadlines import actions
from intake.deadlines.actions import LimitCase
from intake.deadlines.models import ClockKind
from intake.deadlines.queries import time_limit, time_limits
from intake.permissions.keeping import may_keep_categories, may_keep_time_limits
from intake.queries import categories as queries
from intake.queries import suggestions_taken
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.forms import (
    LIMIT_FIELDS,
    CategoryForm,
    NewCategoryForm,
    NewTimeLimitForm,
    TimeLimitForm,
)
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import require

YEAR = timedelta(days=365)
WHO = "时限和类别由系统管理员维护。"
FUTURE = "从启用日期起登记、交办的按新时限计算；已经在走的时限不变。"


@login_required
@never_cache
@require_GET
def limits(request: PersonRequest) -> HttpResponse:
    """The limits in force, those to come, and on demand those that are past."""
    require(may_keep_time_limits(request.user), WHO)
    today, over = timezone.localdate(), request.GET.get("show") == "over"
    return render(
        request, "administration/limits.html", {"rows": time_limits(today, over=over), "today": today, "over": over}
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_limit(request: PersonRequest) -> HttpResponse:
    """A limit for something particular."""
    require(may_keep_time_limits(request.user), WHO)
    form = NewTimeLimitForm(request.POST or None)
    page = FormPage("增设时限", reverse("system:limits"), FUTURE)
    return form_page(request, page, form, lambda: _set_limit(request, form.case(), form))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change_limit(request: PersonRequest, pk: int) -> HttpResponse:
    """Another value from a day on."""
    require(may_keep_time_limits(request.user), WHO)
    rule = time_limit(pk)
    form = TimeLimitForm(request.POST or None, initial={name: getattr(rule, name) for name in LIMIT_FIELDS})
    case = LimitCase(ClockKind(rule.kind), rule.complexity, rule.tier, rule.channel)
    page = FormPage(f"修改时限：{rule.scope_label}", reverse("system:limits"), FUTURE, history=trail_of(rule))
    return form_page(request, page, form, lambda: _set_limit(request, case, form))


@login_required
@require_POST
def withdraw_limit(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back a change that is not in force yet."""
    require(may_keep_time_limits(request.user), WHO)
    actions.withdraw_time_limit(pk, actor=request.user)
    messages.success(request, "已撤回，原来的时限继续有效。")
    return redirect("system:limits")


@login_required
@never_cache
@require_GET
def categories(request: PersonRequest) -> HttpResponse:
    """The whole table by group."""
    require(may_keep_categories(request.user), WHO)
    taken = suggestions_taken(timezone.now() - YEAR)
    return render(request, "administration/categories.html", {"rows": queries.category_table(), "taken": taken})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_category(request: PersonRequest) -> HttpResponse:
    """One of the county's own."""
    require(may_keep_categories(request.user), WHO)
    form = NewCategoryForm(request.POST or None, groups=queries.category_names())
    page = FormPage("增设纠纷类别", reverse("system:categories"), "代码（51 至 89）由系统编号。", "增设")
    return form_page(request, page, form, lambda: _add_category(request, form))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change_category(request: PersonRequest, code: str) -> HttpResponse:
    """Change one."""
    require(may_keep_categories(request.user), WHO)
    row = queries.category(code)
    names = ("name", "default_lead", "people_mediable")
    form = CategoryForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    lead = "" if row.is_local else "国家统一的类别只能修改建议主办单位。"
    page = FormPage(f"变更类别：{row}", reverse("system:categories"), lead, history=trail_of(f"category:{code}"))
    return form_page(request, page, form, lambda: _change_category(request, code, form))


@login_required
@require_POST
def switch_category(request: PersonRequest, code: str) -> HttpResponse:
    """Close one to new cases, or open it again."""
    require(may_keep_categories(request.user), WHO)
    row = acts.switch_category(code, is_active=request.POST.get("to") == "open", actor=request.user)
    messages.success(request, f"“{row.name}”已{'启用' if row.is_active else '停用，已登记的案件不变'}。")
    return redirect("system:categories")


def _set_limit(request: PersonRequest, case: LimitCase, form: TimeLimitForm) -> str:
    rule = actions.set_time_limit(case, form.terms(), starts_on=form.cleaned_data["starts_on"], actor=request.user)
    return f"{rule.starts_on} 起{rule.scope_label}为 {rule.amount} {rule.get_unit_display()}。"


def _add_category(request: PersonRequest, form: NewCategoryForm) -> str:
    row = acts.add_category(form.cleaned_data["group"], form.facts(), actor=request.user)
    return f"已增设“{row}”。"


def _change_category(request: PersonRequest, code: str, form: CategoryForm) -> str:
    return f"“{acts.change_category(code, form.facts(), actor=request.user)}”已变更。"
