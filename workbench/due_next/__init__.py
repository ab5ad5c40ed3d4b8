"""What a person has to do next, as one list: cases, letters, tasks, sessions, dates of agreements and drafts, each with
why it is there, when it is due and the act that answers it."""

from itertools import chain

from workbench.due_next.cases import lines_of_cases
from workbench.due_next.documents import lines_of_papers_and_tasks
from workbench.due_next.line import Line
from workbench.due_next.mediation import lines_of_mediation
from workbench.due_next.unfinished import lines_of_drafts
from workbench.todo import SHOWN, Section
from zhongzhi.accounts.models import User

__all__ = ["Line", "due_next_for"]


def due_next_for(user: User, sections: list[Section]) -> list[Line]:
    """The first lines of all that waits: an open red 督办单 above all, then what is due first. The statements do not
    grow with what waits."""
    found = chain(
        lines_of_cases(user, sections),
        lines_of_papers_and_tasks(user, shown=SHOWN),
        lines_of_mediation(user),
        lines_of_drafts(user),
    )
    return sorted(found, key=lambda line: line.order)[:SHOWN]
