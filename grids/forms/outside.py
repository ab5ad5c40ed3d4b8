"""Input of the pages of the book of outside organisations."""

from typing import Any

from django import forms

from grids.actions.outside import OutsideFacts
from grids.forms.roster import line
from grids.models import OutsideKind, OutsideOrganisation
from zhongzhi.web.forms import StyledForm


class OutsideForm(StyledForm):
    """How an outside organisation is called and reached."""

    name = line("名称", 80, required=True, hint="全称，告知书和转送函上的称呼")
    kind = forms.ChoiceField(label="类别", choices=OutsideKind.choices)
    address = line("地址", 200, required=True)
    phone = line("电话", 30)

    def __init__(self, data: Any = None, *, row: OutsideOrganisation | None = None) -> None:
        """What stands there already."""
        names = ("name", "kind", "address", "phone")
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row else {})

    def facts(self) -> OutsideFacts:
        """As typed."""
        return OutsideFacts(**self.cleaned_data)
