"""What a person may do now with documents and joint work: every act declared once, for pages and API."""

from referrals.available_actions.cases import CASE_ACTS, available_case_acts, names_of_case_acts
from referrals.available_actions.documents import DOCUMENT_ACTS, DocumentSituation, available_document_acts
from referrals.available_actions.joint import CARE_ACTS, TASK_ACTS, TaskSituation

__all__ = [
    "CARE_ACTS",
    "CASE_ACTS",
    "DOCUMENT_ACTS",
    "TASK_ACTS",
    "DocumentSituation",
    "TaskSituation",
    "available_case_acts",
    "available_document_acts",
    "names_of_case_acts",
]
