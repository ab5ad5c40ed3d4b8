"""Routes of the pages; each app owns its own list, this file only composes them."""

from django.urls import include, path

urlpatterns = [
    path("", include("workbench.urls")),
    path("system/exchange/", include("workbench.exchange.urls")),
    path("system/clients/<int:pk>/webhooks/", include("workbench.webhooks.urls")),
    path("system/", include("workbench.administration.urls")),
    path("", include("zhongzhi.accounts.urls")),
    path("notices/", include("zhongzhi.notices.urls")),
    path("", include("referrals.urls")),
    path("cases/", include("intake.urls")),
    path("warnings/", include("early_warning.urls")),
    path("mediation/", include("mediation.urls")),
    path("q/", include("intake.public.urls")),
    path("grids/", include("grids.urls")),
    path("field/", include("grids.urls_field")),
    path("api/v1/", include("zhongzhi.urls_api")),
]

handler400 = "zhongzhi.web.views.bad_request"
handler403 = "zhongzhi.web.views.forbidden"
handler404 = "zhongzhi.web.views.not_found"
handler500 = "zhongzhi.web.views.server_error"
