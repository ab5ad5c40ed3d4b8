"""Addresses of referrals in the API."""

from django.urls import path

from intake.converters import CASE
from referrals.api.cases import case_act_views

urlpatterns = [
    *(path(f"cases/<{CASE}>/{name}/", view.as_view(), name=name) for name, view in case_act_views()),
]
