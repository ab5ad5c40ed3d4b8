"""Addresses of referrals in the API."""

from django.urls import path

from intake.converters import CASE
from referrals.api import documents
from referrals.api.cases import case_act_views

urlpatterns = [
    *(path(f"cases/<{CASE}>/{name}/", view.as_view(), name=name) for name, view in case_act_views()),
    path("referrals/", documents.DocumentList.as_view(), name="referrals"),
    path("referrals/<uuid:uid>/", documents.DocumentDetail.as_view(), name="referral"),
    path("referrals/<uuid:uid>/file/", documents.DocumentFile.as_view(), name="referral_file"),
    *(
        path(f"referrals/<uuid:uid>/{name}/", view.as_view(), name=f"referral_{name}")
        for name, view in documents.document_act_views()
    ),
]
