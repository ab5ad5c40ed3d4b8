"""Acts, each in one transaction: tables of calls, hotline orders and petitions, read, checked and registered."""

from intake.imports.actions.batches import (
    cancel_import,
    confirm_import,
    drop_undecided_imports,
    explain_words,
    read_again,
    resume_import,
    start_import,
)
from intake.imports.actions.items import register_items
from intake.imports.actions.passes import work_on_imports
from intake.imports.actions.previews import Preview, preview_of
from intake.imports.actions.reading import CHOICES, forget_word

__all__ = [
    "CHOICES",
    "Preview",
    "cancel_import",
    "confirm_import",
    "drop_undecided_imports",
    "explain_words",
    "forget_word",
    "preview_of",
    "read_again",
    "register_items",
    "resume_import",
    "start_import",
    "work_on_imports",
]
