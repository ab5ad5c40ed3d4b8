"""Pages of the knowledge base: searched, and one piece with its source and date."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from intake.models import KnowledgeKind
from intake.queries.categories import category_names
from intake.queries.knowledge import knowledge, search_knowledge
from zhongzhi.accounts.requests import PersonRequest


@login_required
@require_GET
def search(request: PersonRequest) -> HttpResponse:
    """What holds the words, of a kind and of a group of categories."""
    asked = {name: request.GET.get(name, "").strip()[:40] for name in ("q", "kind", "category")}
    context = {
        "rows": search_knowledge(asked["q"], kind=asked["kind"], category=asked["category"])[:100],
        "asked": asked,
        "kinds": KnowledgeKind.choices,
        "groups": category_names().items(),
    }
    return render(request, "knowledge/list.html", context)


@login_required
@require_GET
def piece(request: PersonRequest, pk: int) -> HttpResponse:
    """One piece whole; an ended one says so."""
    return render(request, "knowledge/piece.html", {"piece": knowledge(pk)})
