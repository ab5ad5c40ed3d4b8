"""Periods of keeping: what holds, what is over, what the nights did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from intake.permissions.keeping import may_keep_privacy_rules
from workbench.administration.form_pages import FormPage, form_page
from workbench.retention import queries
from workbench.retention.actions import set_period
from workbench.retention.forms import PeriodForm
from workbench.retention.kinds import KINDS
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import NotFound, require
from zhongzhi.web.lists import page_of

SHOWN = 50
WHO = "保存期限由系统管理员维护。"
LEAD = "新的期限从启用日期当晚的清理起适用。挂账、限制知悉、限制处理的案件到期也不清理。"


@login_required
@never_cache
@require_GET
def periods(request: PersonRequest) -> HttpResponse:
    """All kinds, with what is over and what comes."""
    require(may_keep_privacy_rules(request.user), WHO)
    return render(request, "administration/retention.html", {"lines": queries.lines(timezone.now())})


@login_required
@never_cache
@require_GET
def runs(request: PersonRequest) -> HttpResponse:
    """What the nights did."""
    require(may_keep_privacy_rules(request.user), WHO)
    page = page_of(request, queries.runs(), size=SHOWN)
    rows = [(_title(run.kind), run) for run in page.items]
    return render(request, "administration/retention_runs.html", {"page": page, "rows": rows})


def _title(kind: str) -> str:
    return KINDS[kind].title if kind in KINDS else kind


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change_period(request: PersonRequest, kind: str) -> HttpResponse:
    """Another period from a day on."""
    require(may_keep_privacy_rules(request.user), WHO)
    if kind not in KINDS:
        raise NotFound("没有这类数据。")
    now = queries.period_of(KINDS[kind], timezone.localdate())
    form = PeriodForm(request.POST or None, initial={"days": now.days, "source": now.source})
    page = FormPage(f"修改保存期限：{now.kind.title}", reverse("system:retention"), LEAD)
    return form_page(request, page, form, lambda: _set(request, kind, form))


def _set(request: PersonRequest, kind: str, form: PeriodForm) -> str:
    given = form.cleaned_data
    rule = set_period(kind, given["days"], source=given["source"], starts_on=given["starts_on"], actor=request.user)
    return f"{rule.starts_on} 起“{KINDS[kind].title}”保存 {queries.period_label(rule.days)}。"
