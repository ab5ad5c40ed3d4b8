"""Who keeps what cases are measured by: the calendar, time limits, categories, rules of privacy."""

from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User


def may_keep_calendar(actor: User) -> bool:
    """Import the yearly announcement and set office hours: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_CALENDAR)


def may_keep_time_limits(actor: User) -> bool:
    """Change time limits from a day to come on: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_TIME_LIMITS)


def may_keep_privacy_rules(actor: User) -> bool:
    """Set periods of keeping and the texts of consent: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_PRIVACY_RULES)


def may_keep_categories(actor: User) -> bool:
    """Add, rename, close and open categories: the system administrator."""
    return scope_of(actor).may(Capability.KEEP_CATEGORIES)
