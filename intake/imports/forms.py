"""Handing in a table of calls or petitions, and saying how it is to be read."""

from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse_lazy

from grids.models import Organisation
from intake.fields import place_label
from intake.imports.actions import CHOICES, Preview
from intake.imports.columns import titles_of
from intake.imports.models import ImportKind, ImportMode
from intake.queries import category_label
from zhongzhi.web.forms import PickerWidget, StyledForm

ACCEPT = ".xlsx,.xls,.et,.csv"


class ImportForm(StyledForm):
    """What it is, for which centre, and the file."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="来源", choices=ImportKind.choices)
    centre = forms.ChoiceField(label="受理中心")
    file = forms.FileField(
        label="表格文件",
        help_text="XLSX、XLS、ET 或 CSV，不超过 20 MB、20 万行；须有编号、发生地、内容三列，叫法可以不同",
        widget=forms.FileInput({"accept": ACCEPT, "data-max-bytes": str(20 * 1024 * 1024)}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, centres: list[Organisation]) -> None:
        """`centres` are those at which the person may import."""
        super().__init__(data, files, initial={"uid": uuid4(), "centre": centres[0].pk if centres else ""})
        self._centres = {str(centre.pk): centre for centre in centres}
        self.fields["centre"].choices = [(pk, centre.name) for pk, centre in self._centres.items()]  # type: ignore[attr-defined]

    @property
    def chosen_centre(self) -> Organisation:
        """The centre that was chosen."""
        return self._centres[self.cleaned_data["centre"]]


class ConfirmForm(StyledForm):
    """All rows or the good ones."""

    mode = forms.ChoiceField(label="导入方式", choices=ImportMode.choices)


class WordsForm(StyledForm):
    """What words of a sender mean: one field for each that nobody knows, empty for those left as they are."""

    def __init__(self, data: Any = None, *, kind: ImportKind, preview: Preview) -> None:
        """Those that stand in most rows first."""
        super().__init__(data)
        self._words = sorted(preview.words, key=lambda word: -word[2])
        titles = titles_of(kind)
        for at, (column, words, rows) in enumerate(self._words):
            field = _field_of(column)
            field.label, field.help_text = f"{titles[column]}“{words[:60]}”", f"{rows} 行"
            self.fields[f"word-{at}"] = field
            self.fields[f"said-{at}"] = forms.CharField(
                widget=forms.HiddenInput, initial=words, required=False, strip=False
            )

    @property
    def said(self) -> list[tuple[str, str, str]]:
        """Column, words and meaning of those that were answered; the words are those that the page showed."""
        values = self.cleaned_data
        return [
            (column, values.get(f"said-{at}", ""), values[f"word-{at}"])
            for at, (column, _, _) in enumerate(self._words)
            if values.get(f"word-{at}")
        ]


def _field_of(column: str) -> forms.Field:
    if column in CHOICES:
        choices = [("", "不登记"), *((text, text) for text in CHOICES[column])]
        return forms.ChoiceField(choices=choices, required=False, widget=forms.Select({"class": "form-select"}))
    if column == "place":
        widget = PickerWidget(reverse_lazy("intake:places"), place_label, {"class": "form-control"})
    else:
        widget = PickerWidget(reverse_lazy("intake:categories"), category_label, {"class": "form-control"})
    return forms.CharField(required=False, max_length=24, widget=widget)
