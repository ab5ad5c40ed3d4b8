"""Pages of one's own notices."""

from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhongzhi.notices import actions, queries
from zhongzhi.web.lists import page_of
from zhongzhi.web.paging import DEFAULT_SIZE

STOP_ASKING = 286  # htmx ends its polling at this status


def _me(request: HttpRequest) -> AbstractBaseUser:
    """Who looks; every page here asks for the login first."""
    return cast(AbstractBaseUser, request.user)


@login_required
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """What I was told, unread first."""
    page = page_of(request, queries.notices_of(_me(request)), order=("-is_unread", "-id"))
    return render(request, "notices/list.html", {"page": page, "unread": queries.unread_count(_me(request))})


@never_cache
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell at the top of every page; a page whose session has ended stops asking."""
    if not request.user.is_authenticated:
        return HttpResponse(status=STOP_ASKING)
    return render(request, "notices/parts/_bell.html", {"unread": queries.unread_count(_me(request))})


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark those of mine that stood on the page as read: what came meanwhile, or stands further down, was not seen."""
    seen = [int(pk) for pk in request.POST.getlist("seen")[:DEFAULT_SIZE] if pk.isdecimal() and len(pk) < 19]
    actions.mark_read(_me(request), seen)
    return redirect("notices:list")


@login_required
@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one of mine as read."""
    actions.open_notice(_me(request), notice_id)
    return redirect("notices:list")


@login_required
@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Go where one of mine leads; it is read by that."""
    notice = actions.open_notice(_me(request), notice_id)
    return redirect(notice.link if queries.is_local(notice.link) else "notices:list")
