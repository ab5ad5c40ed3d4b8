"""Acts, each in one transaction: tables of calls, hotline orders and petitions, read, checked and registered."""

from intake.imports.actions.batches import (
    cancel_import,
    confirm_import,
    preview_of,
    resume_import,
    start_import,
    work_on_imports,
)
from intake.imports.actions.items import register_items

__all__ = [
    "cancel_import",
    "confirm_import",
    "preview_of",
    "register_items",
    "resume_import",
    "start_import",
    "work_on_imports",
]
