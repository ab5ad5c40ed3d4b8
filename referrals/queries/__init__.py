"""Reads of referrals: kinds in force, documents a reader may see, what is outstanding, joint handling, special care.

What the escalation reads is in `referrals.escalation.queries`.
"""

from referrals.queries.care import assessments_of, care_of, care_visible_to, consent_of, consents_of
from referrals.queries.documents import (
    OUTSTANDING,
    AnswersOwed,
    answers_of,
    answers_owed_by_organisation,
    correction_of,
    document_visible_to,
    documents_for_list,
    documents_of,
    documents_owed_by,
    documents_owed_to,
    documents_to_sign,
    documents_visible_to,
    drafts_to_issue_automatically,
    has_visible_case,
    last_refusal_at,
    lock_waiting_documents,
    overdue_documents,
    selected_to_sign,
    signed_documents_visible_to,
    steps_of,
)
from referrals.queries.joint_handling import meetings_of, open_handling_of, task_of, tier_moves_visible_to
from referrals.queries.kinds import agency_stem, issuer_of, kind_for, kind_of, kinds, kinds_in_force

__all__ = [
    "OUTSTANDING",
    "AnswersOwed",
    "agency_stem",
    "answers_of",
    "answers_owed_by_organisation",
    "assessments_of",
    "care_of",
    "care_visible_to",
    "consent_of",
    "consents_of",
    "correction_of",
    "document_visible_to",
    "documents_for_list",
    "documents_of",
    "documents_owed_by",
    "documents_owed_to",
    "documents_to_sign",
    "documents_visible_to",
    "drafts_to_issue_automatically",
    "has_visible_case",
    "issuer_of",
    "kind_for",
    "kind_of",
    "kinds",
    "kinds_in_force",
    "last_refusal_at",
    "lock_waiting_documents",
    "meetings_of",
    "open_handling_of",
    "overdue_documents",
    "selected_to_sign",
    "signed_documents_visible_to",
    "steps_of",
    "task_of",
    "tier_moves_visible_to",
]
