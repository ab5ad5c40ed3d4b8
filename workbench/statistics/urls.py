"""Addresses of the figures, below `figures/`, and of the walls."""

from django.urls import path

from workbench.statistics import screen, views
from workbench.statistics.custom_tables import views as custom_tables
from workbench.statistics.reports import views as reports

urlpatterns = [
    path("figures/", views.board, name="figures"),
    path("figures/cases/", views.cases, name="figure_cases"),
    path("figures/map/", views.area_map, name="figures_map"),
    path("figures/definitions/", views.definitions, name="figures_definitions"),
    path("figures/organisations/<int:pk>/", views.organisation, name="figures_organisation"),
    path("figures/reports/", reports.reports, name="figures_reports"),
    path("figures/reports/rows/", reports.report_rows, name="figures_report_rows"),
    path("figures/tables/", custom_tables.tables, name="custom_tables"),
    path("figures/tables/new/", custom_tables.build, name="build_table"),
    path("figures/tables/preview/", custom_tables.preview, name="preview_table"),
    path("figures/tables/<uuid:uid>/", custom_tables.table, name="custom_table"),
    path("figures/tables/<uuid:uid>/discard/", custom_tables.discard, name="discard_table"),
    path("figures/tables/<uuid:uid>/<slug:extension>/", custom_tables.download, name="custom_table_file"),
    path("figures/brief/", reports.brief, name="figures_brief"),
    path("figures/brief/print/", reports.print_brief, name="figures_brief_print"),
    path("figures/reports/<uuid:uid>/<slug:extension>/", reports.download, name="figures_report_file"),
    path("figures/screen/", screen.screen, name="screen"),
    path("figures/screen/data/", screen.screen_data, name="screen_data"),
    path("figures/screens/", screen.links, name="screen_links"),
    path("figures/screens/<int:pk>/revoke/", screen.revoke, name="revoke_screen"),
    path("screen/<str:token>/", screen.open_screen, name="open_screen"),
    path("screen/<str:token>/data/", screen.open_screen_data, name="open_screen_data"),
]
