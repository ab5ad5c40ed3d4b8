"""What the knowledge base puts on the dossier."""

from intake.models import Case
from intake.queries.knowledge import knowledge_about
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import Panel


def knowledge_panel(user: User, case: Case) -> Panel | None:
    """What belongs to the kind of this case."""
    rows = knowledge_about(case.category_id or "")
    return Panel("knowledge/parts/_panel.html", {"rows": rows}) if rows else None
