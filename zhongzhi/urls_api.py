"""Routes of the REST API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

app_name = "api"
urlpatterns = [
    path("", include("intake.urls_api")),
    path("", include("referrals.api.urls")),
    path("", include("mediation.api.urls")),
    path("", include("early_warning.api.urls")),
    path("", include("grids.api.urls")),
    path("", include("workbench.statistics.urls_api")),
    path("", include("workbench.exchange.urls_api")),
    path("", include("workbench.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
