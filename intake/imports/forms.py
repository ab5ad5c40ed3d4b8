"""Handing in a table of calls or petitions."""

from typing import Any
from uuid import uuid4

from django import forms

from grids.models import Organisation
from intake.imports.models import ImportKind, ImportMode
from zhongzhi.web.forms import StyledForm

ACCEPT = ".xlsx,.csv"


class ImportForm(StyledForm):
    """What it is, for which centre, and the file."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="来源", choices=ImportKind.choices)
    centre = forms.ChoiceField(label="受理中心")
    file = forms.FileField(
        label="表格文件",
        help_text="XLSX 或 CSV，不超过 20 MB、20 万行；须有编号、发生地、内容三列",
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
