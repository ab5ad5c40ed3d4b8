"""Reads of referrals: kinds in force, documents in sight, what is owed, what the ladder has to do."""

from referrals.queries.documents import (
    document_visible_to,
    documents_for_list,
    documents_of,
    documents_to_sign,
    documents_visible_to,
    drafts_in_sight,
    owed_by,
    owed_to,
)
from referrals.queries.kinds import (
    agency_stem,
    issuer_of,
    kind_for,
    kind_of,
    kinds,
    kinds_in_force,
    rules_for,
)
from referrals.queries.ladder import (
    drafts_that_issue_by_themselves,
    lapses_in_quarter,
    lock_cases_with_due_steps,
    quarter_of,
    supervisions_in_quarter,
    watched_handlings,
)

__all__ = [
    "agency_stem",
    "document_visible_to",
    "documents_for_list",
    "documents_of",
    "documents_to_sign",
    "documents_visible_to",
    "drafts_in_sight",
    "drafts_that_issue_by_themselves",
    "issuer_of",
    "kind_for",
    "kind_of",
    "kinds",
    "kinds_in_force",
    "lapses_in_quarter",
    "lock_cases_with_due_steps",
    "owed_by",
    "owed_to",
    "quarter_of",
    "rules_for",
    "supervisions_in_quarter",
    "watched_handlings",
]
