"""Text messages to applicants: of what they are told in which words, by versions with days of effect."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.permissions.keeping import may_keep_privacy_rules
from intake.public.actions import example_text, set_citizen_text
from intake.public.queries.texts import EVENTS, EXAMPLES, citizen_text, citizen_texts, label_of
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.forms import CitizenTextForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import NotFound, RuleViolation, require

WHO = "群众短信由系统管理员维护。"
LEAD = "留空的不发。新版本从启用日期起使用，已经排队待发的不变。"


@login_required
@never_cache
@require_GET
def texts(request: PersonRequest) -> HttpResponse:
    """What is sent today of each event, and all versions."""
    require(may_keep_privacy_rules(request.user), WHO)
    today = timezone.localdate()
    rows = [(event, label_of(event), citizen_text(event, today), citizen_texts(event)) for event in EVENTS]
    return render(request, "administration/citizen_texts.html", {"rows": rows, "today": today})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, event: str) -> HttpResponse:
    """The next version."""
    _require_event(request, event)
    held = citizen_text(event, timezone.localdate())
    form = CitizenTextForm(request.POST or None, initial={"words": held.words if held else ""})
    page = FormPage(f"修改群众短信：{label_of(event)}", reverse("system:citizen_texts"), LEAD)
    beside: dict[str, object] = {"event": event, "words": EXAMPLES}
    template = "administration/citizen_text.html"
    return form_page(request, page, form, lambda: _set(request, event, form), template, beside)


@login_required
@never_cache
@require_POST
def preview(request: PersonRequest, event: str) -> HttpResponse:
    """The message as it is being written, with example words; or why it cannot be sent."""
    _require_event(request, event)
    context: dict[str, object] = {}
    try:
        context["text"] = example_text(request.POST.get("words", "")[:2000])
    except RuleViolation as error:
        context["error"] = error.message
    return render(request, "administration/parts/_citizen_text.html", context)


def _require_event(request: PersonRequest, event: str) -> None:
    require(may_keep_privacy_rules(request.user), WHO)
    if event not in EVENTS:
        raise NotFound("没有这条短信。")


def _set(request: PersonRequest, event: str, form: CitizenTextForm) -> str:
    row = set_citizen_text(event, **form.cleaned_data, actor=request.user)
    return f"{row.starts_on} 起“{label_of(event)}”用第 {row.version} 版。"
