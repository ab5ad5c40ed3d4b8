"""The input of the agreement editor: facts, terms, and obligations with their parts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from mediation.actions import AgreementDraft, LandDraft, ObligationDraft
from mediation.forms.base import SubjectForm, day, text
from mediation.models import LAND_WORDS, Agreement, AgreementForm, ObligationKind, SessionState
from zhongzhi.core.errors import BadInput

COLUMNS = ("debtor", "creditor", "kind", "what", "amount", *LAND_WORDS, "area")
MOST, MOST_PARTS = 30, 60
STATUS_GROUP = "01"
STATUS_HINT = (
    "离婚、收养、确认亲子等可以调解，但法院不受理司法确认（法释〔2011〕5号第四条）；彩礼、抚养费等财产内容不在此列"
)


class AgreementInput(SubjectForm):
    """The subject is the mediation; what is there already is given as `agreement`."""

    form = forms.ChoiceField(label="协议形式", choices=AgreementForm.choices, widget=forms.RadioSelect)
    facts = text("纠纷主要事实、争议事项", rows=5)
    terms = text("协议内容", rows=6)
    manner = text("履行方式、地点", required=False, rows=2, longest=1000)
    reached_on = day("达成日期")
    about_status = forms.ChoiceField(
        label="是否涉及确认婚姻、收养等身份关系",
        choices=[("no", "不涉及"), ("yes", "涉及")],
        widget=forms.RadioSelect,
        help_text=STATUS_HINT,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, subject: Any, agreement: Agreement | None = None) -> None:
        """First values from the agreement, else from the last session."""
        self.agreement = agreement
        super().__init__(data, subject=subject)

    def prepare(self) -> None:
        """As it stands; a new one begins with what the sessions found."""
        names = ("form", "facts", "terms", "manner", "reached_on", "version")
        if self.agreement is not None:
            self.initial = {name: getattr(self.agreement, name) for name in names}
            self.initial["about_status"] = "yes" if self.agreement.about_status else "no"
            return
        last = self.subject.sessions.exclude(facts="").order_by("-starts_at").first()
        held = self.subject.sessions.filter(status=SessionState.HELD).order_by("-starts_at").first()
        self.initial = {
            "facts": last.facts if last else self.subject.case.narrative,
            "form": "written",
            "reached_on": timezone.localdate(held.starts_at) if held else timezone.localdate(),
        }
        self.fields["terms"].widget.attrs["autofocus"] = True
        category = self.subject.case.category
        if category is None or not category.code.startswith(STATUS_GROUP):
            self.initial["about_status"] = "no"

    def draft(self) -> AgreementDraft:
        """What was typed; BadInput for a day or number that is none."""
        given = dict(self.cleaned_data)
        given.pop("version")
        given["about_status"] = given["about_status"] == "yes"
        return AgreementDraft(**given, obligations=typed_obligations(self.data))


def typed_obligations(data: Mapping[str, str]) -> list[ObligationDraft]:
    """`o-0-debtor`, `o-0-what` …, and of each its parts `o-0-p-0-due_on`, `o-0-p-0-amount`."""
    found = []
    for row in typed_rows(data):
        values = {name: row[name] for name in COLUMNS}
        parts = [(_day(p["due_on"], row["number"]), _sum(p["amount"], row["number"])) for p in row["parts"]]
        amount = _sum(values.pop("amount"), row["number"])
        land = {name: values.pop(name) for name in LAND_WORDS}
        area = _sum(values.pop("area"), row["number"], what="面积", most=10**6)
        if values["kind"] == ObligationKind.MONEY and len(parts) == 1 and parts[0][1] is None:
            parts = [(parts[0][0], amount)]
        found.append(ObligationDraft(**values, amount=amount, parts=parts, land=LandDraft(**land, area=area)))
    return found


def typed_rows(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows that were filled in, as typed, with those parts that hold anything."""
    rows: list[dict[str, Any]] = []
    for at in range(MOST):
        row: dict[str, Any] = {name: data.get(f"o-{at}-{name}", "").strip() for name in COLUMNS}
        if not (row["what"] or row["amount"]):
            continue
        parts = [
            {name: data.get(f"o-{at}-p-{n}-{name}", "").strip() for name in ("due_on", "amount")}
            for n in range(MOST_PARTS)
        ]
        row["parts"] = [p for p in parts if p["due_on"] or p["amount"]]
        row["number"] = len(rows) + 1
        rows.append(row)
    return rows


def rows_of(agreement: Agreement) -> list[dict[str, Any]]:
    """The obligations of an agreement as the editor shows them."""
    return [
        {
            "debtor": str(o.debtor.uid),
            "creditor": str(o.creditor.uid),
            "kind": o.kind,
            "what": o.what,
            "amount": "" if o.amount is None else str(o.amount),
            **{name: getattr(o, name) for name in LAND_WORDS},
            "area": "" if o.area is None else str(o.area),
            "parts": [
                {"due_on": p.due_on.isoformat(), "amount": "" if p.amount is None else str(p.amount)}
                for p in o.instalments.all()
            ],
        }
        for o in agreement.obligations.all()
    ]


def _day(text_: str, number: int) -> date | None:
    try:
        return date.fromisoformat(text_) if text_ else None
    except ValueError:
        raise BadInput(f"第 {number} 项：日期“{text_[:20]}”有误。", field="obligations") from None


def _sum(text_: str, number: int, *, what: str = "金额", most: int = 10**12) -> Decimal | None:
    try:
        value = Decimal(text_) if text_ else None
    except InvalidOperation:
        raise BadInput(f"第 {number} 项：{what}“{text_[:20]}”不是数字。", field="obligations") from None
    if value is not None and (not value.is_finite() or value != round(value, 2) or abs(value) >= most):
        raise BadInput(f"第 {number} 项：{what}最多两位小数。", field="obligations")
    return value
