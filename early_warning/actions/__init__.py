"""Acts on warnings, their rules and words; the sweep that raises them."""

from early_warning.actions.backtesting import backtest_rule
from early_warning.actions.deciding import (
    TURNING,
    confirm_warning,
    dismiss_warning,
    turn_into_case,
    turn_into_item,
    turn_into_letter,
    turn_into_task,
    turn_into_visit,
)
from early_warning.actions.following import note_cases, note_hazards
from early_warning.actions.later_looks import due_looks, look_later
from early_warning.actions.raising import raise_found
from early_warning.actions.seeing import note_look
from early_warning.actions.sweeping import look_at_cases, look_at_changes, look_at_day, look_at_hazards, take_in_changes
from early_warning.actions.trying import try_rule, work_on_trials
from early_warning.actions.warning_rules import (
    RuleTerms,
    add_danger_word,
    change_rule,
    remove_danger_word,
    stop_rule,
    withdraw_rule_change,
)

__all__ = [
    "TURNING",
    "RuleTerms",
    "add_danger_word",
    "backtest_rule",
    "change_rule",
    "confirm_warning",
    "dismiss_warning",
    "due_looks",
    "look_at_cases",
    "look_at_changes",
    "look_at_day",
    "look_at_hazards",
    "look_later",
    "note_cases",
    "note_hazards",
    "note_look",
    "raise_found",
    "remove_danger_word",
    "stop_rule",
    "take_in_changes",
    "try_rule",
    "turn_into_case",
    "turn_into_item",
    "turn_into_letter",
    "turn_into_task",
    "turn_into_visit",
    "withdraw_rule_change",
    "work_on_trials",
]
