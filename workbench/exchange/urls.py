"""Addresses of the page of exchange."""

from django.urls import path

from workbench.exchange import views

app_name = "exchange"
urlpatterns = [path("", views.overview, name="overview")]
