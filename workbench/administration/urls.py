"""Addresses of the system administrator, below `system/`."""

from django.urls import path

from workbench.administration.views import clients, office_tables, organisations, running, working_days

app_name = "system"
urlpatterns = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new, name="new_organisation"),
    path("organisations/places/", organisations.find_place, name="find_place"),
    path("organisations/towns/<str:code>/", organisations.town_centres, name="town_centres"),
    path("organisations/<int:pk>/", organisations.change, name="organisation"),
    path("organisations/<int:pk>/end/", organisations.end, name="end_organisation"),
    path("calendar/", working_days.calendar, name="calendar"),
    path("calendar/import/", working_days.announce, name="announce"),
    path("calendar/hours/", working_days.office_hours, name="office_hours"),
    path("limits/", office_tables.limits, name="limits"),
    path("limits/new/", office_tables.new_limit, name="new_limit"),
    path("limits/<int:pk>/", office_tables.change_limit, name="limit"),
    path("limits/<int:pk>/withdraw/", office_tables.withdraw_limit, name="withdraw_limit"),
    path("categories/", office_tables.categories, name="categories"),
    path("categories/new/", office_tables.new_category, name="new_category"),
    path("categories/<slug:code>/", office_tables.change_category, name="category"),
    path("categories/<slug:code>/switch/", office_tables.switch_category, name="switch_category"),
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.new, name="new_client"),
    path("clients/<int:pk>/", clients.client, name="client"),
    path("clients/<int:pk>/change/", clients.change, name="change_client"),
    path("clients/<int:pk>/end/", clients.end, name="end_client"),
    path("clients/<int:pk>/tokens/", clients.issue, name="issue_token"),
    path("clients/<int:pk>/tokens/<int:token>/renew/", clients.renew, name="renew_token"),
    path("clients/<int:pk>/tokens/<int:token>/revoke/", clients.revoke, name="revoke_token"),
    path("health/", running.health, name="health"),
    path("jobs/", running.jobs, name="jobs"),
    path("jobs/<uuid:uid>/retry/", running.retry_job, name="retry_job"),
    path("jobs/<uuid:uid>/give-up/", running.give_job_up, name="give_job_up"),
    path("outbox/", running.messages_waiting, name="outbox"),
    path("outbox/<int:pk>/retry/", running.retry_message, name="retry_message"),
    path("outbox/<int:pk>/give-up/", running.give_message_up, name="give_message_up"),
    path("text-messages/", running.text_messages, name="text_messages"),
    path("backups/", running.backups, name="backups"),
    path("backups/check/", running.check_backup, name="check_backup"),
]
