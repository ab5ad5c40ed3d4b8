"""Shape of what the pages of intake take in."""

from intake.forms.acts import ActForm, act_form
from intake.forms.entry import EntryInput, ReportForm

__all__ = ["ActForm", "EntryInput", "ReportForm", "act_form"]
