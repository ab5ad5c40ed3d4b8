"""What hangs on a person, as each app knows it: asked when somebody leaves and hands everything over.

Filled in `AppConfig.ready()` and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class WorkKind:
    """One kind of work that is somebody's own: `held` lists it in words a colleague knows, `give` passes all of it on.

    `give(leaver, successor, actor)` runs inside the act of handing over and raises RuleViolation for a successor whom
    it cannot be given to.
    """

    name: str
    title: str
    held: Callable[[User], list[str]]
    give: Callable[[User, User, User], None]


work_kinds: list[WorkKind] = []
"""In the order in which they are shown and given."""


unattended: list[Callable[[User], list[str]]] = []
"""What nobody would mind once a person has left, in words: work of organisations in which nobody else may do it."""


def add_unattended(reader: Callable[[User], list[str]]) -> None:
    """Add it, once."""
    if reader not in unattended:
        unattended.append(reader)


def add_work_kinds(*kinds: WorkKind) -> None:
    """Add what is not there yet."""
    known = {kind.name for kind in work_kinds}
    work_kinds.extend(kind for kind in kinds if kind.name not in known)
