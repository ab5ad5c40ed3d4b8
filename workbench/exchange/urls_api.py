"""Addresses of the API by which other systems hand in."""

from django.urls import path

from workbench.exchange import api

urlpatterns = [
    path("exchange/answers/", api.Answers.as_view(), name="exchange_answer"),
    path("exchange/<slug:profile>/", api.Messages.as_view(), name="exchange_take"),
]
