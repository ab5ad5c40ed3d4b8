"""Addresses of the cases in the API."""

from django.urls import path

from intake.api import by_number, case_list, changes, members, uploads, views
from intake.api.act_views import case_act_views
from intake.converters import CASE
from intake.coordination import api as meetings
from intake.imports import api as imports
from intake.public import api as public

urlpatterns = [
    path("cases/", case_list.CaseList.as_view(), name="cases"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/items/", imports.ImportItems.as_view(), name="import_items"),
    path("imports/<uuid:uid>/", imports.Import.as_view(), name="import"),
    path("imports/<uuid:uid>/reading/", imports.ImportReading.as_view(), name="import_reading"),
    path("imports/<uuid:uid>/words/", imports.ImportWords.as_view(), name="import_words"),
    path("imports/<uuid:uid>/confirm/", imports.ImportConfirm.as_view(), name="import_confirm"),
    path("imports/<uuid:uid>/cancel/", imports.ImportCancel.as_view(), name="import_cancel"),
    path("imports/<uuid:uid>/remarks/", imports.ImportRemarks.as_view(), name="import_remarks"),
    path("meetings/", meetings.Meetings.as_view(), name="meetings"),
    path("meetings/<int:pk>/", meetings.Meeting.as_view(), name="meeting"),
    path("public/progress/", public.PublicProgress.as_view(), name="public_progress"),
    path("cases/lookup/", by_number.Lookup.as_view(), name="lookup"),
    path("cases/by-external/<str:number>/", by_number.ByNumber.as_view(), name="by_external"),
    path("cases/settle/", views.Settle.as_view(), name="settle"),
    path(f"cases/<{CASE}>/", views.CaseDetail.as_view(), name="case"),
    path(f"cases/<{CASE}>/supplement/", views.Supplement.as_view(), name="supplement"),
    path(f"cases/<{CASE}>/timeline/", views.Timeline.as_view(), name="timeline"),
    path(f"cases/<{CASE}>/attachments/", views.Attachments.as_view(), name="attachments"),
    path(f"cases/<{CASE}>/attachments/<uuid:file_id>/", views.AttachmentFile.as_view(), name="attachment"),
    path(f"cases/<{CASE}>/uploads/", uploads.Uploads.as_view(), name="uploads"),
    path(f"cases/<{CASE}>/uploads/<uuid:uid>/", uploads.Upload.as_view(), name="upload"),
    path(f"cases/<{CASE}>/uploads/<uuid:uid>/parts/<int:begins>/", uploads.UploadedPart.as_view(), name="upload_part"),
    path(f"cases/<{CASE}>/uploads/<uuid:uid>/finish/", uploads.UploadFinish.as_view(), name="upload_finish"),
    path(f"cases/<{CASE}>/members/", members.Members.as_view(), name="members"),
    path(f"cases/<{CASE}>/parties/<uuid:uid>/reveal/", views.Reveal.as_view(), name="reveal"),
    path(f"cases/<{CASE}>/corrections/<uuid:uid>/reveal/", views.RevealCorrection.as_view(), name="reveal_correction"),
    *(path(f"cases/<{CASE}>/{name}/", view.as_view(), name=name) for name, view in case_act_views()),
]
