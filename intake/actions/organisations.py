"""An organisation ends only when nothing waits for it any more, or somebody takes over."""

from django.db import transaction

from grids.actions.organisations import end_organisation as end_on_the_ground
from grids.models import Organisation
from intake.queries.organisations import open_work_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation


@transaction.atomic
def end_organisation(pk: int, *, actor: User, reason: str, successor: Organisation | None = None) -> Organisation:
    """End an organisation today. Raises RuleViolation while it has open cases and no successor that takes them over."""
    ended = end_on_the_ground(pk, actor=actor, reason=reason, successor=successor)
    if successor is None and (work := open_work_of(ended)):
        raise RuleViolation(f"还有 {work} 件未办结的案件，请选择接替的机构，或先办结、改派。", field="successor")
    return ended
