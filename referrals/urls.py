"""Addresses of the pages of referrals."""

from django.urls import path

from intake.converters import CASE
from referrals.converters import CASE_ACT
from referrals.views import boards, care, cases, documents, joint_tasks

app_name = "referrals"
urlpatterns = [
    path(f"cases/<{CASE}>/acts/<{CASE_ACT}>/", cases.act, name="act"),
    path(f"cases/<{CASE}>/tasks/<int:pk>/<slug:name>/", joint_tasks.task, name="task"),
    path(f"cases/<{CASE}>/care/", care.care, name="care"),
    path(f"cases/<{CASE}>/care/<slug:name>/", care.care_act, name="care_act"),
    path("documents/", documents.document_list, name="list"),
    path("documents/print/", documents.together, name="print"),
    path("documents/mine/", documents.mine, name="mine"),
    path("documents/tray/", boards.tray, name="tray"),
    path("documents/board/", boards.board, name="board"),
    path("documents/kinds/", boards.kinds, name="kinds"),
    path("documents/kinds/<int:pk>/", boards.kind, name="kind"),
    path("documents/kinds/<int:pk>/preview/", boards.kind_preview, name="kind_preview"),
    path("documents/<uuid:uid>/", documents.document, name="document"),
    path("documents/<uuid:uid>/paper/", documents.paper, name="paper"),
    path("documents/<uuid:uid>/envelope/", documents.envelope, name="envelope"),
    path("documents/<uuid:uid>/docx/", documents.download, name="docx"),
    path("documents/<uuid:uid>/acts/<slug:name>/", documents.act, name="document_act"),
    path("tiers/", boards.tiers, name="tiers"),
]
