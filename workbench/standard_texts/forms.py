"""A standard text as it is typed."""

from typing import Any

from django import forms

from intake.queries import organisations_to_share_with
from zhongzhi.accounts.models import User
from zhongzhi.web.forms import StyledForm


class StandardTextForm(StyledForm):
    name = forms.CharField(label="名称", max_length=20, help_text="如：已上门核实")
    text = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea({"rows": 5}))
    shared_with = forms.TypedChoiceField(label="谁用", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, user: User) -> None:
        """`user` may share with the organisations they work for."""
        super().__init__(*args)
        shared = [(str(row.pk), f"{row.short_name}共用") for row in organisations_to_share_with(user)]
        self.fields["shared_with"].choices = [("", "只有自己用"), *shared]  # type: ignore[attr-defined]
