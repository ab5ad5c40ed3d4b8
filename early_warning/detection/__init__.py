"""What is looked for: of each kind of rule one function from matters (or a day) to what was found, with its signs.

Cases are asked about together, in a fixed number of statements for each rule: a day's changes cost little more than
one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from early_warning.detection.bursts import above_usual
from early_warning.detection.daily import before_holiday, coming_season, unsettled_hazards
from early_warning.detection.danger_words import danger_words, forget_words, found_in, own_texts, words_in_hazards
from early_warning.detection.found import Asked, Found, FoundOf, Sign
from early_warning.detection.respondents import many_against_one
from early_warning.detection.returning import come_back, promise_broken, refused_twice, unreachable
from early_warning.detection.sides import same_sides
from early_warning.models import RuleKind, WarningRule

K = RuleKind
OF_CASES: Mapping[str, Callable[[WarningRule, Sequence[Asked]], FoundOf]] = MappingProxyType({
    K.SAME_SIDES: same_sides,
    K.MANY_AGAINST_ONE: many_against_one,
    K.ABOVE_USUAL: above_usual,
    K.COME_BACK: come_back,
    K.PROMISE_BROKEN: promise_broken,
    K.DANGER_WORDS: danger_words,
    K.REFUSED_TWICE: refused_twice,
    K.UNREACHABLE: unreachable,
})  # fmt: skip
"""Asked of cases that changed."""
OF_HAZARDS: Mapping[str, Callable[[WarningRule, Sequence[Asked]], FoundOf]] = MappingProxyType({
    K.SAME_SIDES: same_sides,
    K.DANGER_WORDS: words_in_hazards,
})  # fmt: skip
"""Asked of hazards that were reported or moved."""
OF_DAYS: Mapping[str, Callable[[WarningRule, date], Iterable[Found]]] = MappingProxyType({
    K.HAZARD_UNSETTLED: unsettled_hazards,
    K.BEFORE_HOLIDAY: before_holiday,
    K.SEASON: coming_season,
})  # fmt: skip
"""Asked once a day."""

__all__ = ["OF_CASES", "OF_DAYS", "OF_HAZARDS", "Asked", "Found", "Sign", "forget_words", "found_in", "own_texts"]
