"""The entry of a case on the page: what happened, the parties as rows, and the report of the fast track."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory

from intake.entries import CaseEntry, PartyEntry
from intake.forms.acts import text
from intake.forms.autosave import typed_case, typed_report, typed_rows
from intake.forms.pickers import category_field, place_field
from intake.models import (
    Case,
    Channel,
    Complexity,
    Outcome,
    PaperKind,
    PartyKind,
    PartyRole,
    PartySide,
    Risk,
    Road,
    Scale,
)
from intake.queries import party_views
from zhongzhi.core.errors import DomainError, VersionConflict
from zhongzhi.web.forms import StyledForm

MAX_ROWS = 40
BESIDE = [("merge", "并入"), ("repeat", "关联为重复诉求")]
NOT_OF_THE_CASE = ("uid", "version", "earlier", "beside")
MUST = ("narrative", "territory")  # told by the action, marked here
SEALED = ("paper_number", "phone", "address")
OPEN = {"autocomplete": "off"}


def line(label: str, limit: int, **attrs: Any) -> forms.CharField:
    """A text of one line, not compulsory for the form: the action says what is missing."""
    return forms.CharField(label=label, max_length=limit, required=False, widget=forms.TextInput({**OPEN, **attrs}))


class CaseForm(StyledForm):
    """What happened, where, and what is asked for."""

    narrative = text("事情经过", required=False, rows=5)
    territory = place_field(required=False, help_text="输入村、镇、网格名称或区划代码，可用空格分开")
    category = category_field(required=False, help_text="输入名称、拼音首字母或代码；可在受理时再定")
    request = text("诉求", required=False, rows=2)
    title = line("标题", 1000, placeholder="不填则取经过的第一句")
    place_detail = line("详细地点", 1000)
    channel = forms.ChoiceField(label="来源渠道", choices=Channel.choices, initial=Channel.WINDOW)
    occurred_on = forms.DateField(label="发生日期", required=False, widget=forms.DateInput({"type": "date"}))
    amount = forms.DecimalField(label="涉及金额（元）", required=False, max_digits=14, decimal_places=2)
    people_count = forms.IntegerField(label="涉及人数", required=False, min_value=1, max_value=1_000_000)
    scale = forms.ChoiceField(label="规模", choices=Scale.choices, initial=Scale.INDIVIDUAL)
    complexity = forms.ChoiceField(label="难易程度", choices=Complexity.choices, initial=Complexity.SIMPLE)
    risk = forms.ChoiceField(label="风险等级", choices=Risk.choices, initial=Risk.BLUE)
    external_system = line("来源系统", 100, placeholder="如 12345")
    external_number = line("来源编号", 200)
    earlier = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    beside = forms.ChoiceField(widget=forms.HiddenInput, required=False, choices=[("", ""), *BESIDE])
    uid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MUST:
            self.fields[name].must = True  # type: ignore[attr-defined]


if TYPE_CHECKING:
    _Base = BaseFormSet["PartyForm"]
else:
    _Base = BaseFormSet


class PartyForm(StyledForm):
    """One party. An empty sealed field of a known party means: as before."""

    uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    side = forms.ChoiceField(label="当事方", choices=PartySide.choices)
    kind = forms.ChoiceField(label="类型", choices=PartyKind.choices)
    paper_number = line("证件号码", 100, spellcheck="false")
    name = line("姓名或名称", 500)
    name_withheld = forms.BooleanField(label="不愿透露姓名", required=False)
    phone = line("联系电话", 100, inputmode="tel")
    address = line("住址", 1000)
    role = forms.ChoiceField(label="身份", choices=PartyRole.choices)
    represents = forms.TypedChoiceField(label="代表", required=False, coerce=int, empty_value=None, choices=[])
    paper_kind = forms.ChoiceField(label="证件类型", required=False, choices=[("", "自动识别"), *PaperKind.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(n, f"第 {n + 1} 位当事人") for n in range(MAX_ROWS)]
        self.fields["represents"].choices = [("", "请选择"), *rows]  # type: ignore[attr-defined]
        for name, shown in (self.initial.get("masked") or {}).items():
            self.fields[name].widget.attrs["placeholder"] = f"{shown}（不改则留空）" if shown else ""


class Parties(_Base):
    """The rows of parties; rows left empty do not count."""

    def entries(self) -> tuple[list[int], list[PartyEntry]]:
        """Filled rows: their places on the page, and the parties as typed."""
        typed = [(at, _party(form)) for at, form in enumerate(self.forms) if form not in self.deleted_forms]
        filled = [(at, party) for at, party in typed if not party.is_blank]
        places = [at for at, _ in filled]
        return places, [_re_pointed(party, places) for _, party in filled]


PartyRows = cast(
    type[Parties],
    formset_factory(PartyForm, Parties, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS, can_delete=True),
)


class ReportForm(StyledForm):
    """The outcome, for a case that is settled at the window at once."""

    outcome = forms.ChoiceField(label="办理结果", required=False, choices=[("", "请选择"), *Outcome.choices])
    road = forms.ChoiceField(label="引导走哪条法律途径", required=False, choices=[("", "请选择"), *Road.choices])
    note = text("办理情况", required=False, rows=3)


def _numbered(data: Any, uid: UUID) -> Any:
    """The page as sent; one that comes without its number, or with what is none, is given this one."""
    if data is None:
        return None
    try:
        UUID(data.get("uid", ""))
    except ValueError:
        data = data.copy()
        data["uid"] = str(uid)
    return data


class EntryInput:
    """The whole page: case, parties, and the report where the fast track is taken."""

    def __init__(self, data: Any = None, *, case: Case | None = None, typed: Any = None) -> None:
        """An empty page, the page as sent, the page of a draft or case, or the page as it was `typed` and not sent."""
        self.case = case
        first = _values_of(case) if case else {"uid": uuid4()}
        rows = (_rows_of(case) if case else []) or [{"side": PartySide.APPLICANT}, {"side": PartySide.RESPONDENT}]
        if typed is not None:
            masked = {str(row["uid"]): row["masked"] for row in rows if "masked" in row}
            first, rows = {**first, **typed_case(typed)}, typed_rows(typed, masked) or rows
        data = _numbered(data, first["uid"])
        self.form = CaseForm(data, initial=first)
        self.parties = PartyRows(data, initial=rows, prefix="parties")
        self.report = ReportForm(data, initial=typed_report(typed) if typed is not None else None)

    def is_valid(self) -> bool:
        """Whether everything has the shape asked for; the rules are the action's."""
        return all([self.form.is_valid(), self.parties.is_valid(), self.report.is_valid()])

    @property
    def uid(self) -> UUID:
        """The number of this entry, given when the page was opened."""
        found: UUID = self.form.cleaned_data["uid"]
        return found

    @property
    def version(self) -> int | None:
        """The version of the case that was opened."""
        found: int | None = self.form.cleaned_data["version"]
        return found

    @property
    def beside(self) -> dict[str, Any]:
        """The earlier case that it is merged into or linked to; empty for a case of its own."""
        values = self.form.cleaned_data
        if not values["earlier"] or not values["beside"]:
            return {}
        return {"earlier": values["earlier"], "merge": values["beside"] == "merge"}

    def entry(self) -> CaseEntry:
        """The entry as typed."""
        values = {k: v for k, v in self.form.cleaned_data.items() if k not in NOT_OF_THE_CASE}
        self._places, parties = self.parties.entries()
        return CaseEntry(**values, parties=tuple(parties))

    def refuse(self, error: DomainError) -> None:
        """Show each fault at its field: those of parties at their row, those of the outcome at the report.

        After a conflict the newer version is taken up: what was typed stands, and can be sent again.
        """
        rest: dict[str, list[str]] = {}
        for path, sentences in error.errors.items():
            head, *tail = path.split(".")
            if head == "parties" and len(tail) == 2:
                self.parties.forms[self._places[int(tail[0])]].refuse({tail[1]: sentences})
            elif head in self.report.fields:
                self.report.refuse({head: sentences})
            else:
                rest[path] = sentences
        self.form.refuse(rest, "" if error.errors else error.message)
        if isinstance(error, VersionConflict) and self.case is not None:
            self.form.data = {**self.form.data.dict(), "version": self.case.version}  # type: ignore[attr-defined]

    @property
    def has_faults(self) -> bool:
        """Whether anything is shown as wrong."""
        return bool(self.form.errors or self.parties.total_error_count() or self.report.errors)


