"""Addresses of the statistics in the API."""

from django.urls import path

from workbench.statistics.api import Statistic, Statistics
from workbench.statistics.custom_tables.api import CustomTables, CustomTableView

urlpatterns = [
    path("statistics/", Statistics.as_view(), name="statistics"),
    path("statistics/tables/", CustomTables.as_view(), name="custom_tables"),
    path("statistics/tables/<uuid:uid>/", CustomTableView.as_view(), name="custom_table"),
    path("statistics/<slug:name>/", Statistic.as_view(), name="statistic"),
]
