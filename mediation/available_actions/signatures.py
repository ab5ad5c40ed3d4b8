"""Signatures under an agreement as they are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from rest_framework import serializers

from mediation.actions import Signed
from mediation.fields import MediatorKey
from mediation.models import Agreement, SigningKind
from mediation.queries.signatures import missing_signatures
from zhongzhi.web.fields import text
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.shapes import ApiField, Day, Kind, Line, today


class SignatureIn(StrictSerializer[None]):
    kind = serializers.ChoiceField(SigningKind.choices)
    party = serializers.UUIDField(required=False, allow_null=True)
    mediator = MediatorKey(required=False, allow_null=True)
    signed_on = serializers.DateField()
    how = text()


SIGNERS = {"party": "当事人", "mediator": "调解员", "seal": "盖章"}
SIGNED_ON = Day("签署日期", first=today)
HOW = Line("方式", required=False, longest=40, help_text="默认签名、盖章；按指印或由监护人、代理人代签的请写明")


@dataclass(frozen=True, eq=False)
class Signatures(Kind):
    """Signatures under an agreement: on the page those of one day, in the API each with its own."""

    def form_fields(self, name: str, subject: Any = None) -> dict[str, forms.Field]:
        """Boxes for those that are missing, the day, the way."""
        rows = [(value, f"{SIGNERS[value.partition(':')[0]]} {who}") for value, who in _missing(subject)]
        boxes = forms.MultipleChoiceField(label=self.label, choices=rows, widget=forms.CheckboxSelectMultiple)
        return {name: boxes, "signed_on": SIGNED_ON.form_field(subject), "how": HOW.form_field(subject)}

    def first_values(self, name: str, subject: Agreement) -> dict[str, Any]:
        """All that are missing, today."""
        return {name: [value for value, _ in _missing(subject)], **SIGNED_ON.first_values("signed_on", subject)}

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Agreement) -> dict[str, Any]:
        """One signature for each box."""
        pairs = [value.split(":") for value in cleaned[name]]
        day, how = cleaned["signed_on"], cleaned["how"]
        return {name: [Signed(kind, day, int(pk) if pk else None, how) for kind, pk in pairs]}

    def serializer_field(self) -> ApiField:
        """A list."""
        return SignatureIn(many=True)

    def api_arguments(self, name: str, validated: Mapping[str, Any], subject: Agreement) -> dict[str, Any]:
        """Parties by uid, mediators by number."""
        parties = {str(p.uid): p.pk for p in subject.mediation.case.parties.all()}
        rows = []
        for row in validated[name]:
            mediator = row.get("mediator")
            by = mediator.pk if mediator else parties.get(str(row.get("party")))
            rows.append(Signed(row["kind"], row["signed_on"], by, row.get("how", "")))
        return {name: rows}


def _missing(agreement: Agreement) -> list[tuple[str, str]]:
    return [(f"{kind}:{pk or ''}", who) for kind, pk, who in missing_signatures(agreement)]
