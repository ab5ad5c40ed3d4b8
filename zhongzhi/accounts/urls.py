"""Addresses of one's own account."""

from django.urls import path

from zhongzhi.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.SignInPage.as_view(), name="login"),
    path("logout/", views.logout, name="logout"),
    path("account/confirm/", views.confirm, name="confirm"),
    path("account/password/", views.password, name="password"),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<uuid:public_id>/end/", views.end_session, name="end_session"),
]
