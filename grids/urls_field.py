"""Addresses of the phone pages."""

from django.urls import path

from grids.views import field

app_name = "field"
urlpatterns = [
    path("", field.home, name="home"),
    path("report/", field.report, name="report"),
    path("visits/", field.visits, name="visits"),
    path("people/", field.people, name="people"),
    path("people/<slug:key>/call/", field.call, name="call"),
    path("reports/<uuid:uid>/", field.hazard, name="hazard"),
    path("reports/<uuid:uid>/files/<uuid:file_uid>/", field.file, name="file"),
    path("reports/<uuid:uid>/<slug:name>/", field.act, name="act"),
    path("token/", field.token, name="token"),
    path("sw.js", field.worker, name="worker"),
    path("app.webmanifest", field.manifest, name="manifest"),
]
