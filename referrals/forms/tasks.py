"""Input of the acts on a task."""

from typing import Any

from django import forms

from intake.forms.acts import text
from zhongzhi.web.forms import StyledForm


class TaskActForm(StyledForm):
    """One text, called as the action calls it."""

    def __init__(self, data: Any = None, *, name: str, label: str) -> None:
        """`name` is the action's argument."""
        super().__init__(data)
        field: forms.Field = text(label)
        field.widget.attrs["class"] = "form-control"
        field.must = True  # type: ignore[attr-defined]
        self.fields[name] = field
