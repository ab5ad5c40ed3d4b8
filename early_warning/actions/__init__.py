"""Acts on warnings, their rules and words; the sweep that raises them."""

from early_warning.actions.following import note_cases, note_hazards
from early_warning.actions.raising import raise_found
from early_warning.actions.sweeping import look_at_case, look_at_changes, look_at_day, look_at_hazard, take_in_changes
from early_warning.actions.warning_rules import (
    RuleTerms,
    add_danger_word,
    change_rule,
    remove_danger_word,
    stop_rule,
    withdraw_rule_change,
)

__all__ = [
    "RuleTerms",
    "add_danger_word",
    "change_rule",
    "look_at_case",
    "look_at_changes",
    "look_at_day",
    "look_at_hazard",
    "note_cases",
    "note_hazards",
    "raise_found",
    "remove_danger_word",
    "stop_rule",
    "take_in_changes",
    "withdraw_rule_change",
]
