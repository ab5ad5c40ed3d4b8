"""Addresses of the pages of the ground."""

from django.urls import path

from grids.views import (
    beats,
    duty,
    hazards,
    people,
    places,
    post_reviews,
    roster,
    visits,
)
from grids.views import (
    table_imports as imports,
)
from grids.views import (
    unmasking as clear,
)

app_name = "grids"
urlpatterns = [
    path("", places.overview, name="overview"),
    path("places/export/", imports.export_places, name="export_places"),
    path("places/<str:code>/", places.place, name="place"),
    path("places/<str:code>/board/", places.board, name="board"),
    path("places/<str:code>/appoint/", roster.appoint, name="appoint"),
    path("places/<str:code>/hand-over/", roster.hand_over, name="hand_over"),
    path("staff/", people.staff, name="staff"),
    path("staff/new/", people.open_account, name="open_account"),
    path("staff/slips/", people.slips, name="slips"),
    path("staff/export/", imports.export_people, name="export_people"),
    path("staff/<int:pk>/", people.person, name="staff_person"),
    path("staff/<int:pk>/change/", people.change, name="change_account"),
    path("staff/<int:pk>/post/", people.give_post, name="give_post"),
    path("staff/<int:pk>/hand-over/", people.hand_over_work, name="hand_over_work"),
    path("staff/posts/<int:pk>/end/", people.end_post, name="end_post"),
    path("post-reviews/", post_reviews.reviews, name="post_reviews"),
    path("post-reviews/<int:pk>/confirm/", post_reviews.confirm, name="confirm_post"),
    path("post-reviews/<int:pk>/refuse/", post_reviews.refuse, name="refuse_post"),
    path("roster/", roster.roster, name="roster"),
    path("people/<uuid:uid>/", roster.person, name="person"),
    path("roster/<slug:key>/correct/", roster.correct, name="correct"),
    path("roster/<slug:key>/end/", roster.end, name="end"),
    path("roster/<slug:key>/phone/", roster.reveal, name="reveal"),
    path("roster/export/full/", clear.export_in_clear, name="export_in_clear"),
    path("roster/export/", imports.export_roster, name="export_roster"),
    path("beats/", beats.beats, name="beats"),
    path("beats/new/", beats.open_beat, name="open_beat"),
    path("beats/export/", imports.export_beats, name="export_beats"),
    path("beats/<int:pk>/", beats.beat, name="beat"),
    path("beats/<int:pk>/change/", beats.change, name="change_beat"),
    path("beats/<int:pk>/officer/", beats.officer, name="officer"),
    path("beats/<int:pk>/end/", beats.end, name="end_beat"),
    path("tables/", imports.tables, name="imports"),
    path("tables/templates/<slug:kind>/", imports.template, name="template"),
    path("tables/<uuid:uid>/", imports.table, name="import"),
    path("tables/<uuid:uid>/confirm/", imports.confirm, name="confirm"),
    path("tables/<uuid:uid>/faults/", imports.faults, name="faults"),
    path("merge/", imports.merge, name="merge"),
    path("hazards/", hazards.hazards, name="hazards"),
    path("visits/", visits.visits, name="visits"),
    path("visits/plan/", visits.plan, name="plan"),
    path("visits/plans/<int:pk>/drop/", visits.drop, name="drop"),
    path("visits/outreach/", visits.outreach, name="outreach"),
    path("duty/", duty.duty, name="duty"),
    path("duty/places/find/", places.find, name="find_place"),
    path("duty/places/<str:code>/put-on/", duty.put_on_at, name="put_on_at"),
    path("duty/places/<str:code>/repeat/", duty.repeat_at, name="repeat_at"),
    path("duty/<int:pk>/put-on/", duty.put_on, name="put_on"),
    path("duty/<int:pk>/repeat/", duty.repeat, name="repeat"),
    path("duty/shifts/<int:pk>/take-off/", duty.take_off, name="take_off"),
]
