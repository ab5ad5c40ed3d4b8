"""Texts by which people are told what becomes of their data: versions with days of effect."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from intake.permissions.keeping import may_keep_privacy_rules
from intake.public.actions import set_consent_text
from intake.public.models import ConsentPlace
from intake.public.queries import consent_text, consent_texts
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.forms import ConsentTextForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import NotFound, require

WHO = "告知同意文本由系统管理员维护。"
LEAD = "新版本从启用日期起在页面和告知单上显示；此前告知、同意的仍记为原来的版本。"


@login_required
@never_cache
@require_GET
def texts(request: PersonRequest) -> HttpResponse:
    """What holds today in each place, and all versions that were set."""
    require(may_keep_privacy_rules(request.user), WHO)
    rows = [(consent_text(place), consent_texts(place)) for place in ConsentPlace]
    return render(request, "administration/consent_texts.html", {"rows": rows, "today": timezone.localdate()})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, place: str) -> HttpResponse:
    """The next version."""
    require(may_keep_privacy_rules(request.user), WHO)
    if place not in ConsentPlace.values:
        raise NotFound("没有这个文本。")
    which = ConsentPlace(place)
    form = ConsentTextForm(request.POST or None, initial={"text": consent_text(which).text})
    page = FormPage(f"修改告知文本：{which.label}", reverse("system:consent_texts"), LEAD)
    return form_page(request, page, form, lambda: _set(request, which, form))


def _set(request: PersonRequest, place: ConsentPlace, form: ConsentTextForm) -> str:
    row = set_consent_text(place, **form.cleaned_data, actor=request.user)
    return f"{row.starts_on} 起“{place.label}”用第 {row.version} 版。"
