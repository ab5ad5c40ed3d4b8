"""Input of the pages of bodies, rooms, mediators and team templates."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.models import Organisation, OrganisationKind
from intake.queries.categories import category_names
from mediation.actions import BodyEntry, MediatorEntry
from mediation.forms.base import SubjectForm, boxes, day, line, text
from mediation.models import BodyKind, MediatorKind
from mediation.queries.bodies import NO_BODIES, could_mediate, places_of_bodies
from mediation.queries.visibility import mediators_of_body


class RowForm(SubjectForm):
    """Input on a row that carries its version: who changed it meanwhile is not overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        """What stands there already."""
        names = [name for name in self.fields if hasattr(self.subject, name)]
        self.initial = {name: getattr(self.subject, name) for name in names}


class BodyForm(RowForm):
    kind = forms.ChoiceField(label="类型", choices=BodyKind.choices)
    seal = line("印章全称", longest=80, help_text="盖在协议书上的全称")
    doc_mark = line("文书代字", longest=20, help_text="协议编号用，如 巨日合调；每个组织各用一个")
    introduction = text("简介", required=False, rows=2, longest=1000)

    def entry(self) -> BodyEntry:
        """As the actions take it."""
        return BodyEntry(**{name: self.cleaned_data[name] for name in ("kind", "seal", "doc_mark", "introduction")})

    def arguments(self) -> dict[str, Any]:
        """Of `change_body`."""
        return {"entry": self.entry(), "version": self.cleaned_data["version"]}


class SetUpForm(BodyForm):
    """The subject is the person; the body is an organisation's that is there, or that is registered with it."""

    version = None  # type: ignore[assignment]
    organisation = forms.ChoiceField(label="机构", required=False, help_text="名单里没有的，留空，填写下面三项")
    name = line("新机构名称", required=False, longest=80)
    organisation_kind = forms.ChoiceField(
        label="新机构类别",
        required=False,
        choices=[(k.value, k.label) for k in OrganisationKind if k not in NO_BODIES],
        initial=OrganisationKind.BRANDED_ROOM,
    )
    territory = forms.ChoiceField(label="新机构所在区划", required=False)
    starts_on = day("设立日期")
    field_order = ("organisation", "name", "organisation_kind", "territory", "kind", "seal", "doc_mark")

    def prepare(self) -> None:
        """The organisations within the person's territory that do not mediate yet, by kind."""
        self.known = {str(row.pk): row for row in could_mediate(self.subject)}
        groups: dict[str, list[tuple[str, str]]] = {}
        for pk, row in self.known.items():
            groups.setdefault(row.get_kind_display(), []).append((pk, row.name))
        nested: list[Any] = list(groups.items())
        self.fields["organisation"].choices = [("", "（新登记一个机构）"), *nested]  # type: ignore[attr-defined]
        places = [(place.code, place.full_name) for place in places_of_bodies(self.subject)]
        self.fields["territory"].choices = [("", "请选择"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two ways, whole."""
        given = super().clean() or {}
        if not given.get("organisation"):
            for name, what in (("name", "机构名称"), ("territory", "所在区划")):
                if not given.get(name):
                    self.add_error(name, f"请选择机构，或填写新机构的{what}。")
        return given

    def chosen(self) -> Organisation | None:
        """The organisation of the list; None for a new one."""
        return self.known.get(self.cleaned_data["organisation"])


class EndForm(RowForm):
    """An end with its day and reason."""

    ends_on = day("自哪一天起")
    reason = line("原因", longest=200)

    def prepare(self) -> None:
        """Today, whatever stands there."""
        self.initial = {"version": self.subject.version, "ends_on": timezone.localdate()}


class RoomForm(RowForm):
    name = line("名称", longest=40)
    place = line("位置", required=False, longest=80, help_text="如 镇综治中心一楼")


class NewRoomForm(RoomForm):
    """The subject is the body."""

    version = None  # type: ignore[assignment]

    def prepare(self) -> None:
        """Nothing stands there yet."""


class UseForm(RowForm):
    """Nothing to fill in: out of use, or in use again."""


class MediatorForm(RowForm):
    name = line("姓名", longest=40)
    kind = forms.ChoiceField(label="类别", choices=MediatorKind.choices)
    username = line(
        "账号用户名", required=False, longest=150, help_text="没有账号的留空；有账号的同时任本组织调解员岗位"
    )
    certificate = line("调解员证号", required=False, longest=40)
    qualified_until = day("资格有效期至", required=False, initial=None, help_text="过期后不能再主持新的调解")
    specialities = boxes("擅长类别", required=False)

    def prepare(self) -> None:
        """What stands there, and the groups of disputes."""
        super().prepare()
        self.initial["username"] = self.subject.user.username if self.subject.user else ""
        self._offer_groups()

    def entry(self) -> MediatorEntry:
        """As the actions take it."""
        names = ("name", "kind", "username", "certificate", "qualified_until")
        values = {name: self.cleaned_data[name] for name in names}
        return MediatorEntry(**values, specialities=tuple(self.cleaned_data["specialities"]))

    def arguments(self) -> dict[str, Any]:
        """Of `change_mediator`."""
        return {"entry": self.entry(), "version": self.cleaned_data["version"]}

    def _offer_groups(self) -> None:
        self.fields["specialities"].choices = list(category_names().items())  # type: ignore[attr-defined]


class AppointForm(MediatorForm):
    """The subject is the body."""

    version = None  # type: ignore[assignment]
    starts_on = day("聘任日期")
    field_order = ("name", "kind", "starts_on")

    def prepare(self) -> None:
        """Nobody yet."""
        self._offer_groups()

    def arguments(self) -> dict[str, Any]:
        """Of `appoint_mediator`."""
        return {"entry": self.entry(), "starts_on": self.cleaned_data["starts_on"]}


class EndMediatorForm(EndForm):
    successor = forms.ChoiceField(label="接手的调解员", required=False)

    def prepare(self) -> None:
        """Others of the body; asked for only where something is in hand."""
        super().prepare()
        self.people = {str(m.pk): m for m in mediators_of_body(self.subject.body) if m.pk != self.subject.pk}
        field = self.fields["successor"]
        field.choices = [("", "（无）"), *((pk, m.name) for pk, m in self.people.items())]  # type: ignore[attr-defined]
        count = self.subject.in_hand
        field.help_text = f"在办调解 {count} 件和已安排的会期由其接手" if count else "手上没有在办调解，可不选"

    def arguments(self) -> dict[str, Any]:
        """Of `end_mediator`."""
        given = dict(self.cleaned_data)
        return given | {"successor": self.people.get(given["successor"])}


class TeamForm(RowForm):
    name = line("名称", longest=40, help_text="如 四所一庭一公证")
    members = text("参与方", rows=5, longest=1000, help_text="一行一个")
    use = line("适用", required=False, longest=200)

    def prepare(self) -> None:
        """Members one to a line."""
        super().prepare()
        self.initial["members"] = "\n".join(self.subject.members)

    def arguments(self) -> dict[str, Any]:
        """Of the actions on teams."""
        given = dict(self.cleaned_data)
        return given | {"members": given["members"].splitlines()}


class NewTeamForm(TeamForm):
    version = None  # type: ignore[assignment]

    def prepare(self) -> None:
        """Nothing stands there yet."""
