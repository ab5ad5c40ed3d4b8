"""Parts of pages that change while one types: places, categories, organisations, who the person is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from grids.queries import old_names_of_places, search_places
from grids.queries.outside import outside_organisations
from intake import queries
from intake.forms.autosave import facts_of
from intake.permissions import at_window, may_register
from intake.queries import PersonTyped
from intake.queries.knowledge import knowledge_about
from intake.search import queries as search_queries
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require
from zhongzhi.core.text import clean_text

LONGEST = 60
FITTING = {"merge": queries.takes_in, "link": queries.not_linked}
"""Which cases are listed, by what is done with the chosen one."""


@login_required
@require_GET
def places(request: PersonRequest) -> HttpResponse:
    """Lines of places for the picker."""
    text = _typed(request)
    rows = list(search_places(text))
    old = old_names_of_places(rows, text)
    notes = {place.pk: f"原{old[place.pk]}" if place.pk in old else place.kind or place.level_label for place in rows}
    lines = [(place.code, place.full_name, notes[place.pk]) for place in rows]
    return _lines(request, lines)


@login_required
@require_GET
def categories(request: PersonRequest) -> HttpResponse:
    """Lines of categories for the picker."""
    rows = queries.search_categories(_typed(request))
    return _lines(request, [(leaf.code, str(leaf), leaf.parent.name if leaf.parent else "") for leaf in rows])


@login_required
@require_GET
def organisations(request: PersonRequest, code: str) -> HttpResponse:
    """Lines of organisations within reach of the case's centre."""
    case = queries.case_visible_to(request.user, code)
    text = _typed(request)
    rows = list(queries.reachable_organisations(case, text))
    return _lines(request, queries.lines_of_organisations(rows, text))


@login_required
@require_GET
def outside(request: PersonRequest) -> HttpResponse:
    """Lines of the book of outside organisations for the picker."""
    rows = outside_organisations(_typed(request))[:20]
    return _lines(request, [(str(row.pk), row.name, row.address) for row in rows])


@login_required
@never_cache
@sensitive_post_parameters()
@require_POST
def search(request: PersonRequest) -> HttpResponse:
    """The first cases for the box at the head of the page. A POST: numbers stay out of addresses."""
    text = request.POST.get("q", "").strip()[:LONGEST]
    found = search_queries.quick_cases(queries.cases_for_list(request.user), text, request.user)
    context = {"text": text, "rows": queries.listed(request.user, found)}
    return render(request, "intake/parts/_found.html", context)


@login_required
@never_cache
@require_GET
def candidates(request: PersonRequest, code: str) -> HttpResponse:
    """Lines of cases that may belong to this one; those that it can be merged into, or linked with, where that is asked
    with `for`."""
    case = queries.case_visible_to(request.user, code)
    fit = FITTING.get(request.GET.get("for", ""))
    found = queries.kindred_cases(request.user, case, _typed(request), fitting=fit(case) if fit else None)
    rows = queries.veil_all(request.user, found, lambda row: row)
    lines = [(str(row.code), f"{row.code} {row.title}", row.get_status_display()) for row in rows]
    return _lines(request, lines)


@login_required
@never_cache
@sensitive_post_parameters()
@require_POST
def person(request: PersonRequest) -> HttpResponse:
    """What a row's identity number tells, and the person's earlier cases. A POST: numbers stay out of addresses."""
    require(may_register(request.user))
    prefix = request.POST.get("prefix", "")[:20]
    names = ("paper_number", "paper_kind", "kind", "phone", "name")
    typed = {name: request.POST.get(f"{prefix}-{name}", "")[:100] for name in names}
    place = request.POST.get("territory", "")[:15]
    try:
        typed = {name: clean_text(value) for name, value in typed.items()}
        facts = queries.facts_of_person(request.user, PersonTyped(**typed, territory=place))
        earlier = queries.veil_all(request.user, facts.earlier, lambda row: row)
    except DomainError as error:
        return render(request, "intake/parts/_person.html", {"wrong": error.message})
    return render(request, "intake/parts/_person.html", {"facts": facts, "earlier": earlier})


@login_required
@never_cache
@sensitive_post_parameters()
@require_POST
def suggestions(request: PersonRequest) -> HttpResponse:
    """What the page as typed so far suggests for its grades, and open cases of the same matter at the same place."""
    require(may_register(request.user))
    given = request.POST
    place, category = given.get("territory", "")[:15], given.get("category", "")[:4]
    context = {
        "suggestions": queries.suggestions_for(facts_of(given)),
        "matters": queries.veil_all(
            request.user, queries.same_matter(request.user, category=category, territory=place), lambda row: row
        ),
        "joins": at_window(request.user),
        "knowledge": knowledge_about(category),
    }
    return render(request, "intake/parts/_suggestions.html", context)


def _typed(request: PersonRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]


def _lines(request: PersonRequest, lines: list[tuple[str, str, str]]) -> HttpResponse:
    return render(request, "parts/_options.html", {"lines": lines})
