"""Addresses of the figures, below `figures/`, and of the walls."""

from django.urls import path

from workbench.statistics import screen, views
from workbench.statistics.reports import views as reports

urlpatterns = [
    path("statistics/", views.board, name="figures"),
    path("statistics/cases/", views.cases, name="figure_cases"),
    path("statistics/map/", views.area_map, name="figures_map"),
    path("statistics/definitions/", views.definitions, name="figures_definitions"),
    path("statistics/organisations/<int:pk>/", views.organisation, name="figures_organisation"),
    path("statistics/reports/", reports.reports, name="figures_reports"),
    path("statistics/reports/rows/", reports.report_rows, name="figures_report_rows"),
    path("statistics/reports/<uuid:uid>/<slug:extension>/", reports.download, name="figures_report_file"),
    path("statistics/screen/", screen.screen, name="screen"),
    path("statistics/screen/data/", screen.screen_data, name="screen_data"),
    path("statistics/screens/", screen.links, name="screen_links"),
    path("statistics/screens/<int:pk>/revoke/", screen.revoke, name="revoke_screen"),
    path("screen/<str:token>/", screen.open_screen, name="open_screen"),
    path("screen/<str:token>/data/", screen.open_screen_data, name="open_screen_data"),
]
