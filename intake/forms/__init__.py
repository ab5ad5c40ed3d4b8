"""Shape of what the pages of intake take in."""

from intake.forms.entry import EntryInput, ReportForm

__all__ = ["EntryInput", "ReportForm"]
