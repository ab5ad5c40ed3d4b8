"""Addresses of the pages that need several apps."""

from django.urls import include, path

from intake.converters import CASE
from workbench import views
from workbench.bulk import views as bulk
from workbench.handbook import views as handbook
from workbench.kept import views as kept
from workbench.knowledge import views as knowledge
from workbench.meetings import views as meetings
from workbench.standard_texts import views as standard_texts

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("watched/", views.watched, name="watched"),
    path("vacancies/", views.vacancies, name="vacancies"),
    path("todo/<slug:name>/", views.todo_list, name="todo"),
    path(f"cases/<{CASE}>/", views.dossier, name="dossier"),
    path(f"cases/<{CASE}>/preview/", views.preview, name="preview"),
    path(f"cases/<{CASE}>/similar/", views.similar, name="similar"),
    path("bulk/<slug:name>/", bulk.bulk, name="bulk"),
    path("kept/", kept.kept, name="kept"),
    path("kept/forget/", kept.forget, name="forget_kept"),
    path("help/", handbook.handbook, name="help"),
    path("help/print/", handbook.print_handbook, name="help_print"),
    path("texts/", standard_texts.texts, name="texts"),
    path("texts/macros/", standard_texts.macros, name="macros"),
    path("texts/offered/", standard_texts.offered, name="texts_offered"),
    path("texts/<int:pk>/discard/", standard_texts.discard, name="discard_text"),
    path("hall/week/", views.hall_week, name="hall_week"),
    path("knowledge/", knowledge.search, name="knowledge"),
    path("knowledge/<int:pk>/", knowledge.piece, name="knowledge_piece"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/report/", meetings.risk_report, name="risk_report"),
    path("meetings/report/print/", meetings.print_risk_report, name="risk_report_print"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/items/<int:item_pk>/", meetings.item, name="meeting_item"),
    path("meetings/<int:pk>/bulk/", meetings.bulk, name="meeting_bulk"),
    path("meetings/<int:pk>/close/", meetings.close, name="meeting_close"),
    path("meetings/<int:pk>/minutes/", meetings.minutes, name="meeting_minutes"),
    path("meetings/<int:pk>/minutes/print/", meetings.print_minutes, name="meeting_minutes_print"),
    path("auditing/", include("workbench.auditing.urls")),
    path("security/", include("workbench.security.urls")),
    path("", include("workbench.statistics.urls")),
    path("personal/", include("workbench.personal_data.urls")),
    path("metrics", views.metrics, name="metrics"),
    path("readyz", views.readyz, name="readyz"),
]
