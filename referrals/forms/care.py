"""Input of the page of special care."""

from typing import Any

from django import forms
from django.utils import timezone

from intake.forms.acts import text
from referrals.models import CONSENT_MEANS, CareRecord, Danger
from referrals.queries import consents_of
from zhongzhi.web.forms import StyledForm

DIAGNOSIS_HINT = "只能由精神科执业医师作出（精神卫生法第二十九条）；没有新的诊断不填"


def day_field(label: str) -> forms.DateField:
    """A day, today to begin with."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, initial=timezone.localdate)


class LookForm(StyledForm):
    reason = forms.CharField(label="查看理由", max_length=200, help_text="查看人、时间和理由将留痕")


class ConsentForm(StyledForm):
    guardian = forms.CharField(label="监护人姓名", max_length=80)
    relation = forms.CharField(label="与本人关系", max_length=40)
    means = forms.ChoiceField(label="同意方式", choices=CONSENT_MEANS)
    given_on = day_field("同意日期")


class VisitForm(StyledForm):
    visited_on = day_field("随访日期")
    note = text("随访情况")


class AssessmentForm(StyledForm):
    danger = forms.TypedChoiceField(label="危险性评估", choices=Danger.choices, coerce=int)
    diagnosis = text("诊断", required=False, rows=2, help_text=DIAGNOSIS_HINT)
    diagnosed_by = forms.CharField(label="诊断医师及医疗机构", max_length=100, required=False)
    diagnosed_on = forms.DateField(label="诊断日期", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any = None, *, record: CareRecord) -> None:
        """As assessed before."""
        super().__init__(data, initial={"danger": record.danger})


class WithdrawForm(StyledForm):
    """A consent that is in force, and why it is taken back."""

    consent = forms.TypedChoiceField(label="撤回哪份同意")
    reason = forms.CharField(label="撤回理由", max_length=200)

    def __init__(self, data: Any = None, *, record: CareRecord) -> None:
        """Those not taken back yet."""
        super().__init__(data, auto_id="withdraw_%s")
        known = {str(consent.pk): consent for consent in consents_of(record) if consent.withdrawn_at is None}
        field = self.fields["consent"]
        field.choices = [(pk, f"{c.guardian} {c.given_on}") for pk, c in known.items()]  # type: ignore[attr-defined]
        field.coerce = known.get  # type: ignore[attr-defined]
