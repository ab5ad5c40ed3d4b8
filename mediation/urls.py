"""Addresses of the pages of mediation."""

from django.urls import path

from intake.converters import CASE
from mediation.views import (
    act_dialogs,
    agreement,
    bodies,
    hand_signing,
    listed,
    lists,
    pages,
    wording,
)
from mediation.views import (
    documents as papers,
)
from mediation.views import (
    mediation_session as session,
)

app_name = "mediation"
urlpatterns = [
    path("", pages.home, name="home"),
    path("calendar/", pages.calendar, name="calendar"),
    path("all/", lists.mediations, name="list"),
    path("obligations/", lists.obligations, name="obligations"),
    path("confirmations/", lists.confirmations, name="confirmations"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.set_up, name="set_up"),
    path("bodies/teams/new/", bodies.add_team, name="add_team"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("bodies/<slug:kind>/<int:pk>/<slug:name>/", bodies.edit, name="edit"),
    path("roster/", lists.roster, name="roster"),
    path("roster/add/", lists.add_duty, name="add_duty"),
    path("roster/<uuid:uid>/remove/", lists.remove_duty, name="remove_duty"),
    path("wording/", wording.texts, name="wordings"),
    path("wording/<slug:key>/<slug:mode>/", wording.text, name="wording"),
    path("wording/<slug:key>/<slug:mode>/preview/", wording.preview, name="wording_preview"),
    path("statistics/", lists.statistics, name="statistics"),
    path(f"open/<{CASE}>/", act_dialogs.open_mediation, name="open"),
    path(f"open/<{CASE}>/<slug:name>/", act_dialogs.open_mediation, name="open_so"),
    path("sessions/<uuid:uid>/", session.session, name="session"),
    path("sessions/<uuid:uid>/keep/", session.keep, name="keep"),
    path("sessions/<uuid:uid>/photos/", session.photo, name="photo"),
    path("<uuid:uid>/", pages.mediation, name="mediation"),
    path("<uuid:uid>/agreement/", agreement.agreement, name="agreement"),
    path("<uuid:uid>/sign/", hand_signing.sign, name="sign"),
    path("<uuid:uid>/list/", listed.instalments, name="listed"),
    path("<uuid:uid>/file/", papers.file, name="file"),
    path("<uuid:uid>/file/recheck/", papers.recheck, name="recheck"),
    path("<uuid:uid>/file/zip/", papers.zipped, name="zip"),
    path("<uuid:uid>/file/<slug:key>/", papers.print_page, name="print"),
    path("<uuid:uid>/file/<slug:key>/docx/", papers.document, name="docx"),
    path("<slug:kind>/<uuid:uid>/acts/<slug:name>/", act_dialogs.act, name="act"),
]
