"""Forms of the pages on which rules of early warning and words of danger are kept."""

from collections.abc import Mapping
from typing import Any

from django import forms

from early_warning.actions import RuleTerms
from early_warning.models import Audience, DangerClass, RuleKind, WarningRule
from grids.models import HazardLevel
from workbench.administration.forms import day_field, tomorrow
from zhongzhi.web.forms import StyledForm


class WarningRuleForm(StyledForm):
    """What a rule of early warning is from a day on."""

    starts_on = day_field("启用日期", initial=tomorrow)
    name = forms.CharField(label="名称", max_length=40)
    what = forms.CharField(label="一句话说明", max_length=200, help_text="每条预警旁都显示，让人看得懂为什么")
    window_days = forms.IntegerField(label="时段（天）", min_value=1, max_value=3650)
    threshold = forms.IntegerField(label="件数", min_value=1, max_value=1000, help_text="达到几件、几人或几次才预警")
    level = forms.ChoiceField(label="等级", choices=HazardLevel.choices)
    audience = forms.ChoiceField(label="告知", choices=Audience.choices)
    categories = forms.CharField(
        label="纠纷类别", max_length=100, required=False, help_text="类别代码或其前两位，用逗号分开；不填为全部"
    )
    season_day = forms.CharField(label="季节日期", max_length=5, required=False, help_text="写成 04-15，或“春节”")
    advice = forms.CharField(label="怎么办", max_length=300, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, rule: WarningRule, tried: Mapping[str, str] | None = None) -> None:
        """As the rule stands, with the numbers of a trial; a day of the season is asked of seasons alone."""
        names = ("name", "what", "window_days", "threshold", "level", "audience", "categories", "season_day", "advice")
        numbers = {name: value for name in ("window_days", "threshold") if (value := (tried or {}).get(name))}
        super().__init__(data, initial={name: getattr(rule, name) for name in names} | numbers)
        if rule.kind != RuleKind.SEASON:
            del self.fields["season_day"]

    def terms(self) -> RuleTerms:
        """As typed."""
        return RuleTerms(**{name: value for name, value in self.cleaned_data.items() if name != "starts_on"})


class TrialForm(StyledForm):
    """The numbers of a rule that are tried on the past."""

    window_days = forms.IntegerField(label="试用时段（天）", min_value=1, max_value=3650)
    threshold = forms.IntegerField(label="试用件数", min_value=1, max_value=1000)

    def __init__(self, data: Any = None, *, rule: WarningRule) -> None:
        """From what is in force."""
        super().__init__(data, initial={"window_days": rule.window_days, "threshold": rule.threshold})


class DangerWordForm(StyledForm):
    """One word more."""

    word = forms.CharField(label="言辞", max_length=20, help_text="两个字以上，如“拿刀”")
    meaning = forms.ChoiceField(label="指向", choices=[("", "请选择"), *DangerClass.choices])
    level = forms.ChoiceField(label="等级", choices=HazardLevel.choices, initial=HazardLevel.ORANGE)
