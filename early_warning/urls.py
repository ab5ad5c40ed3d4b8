"""Addresses of the pages of warnings, below `warnings/`."""

from django.urls import path

from early_warning import views

app_name = "early_warning"
urlpatterns = [
    path("", views.warnings, name="list"),
    path("<uuid:uid>/", views.warning, name="warning"),
    path("<uuid:uid>/<slug:name>/", views.do, name="act"),
]
