"""Organisations: which there are, where nobody can sign in; made, changed, ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids import queries as places
from grids.actions.organisations import CHANGEABLE, change_organisation, found_town_centres, register_organisation
from grids.permissions import keeps_places, may_administer
from grids.queries import kept_organisations as queries
from intake.actions.organisations import end_organisation
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.forms import EndOrganisationForm, NewOrganisationForm, OrganisationForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import require
from zhongzhi.core.text import clean_text

WHO = "这里由系统管理员使用。"
SUGGESTED = 12


@login_required
@never_cache
@require_GET
def organisations(request: PersonRequest) -> HttpResponse:
    """All organisations of the county by place."""
    require(may_administer(request.user), WHO)
    text, show = clean_text(request.GET.get("q", ""), max_length=60), request.GET.get("show", "")
    kept = queries.organisations_kept_by(request.user)
    shown = {"empty": queries.organisations_without_people(request.user), "ended": kept.filter(ends_on__isnull=False)}
    counties = list(queries.counties_kept_by(request.user))
    context = {
        "rows": queries.organisations_named(shown.get(show, kept.filter(ends_on=None)), text),
        "q": text,
        "show": show,
        "towns": [(county, list(queries.towns_without_centre(county))) for county in counties],
        "keeps_places": keeps_places(request.user),
    }
    return render(request, "administration/organisations.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Register one."""
    require(may_administer(request.user), WHO)
    form = NewOrganisationForm(request.POST or None, initial={"territory": request.GET.get("place", "")})
    page = FormPage("登记机构", reverse("system:organisations"), "从今天起在用；人员在“人员与岗位”中安排。", "登记")
    return form_page(request, page, form, lambda: _register(request, form))


@login_required
@require_POST
def town_centres(request: PersonRequest, code: str) -> HttpResponse:
    """Make a centre for every town that has none."""
    require(may_administer(request.user), WHO)
    made = found_town_centres(places.territory_of(code), actor=request.user)
    messages.success(request, f"已设立 {len(made)} 个苏木乡镇综治中心，请接着安排人员。")
    return redirect("system:organisations")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change one; beside it its history."""
    require(may_administer(request.user), WHO)
    row = queries.organisation_kept_by(request.user, pk)
    form = OrganisationForm(request.POST or None, initial={name: getattr(row, name) for name in CHANGEABLE})
    page = FormPage(f"变更机构：{row.name}", reverse("system:organisations"), history=trail_of(row))
    return form_page(request, page, form, lambda: _change(request, pk, form))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End one."""
    require(may_administer(request.user), WHO)
    row = queries.organisation_kept_by(request.user, pk)
    others = queries.organisations_kept_by(request.user).filter(ends_on=None).exclude(pk=pk)
    form = EndOrganisationForm(request.POST or None, others=others)
    page = FormPage(f"撤销机构：{row.name}", reverse("system:organisations"), "今天起停用，历史都留在原处。", "撤销")
    return form_page(request, page, form, lambda: _end(request, pk, form))


@login_required
@require_GET
def find_place(request: PersonRequest) -> HttpResponse:
    """Lines of places for the picker."""
    require(may_administer(request.user), WHO)
    text = clean_text(request.GET.get("q", ""), max_length=60)
    rows = queries.places_kept_by(request.user, text)[:SUGGESTED] if text else []
    lines = [(place.code, place.full_name, place.kind or place.level_label) for place in rows]
    return render(request, "parts/_options.html", {"lines": lines})


def _register(request: PersonRequest, form: NewOrganisationForm) -> str:
    facts, place = form.facts(), places.find_open_territory(form.cleaned_data["territory"])
    row = register_organisation(facts.name, facts.kind, place, actor=request.user, facts=facts)
    return f"已登记“{row.name}”。"


def _change(request: PersonRequest, pk: int, form: OrganisationForm) -> str:
    return f"“{change_organisation(pk, form.facts(), actor=request.user).name}”已变更。"


def _end(request: PersonRequest, pk: int, form: EndOrganisationForm) -> str:
    chosen = form.cleaned_data["successor"]
    successor = queries.organisation_kept_by(request.user, int(chosen)) if chosen else None
    row = end_organisation(pk, actor=request.user, reason=form.cleaned_data["reason"], successor=successor)
    return f"“{row.name}”今天起撤销。"
