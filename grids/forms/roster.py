"""Input of the pages of rosters: appoint, correct, end, hand over."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.entries import PersonEntry, ServiceEntry
from grids.models import HEADS, Service, ServiceKind, Territory
from grids.queries import beats_at
from zhongzhi.core.masking import mask_phone
from zhongzhi.web.forms import StyledForm

DAY = {"type": "date"}


def line(label: str, limit: int, *, required: bool = False, hint: str = "") -> forms.CharField:
    """A text of one line."""
    widget = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=hint)


def day(label: str) -> forms.DateField:
    """A day, today at first."""
    return forms.DateField(label=label, initial=timezone.localdate, widget=forms.DateInput(DAY, format="%Y-%m-%d"))


class PersonForm(StyledForm):
    """A person of the rosters. Sealed numbers are never sent back: empty means as before."""

    name = line("姓名", 50, required=True)
    phone = line("手机", 40, hint="加密保存，列表中脱敏")
    public_phone = line("公示电话", 30, hint="印在公示牌上，可不填")
    paper_number = line("身份证号", 40, hint="加密保存，可不填")
    username = line("账号用户名", 150, hint="没有账号的不填")

    def person(self) -> PersonEntry:
        """As the actions take it."""
        return PersonEntry(**{name: self.cleaned_data[name] for name in PersonForm.base_fields})


class AppointForm(PersonForm):
    """Who serves this place from now on."""

    kind = forms.ChoiceField(label="担任")
    beat = forms.ChoiceField(label="警格", required=False, help_text="只在任命包片民警时选")
    title = line("职务", 40)
    households = forms.IntegerField(
        label="联系户数", required=False, min_value=0, help_text="楼栋长、单元长、联户长填写"
    )
    households_note = line("联系范围", 200, hint="如：第 1—15 户、3 号楼")
    starts_on = day("任职日期")
    field_order = ["kind", "name"]

    def __init__(self, data: Any = None, *, place: Territory) -> None:
        """The kinds are those that fit the place."""
        super().__init__(data)
        self.place = place
        at_grid = len(place.code) == 15
        of_place = [k for k in ServiceKind if k != ServiceKind.OFFICER and at_grid == (k in OF_GRIDS)]
        kinds = [(k.value, k.label) for k in ServiceKind if k in of_place or k in OF_BOTH]
        beats = beats_at(place)
        if beats and not at_grid:
            kinds.append((ServiceKind.OFFICER.value, ServiceKind.OFFICER.label))
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["beat"].choices = [("", "—"), *((b.pk, f"{b.station.short_name} {b.name}") for b in beats)]  # type: ignore[attr-defined]

    def entry(self) -> ServiceEntry:
        """As the actions take it."""
        values = self.cleaned_data
        officer = values["kind"] == ServiceKind.OFFICER
        return ServiceEntry(
            kind=values["kind"],
            place="" if officer else self.place.code,
            beat=int(values["beat"]) if officer and values["beat"] else None,
            title=values["title"],
            households=values["households"],
            households_note=values["households_note"],
            starts_on=values["starts_on"],
        )


OF_GRIDS = (ServiceKind.GRID_LEADER, ServiceKind.FULL_TIME, ServiceKind.PART_TIME, *HEADS)
OF_BOTH = (ServiceKind.PARTY_LEADER, ServiceKind.VOLUNTEER)


class CorrectForm(PersonForm):
    """What is known of a person and the service."""

    title = line("职务", 40)
    households = forms.IntegerField(label="联系户数", required=False, min_value=0)
    households_note = line("联系范围", 200)

    def __init__(self, data: Any = None, *, service: Service) -> None:
        """With what stands there; sealed numbers as their masked form."""
        person = service.person
        known = {
            "name": person.name,
            "phone": mask_phone(person.phone) if person.phone_sealed else "",
            "public_phone": person.public_phone,
            "username": person.user.username if person.user else "",
            "title": service.title,
            "households": service.households,
            "households_note": service.households_note,
        }
        super().__init__(data, initial=known)
        if service.kind not in HEADS:
            del self.fields["households"], self.fields["households_note"]

    def values(self) -> dict[str, Any]:
        """The service's part, as the action takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in PersonForm.base_fields}


class EndForm(StyledForm):
    ends_on = day("自哪一天起不再任职")
    reason = line("原因", 100)


class HandoverForm(PersonForm):
    """Who takes the grid over."""

    happens_on = day("交接日期")
    note = forms.CharField(label="交接说明", required=False, max_length=500, widget=forms.Textarea({"rows": 3}))


class ClearForm(StyledForm):
    reason = line("导出理由", 200, required=True, hint="写明用途和依据，如：旗公安局平安建设考核，旗政法发〔2026〕12号")


class RevealForm(StyledForm):
    reason = line("查看理由", 200, required=True, hint="理由会留痕")
