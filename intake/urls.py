"""Addresses of the pages of intake."""

from django.urls import path

from intake.converters import CASE
from intake.imports import views as imports
from intake.public.views import receipt
from intake.views import act_dialogs, cases, entry, export, files, hazards, members, parts
from intake.views import unmasking as reveal

app_name = "intake"
urlpatterns = [
    path("", cases.case_list, name="list"),
    path("follow-up/", cases.follow_up_list, name="follow_up"),
    path("hung-up/", cases.open_list, name="hung_up"),
    path("roads/", cases.road_list, name="roads"),
    path("guidance/", cases.guidance_list, name="guidance"),
    path("export/", export.export, name="export"),
    path("views/", cases.save_view, name="save_view"),
    path("views/<int:pk>/discard/", cases.discard_view, name="discard_view"),
    path("parts/search/", parts.search, name="search"),
    path("new/", entry.new, name="new"),
    path("from-hazard/<uuid:uid>/", hazards.from_hazard, name="from_hazard"),
    path("drafts/<uuid:uid>/", entry.draft, name="draft"),
    path("drafts/<uuid:uid>/typed/", entry.typed, name="typed"),
    path("drafts/<uuid:uid>/discard/", entry.discard, name="discard"),
    path("imports/", imports.imports, name="imports"),
    path("imports/templates/<slug:kind>/", imports.template, name="import_template"),
    path("imports/words/", imports.sender_words, name="sender_words"),
    path("imports/words/<int:pk>/forget/", imports.forget_word, name="sender_word_forget"),
    path("imports/<uuid:uid>/read/", imports.read_again, name="import_read"),
    path("imports/<uuid:uid>/words/", imports.explain_words, name="import_words"),
    path("imports/<uuid:uid>/", imports.one, name="import"),
    path("imports/<uuid:uid>/progress/", imports.progress, name="import_progress"),
    path("imports/<uuid:uid>/confirm/", imports.confirm, name="import_confirm"),
    path("imports/<uuid:uid>/cancel/", imports.cancel, name="import_cancel"),
    path("imports/<uuid:uid>/resume/", imports.resume, name="import_resume"),
    path("imports/<uuid:uid>/remarks/", imports.remarks, name="import_remarks"),
    path("parts/places/", parts.places, name="places"),
    path("parts/outside/", parts.outside, name="outside_organisations"),
    path("parts/categories/", parts.categories, name="categories"),
    path("parts/suggestions/", parts.suggestions, name="suggestions"),
    path("parts/person/", parts.person, name="person"),
    path(f"<{CASE}>/edit/", entry.amend, name="amend"),
    path(f"<{CASE}>/acts/<slug:name>/", act_dialogs.act, name="act"),
    path(f"<{CASE}>/parts/organisations/", parts.organisations, name="organisations"),
    path(f"<{CASE}>/parts/candidates/", parts.candidates, name="candidates"),
    path(f"<{CASE}>/members/", members.member_list, name="members"),
    path(f"<{CASE}>/members/template/", members.template, name="members_template"),
    path(f"<{CASE}>/members/table/", members.table, name="members_table"),
    path(f"<{CASE}>/members/join/", members.join, name="members_join"),
    path(f"<{CASE}>/members/chosen/", members.chosen, name="members_chosen"),
    path(f"<{CASE}>/members/message/", members.message, name="members_message"),
    path("receipts/", receipt.together, name="receipts"),
    path(f"<{CASE}>/receipt/", receipt.choose, name="choose_receipt"),
    path(f"<{CASE}>/receipt/<uuid:uid>/", receipt.receipt, name="receipt"),
    path(f"<{CASE}>/files/", files.upload, name="upload"),
    path(f"<{CASE}>/files/<uuid:file_id>/", files.download, name="download"),
    path(f"<{CASE}>/files/<uuid:file_id>/thumb/", files.thumb, name="thumb"),
    path(f"<{CASE}>/files/<uuid:file_id>/look/", files.look, name="look"),
    path(f"<{CASE}>/files/<uuid:file_id>/remove/", files.remove, name="remove_file"),
    path(f"<{CASE}>/parties/<uuid:uid>/reveal/", reveal.reveal, name="reveal"),
    path(f"<{CASE}>/corrections/<uuid:uid>/reveal/", reveal.reveal_correction, name="reveal_correction"),
]
