"""Pages of the words of the forms: all of them, one being changed beside its preview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.permissions import is_administrator
from mediation import actions
from mediation.actions.wording import NOT_YOURS
from mediation.documents.form import Prose
from mediation.documents.instruments import INSTRUMENTS
from mediation.documents.wording import FORM_TEXTS, FormText, form_text
from mediation.forms.wording import WordingForm
from mediation.permissions import may_change_wording
from mediation.queries.wording import in_force_on, wordings, wordings_of
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, RuleViolation, require

ALL = "all"


@login_required
@never_cache
@require_GET
def texts(request: PersonRequest) -> HttpResponse:
    """Every text with the version in force."""
    rows, today = list(wordings()), timezone.localdate()
    lines = [
        (text, mode or ALL, _named(mode), in_force_on(rows, text.key, mode, today))
        for text in FORM_TEXTS.values()
        for mode in text.modes
    ]
    context = {
        "lines": lines,
        "may_change": may_change_wording(request.user),
        "is_administrator": is_administrator(request.user),
    }
    return render(request, "mediation/wordings.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def text(request: PersonRequest, key: str, mode: str) -> HttpResponse:
    """Change one text from a day on."""
    require(may_change_wording(request.user), NOT_YOURS)
    found, mode = _found(key, mode)
    versions = list(wordings_of(key, mode))
    now = in_force_on(versions, key, mode, timezone.localdate())
    form = WordingForm(
        request.POST if request.method == "POST" else None, text=now.text if now else found.own_words(mode)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_wording(key, mode, actor=request.user, **form.cleaned_data)
            messages.success(request, "新文本已保存，自启用日期起用；已签署的文书不变。")
            return redirect("mediation:wordings")
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {
        "text": found, "mode": mode or ALL, "named": _named(mode), "form": form, "versions": versions, "now": now,
        "own": found.own_words(mode), "words": found.wording.words, "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "mediation/wording.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def preview(request: PersonRequest, key: str, mode: str) -> HttpResponse:
    """The words as they are being written, filled with examples; or why they cannot be read."""
    require(may_change_wording(request.user), NOT_YOURS)
    found, mode = _found(key, mode)
    context: dict[str, object] = {"text": found, "named": _named(mode)}
    try:
        context["prose"] = Prose(found.label, found.example(request.POST.get("text", ""), field="text"))
    except RuleViolation as error:
        context["error"] = error.message
    return render(request, "mediation/parts/_wording_preview.html", context)


def _found(key: str, mode: str) -> tuple[FormText, str]:
    mode = "" if mode == ALL else mode
    return form_text(key, mode), mode


def _named(mode: str) -> str:
    """The kind of mediation in words."""
    return INSTRUMENTS[mode].name if mode else ""
