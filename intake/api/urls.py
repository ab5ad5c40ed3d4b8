"""Addresses of the cases in the API."""

from django.urls import path

from intake.api import changes, views
from intake.api.acts import act_views
from intake.converters import CASE

urlpatterns = [
    path("cases/", views.CaseList.as_view(), name="cases"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("cases/settle/", views.Settle.as_view(), name="settle"),
    path(f"cases/<{CASE}>/", views.CaseDetail.as_view(), name="case"),
    path(f"cases/<{CASE}>/timeline/", views.Timeline.as_view(), name="timeline"),
    path(f"cases/<{CASE}>/attachments/", views.Attachments.as_view(), name="attachments"),
    path(f"cases/<{CASE}>/attachments/<uuid:file_id>/", views.AttachmentFile.as_view(), name="attachment"),
    path(f"cases/<{CASE}>/parties/<uuid:uid>/reveal/", views.Reveal.as_view(), name="reveal"),
    *(path(f"cases/<{CASE}>/{name}/", view.as_view(), name=name) for name, view in act_views()),
]
