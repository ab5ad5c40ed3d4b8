"""Input of imports and mergers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from grids.actions.tables import TABLES
from grids.forms.roster import line
from grids.models import Territory
from zhongzhi.web.forms import StyledForm


class ImportForm(StyledForm):
    """A table of one kind."""

    kind = forms.ChoiceField(label="导入什么")
    file = forms.FileField(
        label="表格",
        help_text="XLSX、XLS、ET 或 CSV，最多 10 万行",
        widget=forms.FileInput({"accept": ".xlsx,.xls,.et,.csv"}),
    )

    def __init__(self, *args: Any, kinds: Iterable[str], **options: Any) -> None:
        """Only the kinds of table that the person may import are offered."""
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind, TABLES[kind][0]) for kind in kinds]  # type: ignore[attr-defined]


class MergeForm(StyledForm):
    """Villages of one town, and which of them goes on."""

    sources = forms.MultipleChoiceField(label="撤并的村（社区）", widget=forms.CheckboxSelectMultiple)
    into = forms.ChoiceField(label="并入")
    basis = line("批准依据（文号）", 200, required=True)
    agreed = forms.BooleanField(
        label="已核对批准文件；今天起生效，停用的代码不能再恢复",
        error_messages={"required": "撤并不能撤回，请核对后勾选。"},
    )

    def __init__(self, data: Any = None, *, villages: list[Territory], open_work: Mapping[str, str]) -> None:
        """The villages of the town, with what is open in each."""
        super().__init__(data)
        self.villages = {village.code: village for village in villages}
        choices = [(code, f"{village.name}（{code}）") for code, village in self.villages.items()]
        told = [(code, f"{label}{open_work.get(code, '')}") for code, label in choices]
        self.fields["sources"].choices = told  # type: ignore[attr-defined]
        self.fields["into"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
