"""What the hall puts on the dossier: the receipt, and what citizens said of the handling."""

from django.urls import reverse

from intake.lifecycle import INACTIVE_STATES, State
from intake.models import Case
from intake.permissions import may_issue_receipt
from intake.public import queries as public_queries
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem, Panel

RANK = 205


def receipt_offer(user: User, case: Case) -> list[MenuItem]:
    """Print the receipt, for the window; while the case is open, or was closed and may be rated."""
    resting = case.status in INACTIVE_STATES and case.status != State.CLOSED
    if resting or not may_issue_receipt(user, case):
        return []
    return [MenuItem("打印受理告知", "printer", reverse("intake:choose_receipt", args=[case.code]), RANK)]


def ratings_panel(user: User, case: Case) -> Panel | None:
    """Ratings by query code, the latest first."""
    ratings = list(public_queries.ratings_of(case))
    return Panel("intake/parts/_ratings.html", {"ratings": ratings}) if ratings else None
