"""Making a backup of the whole installation, and restoring one."""

from workbench.operations.actions.granting import grant_program
from workbench.operations.actions.making import Made, make_backup, remove_old
from workbench.operations.actions.restoring import (
    CannotRestore,
    Restored,
    fitting_keys,
    note_restored,
    restore_backup,
    start_anew,
)
from workbench.operations.actions.rotating import left_under_older_keys, rotate_keys

__all__ = [
    "CannotRestore",
    "Made",
    "Restored",
    "fitting_keys",
    "grant_program",
    "left_under_older_keys",
    "make_backup",
    "note_restored",
    "remove_old",
    "restore_backup",
    "rotate_keys",
    "start_anew",
]
