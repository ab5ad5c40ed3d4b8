"""Acts, each in one transaction: work of several organisations on one case: joint handling, tasks and meetings."""

from intake.coordination.actions.joint_handling import (
    CoHandler,
    add_co_handlers,
    release_part,
    report_part,
    return_part,
    sign_for_part,
)
from intake.coordination.actions.joint_tasks import (
    add_task,
    complete_task,
    release_task,
)
from intake.coordination.actions.meetings import (
    Decided,
    close_meeting,
    locked_item,
    note_decision,
    open_meeting,
    put_on_agenda,
)
from intake.coordination.actions.task_reminders import (
    notify_due_tasks,
)

__all__ = [
    "CoHandler",
    "Decided",
    "add_co_handlers",
    "add_task",
    "close_meeting",
    "complete_task",
    "locked_item",
    "note_decision",
    "notify_due_tasks",
    "open_meeting",
    "put_on_agenda",
    "release_part",
    "release_task",
    "report_part",
    "return_part",
    "sign_for_part",
]
