"""Addresses of the pages of intake."""

from django.urls import path

from intake.converters import CASE
from intake.views import acts, cases, entry, export, files, parts, reveal

app_name = "intake"
urlpatterns = [
    path("", cases.case_list, name="list"),
    path("follow-up/", cases.follow_up_list, name="follow_up"),
    path("hung-up/", cases.hung_up_list, name="hung_up"),
    path("export/", export.export, name="export"),
    path("views/", cases.save_view, name="save_view"),
    path("views/<int:pk>/discard/", cases.discard_view, name="discard_view"),
    path("parts/search/", parts.search, name="search"),
    path("new/", entry.new, name="new"),
    path("drafts/<uuid:uid>/", entry.draft, name="draft"),
    path("drafts/<uuid:uid>/discard/", entry.discard, name="discard"),
    path("parts/places/", parts.places, name="places"),
    path("parts/categories/", parts.categories, name="categories"),
    path("parts/person/", parts.person, name="person"),
    path(f"<{CASE}>/edit/", entry.amend, name="amend"),
    path(f"<{CASE}>/acts/<slug:name>/", acts.act, name="act"),
    path(f"<{CASE}>/parts/organisations/", parts.organisations, name="organisations"),
    path(f"<{CASE}>/parts/candidates/", parts.candidates, name="candidates"),
    path(f"<{CASE}>/files/", files.upload, name="upload"),
    path(f"<{CASE}>/files/<uuid:file_id>/", files.download, name="download"),
    path(f"<{CASE}>/files/<uuid:file_id>/remove/", files.remove, name="remove_file"),
    path(f"<{CASE}>/parties/<uuid:uid>/reveal/", reveal.reveal, name="reveal"),
]
