"""The input of the session page: who came, the record, the facts, what was measured."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from mediation.actions import Measured, Minutes
from mediation.forms.base import SubjectForm, line, text
from mediation.models import Session, SessionResult
from zhongzhi.core.errors import BadInput

COLUMNS = ("party", "what", "by_ledger", "measured", "unit", "note")
MOST_ROWS = 60


class MinutesForm(SubjectForm):
    """The subject is the session."""

    record = text("调解笔录", required=False, rows=14, longest=20000)
    facts = text("查明的事实", required=False, rows=3)
    result = forms.ChoiceField(
        label="本次结果", choices=SessionResult.choices, widget=forms.RadioSelect, required=False
    )
    result_note = text("结果说明", required=False, rows=2, longest=1000)
    recorder = line("记录人", required=False, longest=40)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """As it stands."""
        names = ("record", "facts", "result", "result_note", "recorder", "version")
        self.initial = {name: getattr(self.subject, name) for name in names}

    def minutes(self) -> Minutes:
        """What was typed; BadInput for a number that is none."""
        given = self.cleaned_data
        came = {a.pk: f"came_{a.pk}" in self.data for a in self.subject.attendees.all()}
        return Minutes(
            record=given["record"],
            facts=given["facts"],
            result=given["result"],
            result_note=given["result_note"],
            recorder=given["recorder"],
            came=came,
            measurements=measured_rows(self.data),
        )


def measured_rows(data: Mapping[str, str]) -> list[Measured]:
    """The rows of measurements that were filled in: `m-0-what`, `m-0-measured` …"""
    rows = []
    for at in range(MOST_ROWS):
        row = {name: data.get(f"m-{at}-{name}", "").strip() for name in COLUMNS}
        if row["what"] or row["measured"]:
            rows.append(
                Measured(
                    what=row["what"],
                    measured=_number(row["measured"], at) or Decimal(),
                    unit=row["unit"],
                    by_ledger=_number(row["by_ledger"], at) if row["by_ledger"] else None,
                    party=row["party"],
                    note=row["note"],
                )
            )
    return rows


def shown_rows(session: Session, data: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The rows as the page shows them: what was typed, or what stands; one empty row at the end."""
    if data is not None:
        typed = [{name: data.get(f"m-{at}-{name}", "") for name in COLUMNS} for at in range(MOST_ROWS)]
        return [*(row for row in typed if row["what"] or row["measured"]), dict.fromkeys(COLUMNS, "")]
    known = [
        {
            "party": str(m.party.uid) if m.party else "",
            "what": m.what,
            "by_ledger": f"{m.by_ledger.normalize():f}" if m.by_ledger is not None else "",
            "measured": f"{m.measured.normalize():f}",
            "unit": m.unit,
            "note": m.note,
        }
        for m in session.measurements.select_related("party")
    ]
    return [*known, dict.fromkeys(COLUMNS, "")]


def _number(text_: str, at: int) -> Decimal | None:
    try:
        return Decimal(text_) if text_ else None
    except InvalidOperation:
        raise BadInput(f"第 {at + 1} 行测量：“{text_[:20]}”不是数字。", field="measurements") from None
