"""Kinds of values of a mediation: who mediates, and what each party says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from intake.models import Case, Party, PartyRole, PartySide
from intake.queries.guardians import acting_name
from mediation.models import Mediation, Mediator
from mediation.queries.loads import name_with_load
from mediation.queries.visibility import mediators_in_office
from zhongzhi.web.fields import RowKey, text
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.shapes import ApiField, Kind, Line, RowChoice, YesNo


def principals(case: Case) -> Sequence[Party]:
    """The principals of a case, in its order."""
    return list(case.parties.filter(role=PartyRole.PRINCIPAL).order_by("ordinal", "pk"))


def named(party: Party) -> str:
    """A party with its side."""
    return f"{acting_name(party)}（{party.get_side_display()}）"


def party_choices(case: Case) -> list[tuple[str, str]]:
    """The principals of a case by uid, with their side, then their guardians: those may owe and come in person."""
    guardians = case.parties.filter(role=PartyRole.GUARDIAN).select_related("represents").order_by("ordinal", "pk")
    others = [(str(g.uid), f"{g.shown_name}（{g.represents.shown_name}的监护人）") for g in guardians if g.represents]
    return [*((str(party.uid), named(party)) for party in principals(case)), *others]


def only_sides(case: Case) -> dict[str, str]:
    """Who owes and to whom, by uid, where there is no choice: one respondent, one applicant."""
    found: dict[str, list[str]] = {"creditor": [], "debtor": []}
    for party in principals(case):
        role = {PartySide.APPLICANT: "creditor", PartySide.RESPONDENT: "debtor"}.get(PartySide(party.side))
        if role:
            found[role].append(str(party.uid))
    return {role: uids[0] for role, uids in found.items() if len(uids) == 1}


class MediatorKey(RowKey[Mediator]):
    """A mediator in office, by number."""

    def get_queryset(self) -> QuerySet[Mediator]:
        """As of today."""
        return mediators_in_office()


def _house(mediator: Mediator) -> str:
    return mediator.body.organisation.name


@dataclass(frozen=True, eq=False)
class Mediators(Kind):
    """Who mediates a case: one or two of `rows` on the page, by their bodies; in the API their numbers."""

    rows: Callable[[Case], Iterable[Mediator]]

    def form_fields(self, name: str, subject: Any = None) -> dict[str, forms.Field]:
        """The first, who says by which body it is done, and perhaps a second."""
        first = RowChoice(
            "调解员",
            self.rows,
            reads=name_with_load,
            group=_house,
            empty="请选择",
            help_text="按调解组织列出，近的在前",
        )
        second = RowChoice(
            "第二位调解员", self.rows, reads=name_with_load, group=_house, empty="（无）", required=False
        )
        return {"mediator": first.form_field(subject), "second": second.form_field(subject)}

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """Each once."""
        return {name: [m for m in dict.fromkeys((cleaned["mediator"], cleaned["second"])) if m]}

    def make_serializer_field(self, **options: Any) -> ApiField:
        """At least one."""
        return serializers.ListField(child=MediatorKey(), min_length=1, **options)


class AnswerIn(StrictSerializer[None]):
    party = serializers.UUIDField()
    agreed = serializers.BooleanField()
    how = text(max_length=40, help_text="这一方表态的方式")


@dataclass(frozen=True, eq=False)
class Answers(Kind):
    """Whether each party agrees to be mediated: a question for each on the page."""

    def form_fields(self, name: str, subject: Any = None) -> dict[str, forms.Field]:
        """One question for each principal; a party that has not been asked yet has no answer."""
        parties = principals(subject.case)
        found: dict[str, forms.Field] = {}
        for party in parties:
            found[f"party_{party.pk}"] = YesNo(named(party), required=False).form_field(subject)
            found[f"how_{party.pk}"] = Line("方式（与上面不同时填写）", required=False, longest=40).form_field(subject)
        return found

    def first_values(self, name: str, subject: Mediation) -> dict[str, Any]:
        """What was said before."""
        said = {f"party_{c.party_id}": "yes" if c.agreed else "no" for c in subject.consents.all()}
        return said | {f"how_{c.party_id}": c.how for c in subject.consents.all()}

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Mediation) -> dict[str, Any]:
        """The answers that were given, by uid."""
        said = {str(p.uid): cleaned.get(f"party_{p.pk}") for p in principals(subject.case)}
        hows = {str(p.uid): cleaned.get(f"how_{p.pk}") or "" for p in principals(subject.case)}
        return {name: {uid: agreed for uid, agreed in said.items() if agreed not in (None, "")}, "hows": hows}

    def serializer_field(self) -> ApiField:
        """A list."""
        return AnswerIn(many=True)

    def api_arguments(self, name: str, validated: Mapping[str, Any], subject: Mediation) -> dict[str, Any]:
        """The answers by uid."""
        hows = {str(row["party"]): row.get("how", "") for row in validated[name]}
        return {name: {str(row["party"]): row["agreed"] for row in validated[name]}, "hows": hows}
