"""Reads of intake: which cases a person sees, which clocks run, what the calendar says."""

from intake.queries.calendar import calendar_warning, forget_calendar, work_calendar
from intake.queries.cases import (
    attachment_visible_to,
    attachments_of,
    case_visible_to,
    cases_for_list,
    cases_in_hand,
    cases_named,
    cases_to_decide,
    cases_to_dispatch,
    cases_to_review,
    cases_to_sign,
    cases_to_triage,
    cases_visible_to,
    draft_of,
    drafts_of,
    earlier_cases,
    only_overdue,
    open_cases_of,
    open_handling,
    with_next_due,
)
from intake.queries.categories import active_leaves, category_label, find_leaf, is_category, search_categories
from intake.queries.changes import Change, Feed, changes_for
from intake.queries.clocks import lock_cases_with_due_clocks, rule_for, running_clocks
from intake.queries.organisations import reachable_organisations
from intake.queries.parties import ShownParty, shown_name, shown_parties
from intake.queries.persons import PersonFacts, PersonTyped, facts_of_person
from intake.queries.rows import Row, applicant_names, listed
from intake.queries.story import Step, story_of

__all__ = [
    "Change",
    "Feed",
    "PersonFacts",
    "PersonTyped",
    "Row",
    "ShownParty",
    "Step",
    "active_leaves",
    "applicant_names",
    "attachment_visible_to",
    "attachments_of",
    "calendar_warning",
    "case_visible_to",
    "cases_for_list",
    "cases_in_hand",
    "cases_named",
    "cases_to_decide",
    "cases_to_dispatch",
    "cases_to_review",
    "cases_to_sign",
    "cases_to_triage",
    "cases_visible_to",
    "category_label",
    "changes_for",
    "draft_of",
    "drafts_of",
    "earlier_cases",
    "facts_of_person",
    "find_leaf",
    "forget_calendar",
    "is_category",
    "listed",
    "lock_cases_with_due_clocks",
    "only_overdue",
    "open_cases_of",
    "open_handling",
    "reachable_organisations",
    "rule_for",
    "running_clocks",
    "search_categories",
    "shown_name",
    "shown_parties",
    "story_of",
    "with_next_due",
    "work_calendar",
]