def _party(form: PartyForm) -> PartyEntry:
    values = {k: v for k, v in form.cleaned_data.items() if k not in ("uid", "DELETE")}
    if not values:
        return PartyEntry()
    uid = form.cleaned_data.get("uid")
    keep = frozenset(name for name in SEALED if uid and not values[name]) | {"ethnic"}
    return PartyEntry(**values, uid=str(uid or ""), keep=keep)


def _re_pointed(party: PartyEntry, places: list[int]) -> PartyEntry:
    """Who an agent stands for, counted without the empty rows; a row that is empty points nowhere (-1)."""
    if party.represents is None or party.role == PartyRole.PRINCIPAL:
        return replace(party, represents=None)
    return replace(party, represents=places.index(party.represents) if party.represents in places else -1)


def _values_of(case: Case) -> dict[str, Any]:
    same = ("narrative", "request", "title", "place_detail", "channel", "occurred_on", "amount", "people_count")
    values = {name: getattr(case, name) for name in (*same, "scale", "complexity", "risk", "uid", "version")}
    external = case.external_references.first()
    return {
        **values,
        "territory": case.territory.code if case.territory else "",
        "category": case.category_id or "",
        "external_system": external.system if external else "",
        "external_number": external.number if external else "",
    }


def _rows_of(case: Case) -> list[dict[str, Any]]:
    shown = party_views(case, names_in_clear=True)
    rows = list(case.parties.all())
    place = {party.pk: at for at, party in enumerate(rows)}
    same = ("uid", "side", "kind", "name", "name_withheld", "role", "paper_kind")
    return [
        {
            **{name: getattr(party, name) for name in same},
            "represents": place.get(party.represents_id or 0),
            "masked": {name: getattr(look, name) for name in SEALED},
        }
        for party, look in zip(rows, shown, strict=True)
    ]
