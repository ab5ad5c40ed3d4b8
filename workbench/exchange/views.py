"""How the exchange with other systems stands, and what is stuck."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.permissions import may_keep_api_clients
from workbench.exchange.queries import exchanges_in, exchanges_out, refused_in, stuck_out
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import require


@login_required
@never_cache
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """Out and in by state, then every message that somebody has to look at."""
    require(may_keep_api_clients(request.user), "对接情况由系统管理员查看。")
    context = {"out": exchanges_out(), "into": exchanges_in(), "stuck": stuck_out(), "refused": refused_in()}
    return render(request, "webhooks/exchange.html", context)
