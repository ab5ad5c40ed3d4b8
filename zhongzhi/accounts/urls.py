"""Addresses of one's own account."""

from django.urls import path

from zhongzhi.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.SignInPage.as_view(), name="login"),
    path("login/second-factor/", views.second_factor, name="second_factor"),
    path("login/single-sign-on/", views.single_sign_on, name="single_sign_on"),
    path("login/single-sign-on/callback/", views.single_sign_on_callback, name="single_sign_on_callback"),
    path("login/again/", views.sign_in_again, name="sign_in_again"),
    path("login/passkey/", views.use_passkey, name="use_passkey"),
    path("login/passkey/options/", views.passkey_options, name="passkey_options"),
    path("logout/", views.logout, name="logout"),
    path("account/confirm/", views.confirm, name="confirm"),
    path("account/password/", views.password, name="password"),
    path("account/security/", views.security, name="security"),
    path("account/security/authenticator/", views.authenticator, name="authenticator"),
    path("account/security/authenticator/remove/", views.remove_authenticator, name="remove_authenticator"),
    path("account/security/recovery-codes/", views.recovery_codes, name="recovery_codes"),
    path("account/security/recovery-codes/new/", views.new_codes, name="new_codes"),
    path("account/security/passkeys/", views.add_passkey, name="add_passkey"),
    path("account/security/passkeys/options/", views.new_passkey_options, name="new_passkey_options"),
    path("account/security/passkeys/<int:pk>/remove/", views.remove_passkey, name="remove_passkey"),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<uuid:public_id>/end/", views.end_session, name="end_session"),
]
