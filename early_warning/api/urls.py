"""Addresses of warnings in the API."""

from django.urls import path

from early_warning.api import views

urlpatterns = [
    path("warnings/", views.Warnings.as_view(), name="warnings"),
    path("warnings/<uuid:uid>/", views.WarningDetail.as_view(), name="warning"),
    path("warnings/<uuid:uid>/<slug:name>/", views.WarningAct.as_view(), name="warning_act"),
]
