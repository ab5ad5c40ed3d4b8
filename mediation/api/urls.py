"""Addresses of mediation in the API."""

from django.urls import path

from intake.converters import CASE
from mediation.api import views

urlpatterns = [
    path(f"cases/<{CASE}>/mediations/", views.Open.as_view(), name="mediate"),
    path("mediations/", views.MediationList.as_view(), name="mediations"),
    path("mediations/<uuid:uid>/", views.MediationDetail.as_view(), name="mediation"),
    path("mediations/<uuid:uid>/consent/", views.ConsentTo.as_view(), name="mediation_consent"),
    path("mediations/<uuid:uid>/fail/", views.Fail.as_view(), name="mediation_fail"),
    path("mediations/<uuid:uid>/agreement/", views.Draft.as_view(), name="mediation_agreement"),
    path("agreements/", views.AgreementList.as_view(), name="agreements"),
    path("agreements/<uuid:uid>/", views.AgreementDetail.as_view(), name="agreement"),
    path("agreements/<uuid:uid>/sign/", views.Sign.as_view(), name="agreement_sign"),
    path("agreements/<uuid:uid>/take-force/", views.TakeForce.as_view(), name="agreement_take_force"),
    path("obligations/", views.ObligationList.as_view(), name="obligations"),
    path("obligations/<uuid:uid>/perform/", views.Perform.as_view(), name="obligation_perform"),
]
