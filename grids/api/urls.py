"""Addresses of places and organisations in the API."""

from django.urls import path

from grids.api import views

urlpatterns = [
    path("territories/", views.Territories.as_view(), name="territories"),
    path("territories/<str:code>/", views.TerritoryDetail.as_view(), name="territory"),
    path("organisations/", views.Organisations.as_view(), name="organisations"),
    path("organisations/<int:pk>/", views.OrganisationDetail.as_view(), name="organisation"),
]
