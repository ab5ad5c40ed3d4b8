"""Addresses of the pages of referrals."""

from django.urls import path

from intake.converters import CASE
from referrals.converters import CASE_ACT
from referrals.views import cases

app_name = "referrals"
urlpatterns = [
    path(f"cases/<{CASE}>/acts/<{CASE_ACT}>/", cases.act, name="act"),
]
