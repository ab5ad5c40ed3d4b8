"""Input of the pages of police beats."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms

from grids.entries import PersonEntry
from grids.forms.roster import PersonForm, day, line
from grids.models import Beat, Organisation, RosterPerson, Territory
from grids.queries import GridChoice, grids_for, people_of_station
from zhongzhi.web.forms import StyledForm


class BeatForm(StyledForm):
    """A beat's name, its grids, and from which day they are so."""

    name = line("警格名称", 60, required=True, hint="如：第1警格")
    from_day = day("自哪一天起")
    takes_over = forms.BooleanField(label="已属别的警格的网格，从原警格划入", required=False)
    grids = forms.MultipleChoiceField(label="网格", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, station: Organisation, beat: Beat | None = None) -> None:
        """The grids are those of the station's place; those of the beat are ticked."""
        self.beat, self.offered = beat, {choice.place.code: choice for choice in grids_for(station, beat)}
        held = [code for code, choice in self.offered.items() if beat is not None and choice.beat == beat]
        super().__init__(data, initial={"name": beat.name if beat else "", "grids": held})
        self.fields["grids"].choices = [(code, c.place.name) for code, c in self.offered.items()]  # type: ignore[attr-defined]

    def places(self) -> list[Territory]:
        """The grids that were ticked."""
        return [self.offered[code].place for code in self.cleaned_data["grids"]]

    def villages(self) -> Iterator[tuple[str, list[tuple[Any, GridChoice]]]]:
        """The boxes village by village, each with the grid and who covers it now."""
        boxes = zip(self["grids"], self.offered.values(), strict=True)
        for _, lines in groupby(boxes, key=lambda line: line[1].place.code[:12]):
            group = list(lines)
            place = group[0][1].place
            yield place.full_name.removesuffix(place.name) or place.full_name, group


class EndBeatForm(StyledForm):
    """From which day a beat is no longer, and why."""

    ends_on = day("自哪一天起停用")
    reason = line("原因", 100)


class OfficerForm(PersonForm):
    """A beat's officer: somebody of the station's rosters, or somebody new."""

    known = forms.ChoiceField(label="民警", required=False)
    starts_on = day("任职日期")
    field_order = ["known", "name"]

    def __init__(self, data: Any = None, *, station: Organisation) -> None:
        """Those who serve or served on the station's beats come first."""
        super().__init__(data)
        self.people = {str(person.uid): person for person in people_of_station(station)}
        lines = [(uid, person.name) for uid, person in self.people.items()]
        self.fields["known"].choices = [("", "新登记（填写下面）"), *lines]  # type: ignore[attr-defined]
        self.fields["name"].required = False
        self.fields["name"].must = False  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Either of the two."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("known") and not values.get("name"):
            self.add_error("name", "请从名册中选一位民警，或填写姓名新登记。")
        return values

    def officer(self) -> RosterPerson | PersonEntry:
        """As the action takes it."""
        return self.people.get(self.cleaned_data["known"]) or self.person()
