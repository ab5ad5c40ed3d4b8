"""Addresses of the API about itself."""

from django.urls import path

from workbench.api import oauth, views

urlpatterns = [
    path("oauth/token/", oauth.Token.as_view(), name="oauth_token"),
    path("me/", views.Me.as_view(), name="me"),
    path("categories/", views.Categories.as_view(), name="categories"),
    path("codes/", views.Codes.as_view(), name="codes"),
    path("codes/<slug:name>/", views.CodesOfList.as_view(), name="code_list"),
]
