"""The entry of a case on the page: what happened, the parties as rows, and the report of the fast track."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory

from grids.models import Organisation
from intake.entries import CASE, PARTY, SETTLEMENT, CaseEntry, PartyEntry
from intake.fields import MAX_ROWS, OtherPlaces
from intake.forms.autosave import typed_case, typed_report, typed_rows
from intake.models import Case, PartySide
from intake.models.party import FOR_THEMSELVES
from intake.models.place import other_places_of
from intake.queries import party_views
from zhongzhi.core.errors import DomainError, VersionConflict
from zhongzhi.web.forms import StyledForm
from zhongzhi.web.shapes import ShapeForm

BESIDE = [("merge", "并入"), ("repeat", "关联为重复诉求")]
SEALED = ("paper_number", "phone", "address")
OTHER_PLACES = cast(OtherPlaces, CASE["other_places"])
FIRST = ("narrative", "territory", "category", "request")
GRADED = ("complexity", "risk", "channel", "is_restricted")
"""Have acts of their own, or none, once the case is registered."""


class CaseForm(ShapeForm):
    """What happened, where, and what is asked for."""

    shape = CASE
    earlier = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    beside = forms.ChoiceField(widget=forms.HiddenInput, required=False, choices=[("", ""), *BESIDE])
    uid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="更正理由", required=False, max_length=500, help_text="改动已登记的内容时必填；补充空缺的可以不填"
    )


class WindowForm(StyledForm):
    """At which centre it came in, asked of who serves at several."""

    centre = forms.ChoiceField(label="在哪个中心登记", required=False)

    def __init__(self, data: Any = None, *, centres: Sequence[Organisation], first: str = "") -> None:
        """Of these centres; `first` is where the person registered last."""
        super().__init__(data, initial={"centre": first})
        self.fields["centre"].choices = [("", "请选择"), *((str(row.pk), row.name) for row in centres)]  # type: ignore[attr-defined]


if TYPE_CHECKING:
    _Base = BaseFormSet["PartyForm"]
else:
    _Base = BaseFormSet


class PartyForm(ShapeForm):
    """One party. An empty sealed field of a known party means: as before."""

    shape = PARTY
    uid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


class ReportForm(ShapeForm):
    """The outcome, for a case that is settled at the window at once."""

    shape = SETTLEMENT


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

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case | None = None,
        typed: Any = None,
        centres: Sequence[Organisation] = (),
        last_centre: int | None = None,
    ) -> None:
        """An empty page, the page as sent, the page of a draft or case, or the page as it was `typed` and not sent.

        Of several `centres` at which the person registers one is chosen, at first where they registered last."""
        self.case, self.centres = case, {str(centre.pk): centre for centre in centres}
        first_centre = typed.get("centre", "") if typed is not None else str(last_centre or "")
        self.window = WindowForm(data, centres=centres, first=first_centre) if len(centres) > 1 else None
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
        judged = [self.form.is_valid(), self.parties.is_valid(), self.report.is_valid()]
        return all([*judged, self.window is None or self.window.is_valid()])

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
    def centre(self) -> Organisation | None:
        """The centre that was chosen, where there is a choice."""
        return self.centres.get(self.window.cleaned_data["centre"]) if self.window else None

    @property
    def reason(self) -> str:
        """Why it is corrected; empty at registration."""
        return str(self.form.cleaned_data["reason"])

    @property
    def beside(self) -> dict[str, Any]:
        """The earlier case that it is merged into or linked to; empty for a case of its own."""
        values = self.form.cleaned_data
        if not values["earlier"] or not values["beside"]:
            return {}
        return {"earlier": values["earlier"], "merge": values["beside"] == "merge"}

    def entry(self) -> CaseEntry:
        """The entry as typed."""
        self._places, parties = self.parties.entries()
        return CaseEntry(**self.form.arguments(), parties=tuple(parties))

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
            elif self.window and head in self.window.fields:
                self.window.refuse({head: sentences})
            else:
                rest[path] = sentences
        self.form.refuse(rest, "" if error.errors else error.message)
        if isinstance(error, VersionConflict) and self.case is not None:
            self.form.data = {**self.form.data.dict(), "version": self.case.version}  # type: ignore[attr-defined]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Those that the page shows at once."""
        return [field for field in self.form.visible_fields() if field.name in FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Those that open on demand; grades and channel only until the case is registered."""
        amending = self.case is not None and self.case.code is not None
        left_out = (*FIRST, "reason", *(GRADED if amending else ()))
        return [field for field in self.form.visible_fields() if field.name not in left_out]

    @property
    def graded_fields(self) -> list[forms.BoundField]:
        """Grades and channel, which go along unseen when a case is amended."""
        return [self.form[name] for name in GRADED]

    @property
    def has_faults(self) -> bool:
        """Whether anything is shown as wrong."""
        asked = self.window.errors if self.window else None
        return bool(self.form.errors or self.parties.total_error_count() or self.report.errors or asked)


def _party(form: PartyForm) -> PartyEntry:
    values = form.arguments()
    if not values:
        return PartyEntry()
    uid = form.cleaned_data.get("uid")
    keep = frozenset(name for name in SEALED if uid and not values[name]) | {"ethnic"}
    return PartyEntry(**values, uid=str(uid or ""), keep=keep)


def _re_pointed(party: PartyEntry, places: list[int]) -> PartyEntry:
    """Who an agent stands for, counted without the empty rows; a row that is empty points nowhere (-1)."""
    if party.represents is None or party.role in FOR_THEMSELVES:
        return replace(party, represents=None)
    return replace(party, represents=places.index(party.represents) if party.represents in places else -1)


def _values_of(case: Case) -> dict[str, Any]:
    names = [name for name in (*CASE, "uid", "version") if hasattr(case, name)]
    external = case.external_references.first()
    return {
        **{name: getattr(case, name) for name in names},
        "territory": case.territory.code if case.territory else "",
        "category": case.category_id or "",
        **OTHER_PLACES.values("other_places", [place.code for place in other_places_of(case)]),
        "external_system": external.system if external else "",
        "external_number": external.number if external else "",
    }


def _rows_of(case: Case) -> list[dict[str, Any]]:
    shown = party_views(case, names_in_clear=True)
    rows = list(case.parties.all())
    place = {party.pk: at for at, party in enumerate(rows)}
    same = [name for name in PARTY if name not in SEALED]
    return [
        {
            **{name: getattr(party, name) for name in ("uid", *same)},
            "represents": place.get(party.represents_id or 0),
            "masked": {name: getattr(look, name) for name in SEALED},
        }
        for party, look in zip(rows, shown, strict=True)
    ]
