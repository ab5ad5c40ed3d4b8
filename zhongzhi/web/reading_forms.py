"""Saying how a table is to be read: which sheet, and which of its columns is which of ours."""

from collections.abc import Sequence
from typing import Any

from django import forms

from zhongzhi.web.forms import StyledForm
from zhongzhi.web.readings import Reading
from zhongzhi.web.sheets import Column


class SheetForm(StyledForm):
    """Which sheet of the book is read."""

    sheet = forms.ChoiceField(label="工作表")

    def __init__(self, data: Any = None, *, read: Reading) -> None:
        """Of the sheets that hold something."""
        super().__init__(data, initial={"sheet": read.sheet})
        self.fields["sheet"].choices = [(name, name) for name in read.sheets]  # type: ignore[attr-defined]


class ColumnsForm(StyledForm):
    """Which column of the sender is which of ours: one list for each of ours, of the titles of the head row."""

    head = forms.IntegerField(min_value=1, max_value=100, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, columns: Sequence[Column], read: Reading) -> None:
        """With the titles as they were found, and under each an example."""
        super().__init__(data, initial={"head": read.head})
        titles = [(str(at), _with_example(read, at)) for at, title in enumerate(read.titles) if title]
        self._ours = [column.name for column in columns]
        for column in columns:
            at = read.places.get(column.name)
            self.fields[column.name] = forms.ChoiceField(
                label=f"{column.title}（必有）" if column.required else column.title,
                choices=[("", "没有这一列"), *titles],
                required=False,
                initial="" if at is None else str(at),
                widget=forms.Select({"class": "form-select"}),
            )

    @property
    def columns(self) -> dict[str, int]:
        """Where each of our columns stands."""
        return {name: int(self.cleaned_data[name]) for name in self._ours if self.cleaned_data.get(name)}


def _with_example(read: Reading, at: int) -> str:
    examples = "、".join(read.samples[at][:2]) if at < len(read.samples) else ""
    return f"{read.titles[at]}（如 {examples[:30]}）" if examples else read.titles[at]
