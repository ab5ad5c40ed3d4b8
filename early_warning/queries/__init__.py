"""Reads of rules, words of danger and warnings."""

from early_warning.queries.judging import Judged, Trial, backtest_runs, judged_since, rule_in_form, trials_of
from early_warning.queries.meetings import cases_warned_of
from early_warning.queries.visibility import (
    Line,
    WarningFile,
    WarningView,
    cases_behind,
    file_of,
    has_warnings,
    hazards_behind,
    live_warnings_on,
    open_warnings,
    ranked,
    views_of,
    warning_visible_to,
    warnings_visible_to,
)
from early_warning.queries.warning_rules import (
    danger_word,
    danger_word_rows,
    rule_history,
    rule_of,
    rule_rows,
    rules_in_force,
)

__all__ = [
    "Judged",
    "Line",
    "Trial",
    "WarningFile",
    "WarningView",
    "backtest_runs",
    "cases_behind",
    "cases_warned_of",
    "danger_word",
    "danger_word_rows",
    "file_of",
    "has_warnings",
    "hazards_behind",
    "judged_since",
    "live_warnings_on",
    "open_warnings",
    "ranked",
    "rule_history",
    "rule_in_form",
    "rule_of",
    "rule_rows",
    "rules_in_force",
    "trials_of",
    "views_of",
    "warning_visible_to",
    "warnings_visible_to",
]
