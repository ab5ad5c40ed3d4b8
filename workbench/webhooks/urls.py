"""Addresses of webhooks, below the outside system that they serve."""

from django.urls import path

from workbench.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("<int:hook>/", views.webhook, name="webhook"),
    path("<int:hook>/secret/", views.secret, name="secret"),
    path("<int:hook>/pause/", views.pause, name="pause"),
    path("<int:hook>/resume/", views.resume, name="resume"),
    path("<int:hook>/end/", views.end, name="end"),
    path("<int:hook>/log/<int:delivery>/again/", views.again, name="again"),
]
