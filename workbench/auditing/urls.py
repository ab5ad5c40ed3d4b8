"""Addresses of the auditor's pages."""

from django.urls import path

from workbench.auditing import views

urlpatterns = [
    path("trail/", views.trail, name="auditing_trail"),
    path("trail/export/", views.export, name="auditing_export"),
    path("checks/", views.checks, name="auditing_checks"),
    path("looks/", views.looks, name="auditing_looks"),
    path("alerts/", views.alerts, name="auditing_alerts"),
    path("alerts/<int:pk>/seen/", views.seen, name="auditing_seen"),
    path("alerts/<int:pk>/explain/", views.explain, name="auditing_explain"),
]
