"""Addresses of the ground in the API."""

from django.urls import path

from grids.api import beats, duty, hazards, people, places, roster, tables, visits

urlpatterns = [
    path("territories/", places.Territories.as_view(), name="territories"),
    path("territories/merge/", tables.TerritoryMerge.as_view(), name="territories_merge"),
    path("territories/<str:code>/", places.TerritoryDetail.as_view(), name="territory"),
    path("organisations/", places.Organisations.as_view(), name="organisations"),
    path("organisations/<int:pk>/", places.OrganisationDetail.as_view(), name="organisation"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<int:pk>/", people.PersonDetail.as_view(), name="person"),
    path("roster/", roster.Roster.as_view(), name="roster"),
    path("roster/<slug:key>/", roster.RosterRow.as_view(), name="roster_row"),
    path("roster/<slug:key>/correct/", roster.RosterCorrect.as_view(), name="roster_correct"),
    path("roster/<slug:key>/end/", roster.RosterEnd.as_view(), name="roster_end"),
    path("beats/", beats.Beats.as_view(), name="beats"),
    path("beats/<int:pk>/", beats.BeatDetail.as_view(), name="beat"),
    path("beats/<int:pk>/change/", beats.BeatChange.as_view(), name="beat_change"),
    path("beats/<int:pk>/end/", beats.BeatEnd.as_view(), name="beat_end"),
    path("beats/<int:pk>/officer/", beats.BeatOfficer.as_view(), name="beat_officer"),
    path("duty/", duty.Duty.as_view(), name="duty"),
    path("duty/responsible/", duty.DutyResponsible.as_view(), name="duty_responsible"),
    path("duty/<int:pk>/take-off/", duty.DutyTakeOff.as_view(), name="duty_take_off"),
    path("tables/", tables.Tables.as_view(), name="tables"),
    path("tables/<uuid:uid>/", tables.TableDetail.as_view(), name="table"),
    path("tables/<uuid:uid>/rows/", tables.TableRows.as_view(), name="table_rows"),
    path("tables/<uuid:uid>/reading/", tables.TableReading.as_view(), name="table_reading"),
    path("tables/<uuid:uid>/confirm/", tables.TableConfirm.as_view(), name="table_confirm"),
    path("hazards/", hazards.Hazards.as_view(), name="hazards"),
    path("hazards/<uuid:uid>/", hazards.HazardDetail.as_view(), name="hazard"),
    path("hazards/<uuid:uid>/files/", hazards.HazardFiles.as_view(), name="hazard_files"),
    *(path(f"hazards/<uuid:uid>/{name}/", view.as_view(), name=f"hazard_{name}") for name, view in hazards.act_views()),
    path("visits/", visits.Visits.as_view(), name="visits"),
    path("visit-plans/", visits.Plans.as_view(), name="visit_plans"),
]
