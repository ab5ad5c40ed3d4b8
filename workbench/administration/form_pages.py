"""The one pattern of all pages on which the system administrator changes something: a form, an act, and back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.verbs import AuditVerb
from zhongzhi.core.errors import DomainError
from zhongzhi.web.forms import StyledForm
from zhongzhi.web.written_days import short_moment


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: its title, what it does in a sentence, where it leads, the word on its button,
    and what was done before to what it changes.
    """

    title: str
    back: str
    lead: str = ""
    submit: str = "保存"
    history: Iterable[TrailEntry] = ()


def form_page(
    request: PersonRequest,
    page: FormPage,
    form: StyledForm,
    act: Callable[[], str],
    template: str = "administration/form.html",
    beside: dict[str, object] | None = None,
) -> HttpResponse:
    """Ask, act, say what is now true; a refusal is shown beside what it is about. A template of its own shows what
    stands `beside` the form."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return redirect(page.back)
        except DomainError as refusal:
            form.refuse(refusal.errors, refusal.message)
    context = {"page": page, "form": form, "history": lines_of(page.history), **(beside or {})}
    return render(request, template, context, status=422 if form.errors else 200)


def lines_of(entries: Iterable[TrailEntry]) -> list[tuple[str, str, str]]:
    """What was done, in lines: when, by whom, what; the latest first."""
    words = {str(value): label for verbs in AuditVerb.__subclasses__() for value, label in verbs.choices}
    rows = [(entry, entry.actor.name if entry.actor else "系统") for entry in entries]
    return [(short_moment(e.at), who, words.get(e.verb, e.verb)) for e, who in reversed(rows)]
