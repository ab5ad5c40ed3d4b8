"""Addresses of the security administrator's pages."""

from django.urls import path

from workbench.security import views

urlpatterns = [
    path("accounts/", views.accounts, name="security_accounts"),
    path("accounts/<int:pk>/password/", views.password, name="security_password"),
    path("accounts/<int:pk>/factor/", views.factor, name="security_factor"),
    path("locks/", views.locks, name="security_locks"),
    path("locks/unlock/", views.unlock, name="security_unlock"),
    path("sessions/", views.sessions, name="security_sessions"),
    path("sessions/<uuid:public_id>/end/", views.end_session, name="security_end_session"),
    path("events/", views.events, name="security_events"),
    path("dormant/", views.dormant, name="security_dormant"),
    path("dormant/<int:pk>/", views.review, name="security_review"),
    path("rules/", views.rules, name="security_rules"),
    path("rules/networks/", views.networks, name="security_networks"),
    path("rules/factors/", views.factor_roles, name="security_factor_roles"),
    path("rules/<slug:name>/", views.rule, name="security_rule"),
    path("clients/", views.clients, name="security_clients"),
    path("clients/<int:pk>/", views.client_networks, name="security_client_networks"),
]
