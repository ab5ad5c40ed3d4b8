"""Addresses of the pages that need several apps."""

from django.urls import path

from intake.converters import CASE
from zhongzhi.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("todo/<slug:name>/", views.todo_list, name="todo"),
    path(f"cases/<{CASE}>/", views.dossier, name="dossier"),
    path("readyz", views.readyz, name="readyz"),
]
