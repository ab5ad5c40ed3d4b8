"""Reads of rules, words of danger and warnings."""

from early_warning.queries.warning_rules import (
    danger_word,
    danger_word_rows,
    rule_history,
    rule_of,
    rule_rows,
    rules_in_force,
)

__all__ = ["danger_word", "danger_word_rows", "rule_history", "rule_of", "rule_rows", "rules_in_force"]
