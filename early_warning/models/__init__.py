"""Rules, words of danger, warnings and what the sweep keeps."""

from early_warning.models.backtest import BacktestRun
from early_warning.models.rule import (
    LEVELS,
    Audience,
    DangerClass,
    DangerWord,
    RuleKind,
    WarningRule,
    rank_of,
)
from early_warning.models.sweeping import DayDone, DueMatter, FeedPosition
from early_warning.models.warning import (
    Evidence,
    LaterLook,
    Response,
    ResponseKind,
    Warning,
    WarningStep,
)

__all__ = [
    "LEVELS",
    "Audience",
    "BacktestRun",
    "DangerClass",
    "DangerWord",
    "DayDone",
    "DueMatter",
    "Evidence",
    "FeedPosition",
    "LaterLook",
    "Response",
    "ResponseKind",
    "RuleKind",
    "Warning",
    "WarningRule",
    "WarningStep",
    "rank_of",
]
