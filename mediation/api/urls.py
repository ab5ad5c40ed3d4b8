"""Addresses of mediation in the API."""

from django.urls import path

from intake.converters import CASE
from mediation.api import views

urlpatterns = [
    path(f"cases/<{CASE}>/mediations/", views.Open.as_view(), name="mediate"),
    path("mediations/", views.MediationList.as_view(), name="mediations"),
    path("mediations/<uuid:uid>/", views.MediationDetail.as_view(), name="mediation"),
    path("mediations/<uuid:uid>/agreement/", views.Draft.as_view(), name="mediation_agreement"),
    path("agreements/", views.AgreementList.as_view(), name="agreements"),
    path("agreements/<uuid:uid>/", views.AgreementDetail.as_view(), name="agreement"),
    path("obligations/", views.ObligationList.as_view(), name="obligations"),
    *(
        path(f"{kind}s/<uuid:uid>/{name}/", view.as_view(), name=f"{kind}_{name.replace('-', '_')}")
        for kind, name, view in views.views_of_acts()
    ),
]
