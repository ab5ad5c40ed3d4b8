"""Making a backup of the whole installation, restoring one, and upgrading its tables."""

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
from workbench.operations.actions.upgrading import CannotUpgrade, faults_after, migrate_beside, pending_migrations

__all__ = [
    "CannotRestore",
    "CannotUpgrade",
    "Made",
    "Restored",
    "faults_after",
    "fitting_keys",
    "grant_program",
    "left_under_older_keys",
    "make_backup",
    "migrate_beside",
    "note_restored",
    "pending_migrations",
    "remove_old",
    "restore_backup",
    "rotate_keys",
    "start_anew",
]
