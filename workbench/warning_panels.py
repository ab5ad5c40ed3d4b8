"""What early warning puts on the dossier and on the home page."""

from early_warning.permissions import decides_warnings
from early_warning.queries import live_warnings_on, open_warnings, views_of
from intake.models import Case
from zhongzhi.accounts.models import User
from zhongzhi.web.lists import total_of
from zhongzhi.web.menus import Panel


def warnings_panel(user: User, case: Case) -> Panel | None:
    """The live warnings that stand on this case."""
    found = live_warnings_on(user, case)
    if not found:
        return None
    return Panel("early_warning/parts/_panel.html", {"rows": views_of(user, found)})


def warnings_waiting(user: User) -> int:
    """How many wait for this person to look at them."""
    return total_of(open_warnings(user)).number if decides_warnings(user) else 0
