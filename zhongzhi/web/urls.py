"""Addresses of the web base."""

from django.urls import path

from zhongzhi.web import views

app_name = "web"
urlpatterns = [path("healthz", views.healthz, name="healthz")]
