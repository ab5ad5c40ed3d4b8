"""Pages of the security administrator: posts of wide sight, to confirm or refuse, and what was decided."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids import queries
from grids.actions import people as actions
from grids.forms.people import ConfirmPostForm, RefusePostForm
from grids.permissions import may_confirm_posts
from grids.views.dialogs import dialog
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require
from zhongzhi.web.lists import page_of

NOT_REVIEWER = "任职复核由安全管理员办理。"


@login_required
@never_cache
@require_GET
def reviews(request: PersonRequest) -> HttpResponse:
    """What waits, and the history."""
    require(may_confirm_posts(request.user), NOT_REVIEWER)
    rows = queries.proposals_for(request.user)
    page = page_of(request, rows.exclude(granted=None), order=("-id",), size=50)
    return render(request, "grids/post_reviews.html", {"waiting": rows.filter(granted=None), "page": page})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Let a post begin."""
    require(may_confirm_posts(request.user), NOT_REVIEWER)
    proposal = queries.proposal_for(request.user, pk)
    form = ConfirmPostForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        require_recent_authentication(request)
        posting = actions.confirm_post(proposal, actor=request.user)
        return f"已确认，自 {posting.starts_on:%Y-%m-%d} 起任职。"

    until = f"至 {proposal.ends_on:%Y-%m-%d}" if proposal.ends_on else "长期"
    lead = f"{proposal.starts_on:%Y-%m-%d} 起，{until}；由{proposal.asked_by.name}提请。确认后按这个岗位查看和办理。"
    return dialog(request, f"确认任职：{proposal}", form, act, reverse("grids:post_reviews"), {"lead": lead})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def refuse(request: PersonRequest, pk: int) -> HttpResponse:
    """Refuse a post with its reason."""
    require(may_confirm_posts(request.user), NOT_REVIEWER)
    proposal = queries.proposal_for(request.user, pk)
    form = RefusePostForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        actions.refuse_post(proposal, reason=form.cleaned_data["reason"], actor=request.user)
        return "已退回，提请人会收到理由。"

    return dialog(request, f"不同意任职：{proposal}", form, act, reverse("grids:post_reviews"))
