"""Addresses below `personal/`."""

from django.urls import path

from workbench.personal_data import views

urlpatterns = [
    path("", views.data_requests, name="data_requests"),
    path("<uuid:uid>/", views.data_request, name="data_request"),
    path("<uuid:uid>/print/", views.print_sheet, name="data_sheet_print"),
    path("<uuid:uid>/docx/", views.sheet_document, name="data_sheet_docx"),
    path("<uuid:uid>/decide/<slug:name>/", views.decide, name="decide_data_request"),
    path("<uuid:uid>/restrictions/<int:pk>/lift/", views.lift, name="lift_restriction"),
]
