"""Acts, each in one transaction: tables of calls, hotline orders and petitions, read, checked and registered."""

from intake.imports.actions.batches import (
    cancel_import,
    confirm_import,
    preview_of,
    register_items,
    resume_import,
    start_import,
    work_on_imports,
)

__all__ = [
    "cancel_import",
    "confirm_import",
    "preview_of",
    "register_items",
    "resume_import",
    "start_import",
    "work_on_imports",
]
