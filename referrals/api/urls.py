"""Addresses of referrals in the API."""

from django.urls import path

from intake.converters import CASE
from referrals.api import care, documents, joint
from referrals.api.cases import case_act_views

urlpatterns = [
    *(path(f"cases/<{CASE}>/{name}/", view.as_view(), name=name) for name, view in case_act_views()),
    path(f"cases/<{CASE}>/tasks/", joint.Tasks.as_view(), name="case_tasks"),
    *(
        path(f"cases/<{CASE}>/tasks/<int:pk>/{name}/", view.as_view(), name=f"case_task_{name}")
        for name, view in joint.task_act_views()
    ),
    path(f"cases/<{CASE}>/meetings/", joint.Meetings.as_view(), name="case_meetings"),
    path(f"cases/<{CASE}>/care/", care.Care.as_view(), name="case_care"),
    path(f"cases/<{CASE}>/care/open/", care.CareLook.as_view(), name="case_care_open"),
    *(
        path(f"cases/<{CASE}>/care/{name}/", view.as_view(), name=f"case_care_{name}")
        for name, view in care.care_act_views()
    ),
    path("referrals/", documents.DocumentList.as_view(), name="referrals"),
    path("referrals/<uuid:uid>/", documents.DocumentDetail.as_view(), name="referral"),
    path("referrals/<uuid:uid>/file/", documents.DocumentFile.as_view(), name="referral_file"),
    *(
        path(f"referrals/<uuid:uid>/{name}/", view.as_view(), name=f"referral_{name}")
        for name, view in documents.document_act_views()
    ),
]
