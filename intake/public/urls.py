"""Addresses of the pages for citizens, all without a login."""

from django.urls import path

from intake.public.views import citizen

app_name = "citizen"
urlpatterns = [
    path("", citizen.ask, name="ask"),
    path("report/", citizen.report, name="report"),
    path("privacy/", citizen.privacy, name="privacy"),
    path("<str:typed>/", citizen.follow, name="follow"),
    path("<str:typed>/rate/", citizen.rate, name="rate"),
]
