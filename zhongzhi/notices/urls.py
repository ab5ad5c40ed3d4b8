"""Addresses of one's own notices."""

from django.urls import path

from zhongzhi.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("bell/", views.bell, name="bell"),
    path("read-all/", views.read_all, name="read_all"),
    path("<int:notice_id>/read/", views.read, name="read"),
    path("<int:notice_id>/open/", views.open_notice, name="open"),
]
