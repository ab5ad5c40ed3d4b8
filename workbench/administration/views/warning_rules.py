"""Rules of early warning with dates of effect, and the county's words of danger."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from early_warning import actions, queries
from early_warning.detection import OF_CASES
from early_warning.models import WarningRule
from early_warning.permissions import WHO_KEEPS, may_keep_rules
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.warning_forms import DangerWordForm, TrialForm, WarningRuleForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require

FUTURE = "从启用日期起按新的规则预警；已经发出的预警不变。每次修改都保留。"


@login_required
@never_cache
@require_GET
def rules(request: PersonRequest) -> HttpResponse:
    """The rules in force, those to come, and on demand those that are past."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    today, over = timezone.localdate(), request.GET.get("show") == "over"
    context = {"rows": queries.rule_rows(today, over=over), "today": today, "over": over, "tried": list(OF_CASES)}
    return render(request, "administration/warning_rules.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Another form of a rule from a day on."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    rule = queries.rule_of(pk)
    form = WarningRuleForm(request.POST or None, rule=rule, tried=request.GET)
    page = FormPage(f"修改预警规则：{rule.name}", reverse("system:warning_rules"), FUTURE)

    def act() -> str:
        day = form.cleaned_data["starts_on"]
        changed = actions.change_rule(rule.slug, form.terms(), starts_on=day, actor=request.user)
        return f"{day} 起“{changed.name}”按 {changed.window_days} 天 {changed.threshold} 件预警。"

    return form_page(request, page, form, act)


@login_required
@require_POST
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    """End a rule tomorrow."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    rule = actions.stop_rule(queries.rule_of(pk).slug, actor=request.user)
    messages.success(request, f"“{rule.name}”自 {rule.ends_on} 起停用。")
    return redirect("system:warning_rules")


@login_required
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back a change that is not in force yet."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    actions.withdraw_rule_change(pk, actor=request.user)
    messages.success(request, "已撤回，原来的规则继续有效。")
    return redirect("system:warning_rules")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def trial(request: PersonRequest, pk: int) -> HttpResponse:
    """Other numbers of a rule, tried on the last two years beside those in force, before they are switched on."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    rule = queries.rule_of(pk)
    form = TrialForm(request.POST or None, rule=rule)
    page = FormPage(f"回测：{rule.name}", reverse("system:warning_trial", args=[pk]), rule.what, "开始回测")

    def act() -> str:
        actions.try_rule(rule, actor=request.user, **form.cleaned_data)
        return "正在后台回测，可以离开本页。"

    return form_page(request, page, form, act, "administration/warning_trial.html", _trials(request, rule))


@login_required
@never_cache
@require_GET
def trial_rows(request: PersonRequest, pk: int) -> HttpResponse:
    """The trials alone, asked for again while one is running."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    return render(request, "administration/parts/_trials.html", _trials(request, queries.rule_of(pk)))


def _trials(request: PersonRequest, rule: WarningRule) -> dict[str, object]:
    trials = queries.trials_of(request.user, rule.slug)
    return {"rule": rule, "trials": trials, "is_busy": any(one.job.is_open for one in trials)}


@login_required
@never_cache
@require_GET
def judging(request: PersonRequest) -> HttpResponse:
    """How the rules did: by runs over the past, and by what people decided in the last 90 days."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    since = timezone.now() - timedelta(days=90)
    context = {"runs": queries.backtest_runs()[:100], "judged": queries.judged_since(since)}
    return render(request, "administration/warning_judging.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def words(request: PersonRequest) -> HttpResponse:
    """The list, and a form for one more word."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    form = DangerWordForm(request.POST or None)
    page = FormPage("危险言辞", reverse("system:danger_words"), "", "增加")
    rows = queries.danger_word_rows(timezone.localdate())
    return form_page(
        request, page, form, lambda: _add(request, form), "administration/danger_words.html", {"rows": rows}
    )


@login_required
@require_POST
def remove_word(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a word off the list."""
    require(may_keep_rules(request.user), WHO_KEEPS)
    row = actions.remove_danger_word(pk, actor=request.user)
    messages.success(request, f"“{row.word}”已停用。")
    return redirect("system:danger_words")


def _add(request: PersonRequest, form: forms.Form) -> str:
    given: dict[str, Any] = form.cleaned_data
    row = actions.add_danger_word(given["word"], given["meaning"], given["level"], actor=request.user)
    return f"已增加“{row.word}”，在办案件几分钟内按它研判一遍。"
