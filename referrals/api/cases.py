"""The acts on a case that are done here, as the API calls them; they answer with the case."""

from intake.api.act_views import ON_CASE, ActView, act_views
from referrals.available_actions import CASE_ACTS


def case_act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act that the API offers."""
    return act_views(CASE_ACTS, ON_CASE)
