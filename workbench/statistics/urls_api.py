"""Addresses of the statistics in the API."""

from django.urls import path

from workbench.statistics.api import Statistic, Statistics

urlpatterns = [
    path("statistics/", Statistics.as_view(), name="statistics"),
    path("statistics/<slug:name>/", Statistic.as_view(), name="statistic"),
]
