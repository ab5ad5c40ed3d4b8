"""The input of opening a mediation for a case."""

from typing import Any

from django import forms

from grids.models import OrganisationKind
from grids.queries import organisation_of
from mediation.actions import Opening
from mediation.actions.opening import MODES_OF_BODY
from mediation.forms.base import SubjectForm
from mediation.models import Mode, Origin
from mediation.queries.visibility import courts_in_reach, mediators_in_reach, teams


class OpeningForm(SubjectForm):
    """The subject is the case; the body is the mediator's."""

    mediator = forms.ChoiceField(label="调解员", help_text="按调解组织列出，近的在前")
    second = forms.ChoiceField(label="第二位调解员", required=False)
    mode = forms.ChoiceField(label="调解方式", choices=[("", "按调解组织的类型"), *Mode.choices], required=False)
    origin = forms.ChoiceField(label="来源", choices=Origin.choices)
    entrusted_by = forms.ChoiceField(label="委派（移交）单位", required=False, help_text="法院委派委托、公安移交的必填")
    team: Any = forms.ModelChoiceField(label="联动模式", queryset=None, required=False)

    def prepare(self) -> None:
        """Mediators in reach of the case's centre, grouped by body."""
        rows = list(mediators_in_reach(self.subject.centre))
        self.people = {str(m.pk): m for m in rows}
        groups: dict[str, list[tuple[str, str]]] = {}
        for mediator in rows:
            groups.setdefault(mediator.body.organisation.name, []).append((str(mediator.pk), mediator.name))
        nested: list[Any] = list(groups.items())
        self.fields["mediator"].choices = [("", "请选择"), *nested]  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", "（无）"), *nested]  # type: ignore[attr-defined]
        kinds = (OrganisationKind.COURT, OrganisationKind.POLICE_STATION)
        courts = [(str(o.pk), o.name) for o in courts_in_reach(self.subject.centre, *kinds)]
        self.fields["entrusted_by"].choices = [("", "（无）"), *courts]  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams()  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The opening."""
        given = self.cleaned_data
        first = self.people[given["mediator"]]
        second = self.people.get(given["second"])
        mode = given["mode"] or str(MODES_OF_BODY[first.body.kind][0])
        entrusted = organisation_of(int(given["entrusted_by"])) if given["entrusted_by"] else None
        opening = Opening(
            body=first.body,
            mode=mode,
            origin=given["origin"],
            mediators=[m for m in dict.fromkeys((first, second)) if m],
            entrusted_by=entrusted,
            team=given["team"],
        )
        return {"opening": opening}

    def refuse(self, errors: dict[str, list[str]], message: str = "") -> None:
        """What is wrong with the mediators or the body stands at the mediator."""
        named = {"mediator" if name in ("mediators", "body") else name: said for name, said in errors.items()}
        super().refuse(named, message)
