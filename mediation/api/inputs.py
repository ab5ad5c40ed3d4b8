"""What an outside system hands in to draft an agreement; the inputs of acts come from their declarations."""

from rest_framework import serializers

from mediation.actions import AgreementDraft, LandDraft, ObligationDraft
from mediation.models import AgreementForm, ObligationKind
from zhongzhi.web.fields import text
from zhongzhi.web.known_names import StrictSerializer


class PartIn(StrictSerializer[None]):
    due_on = serializers.DateField()
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True)


class LandIn(StrictSerializer[None]):
    parcel = text(required=True, max_length=60)
    east = text(required=True, max_length=60)
    south = text(required=True, max_length=60)
    west = text(required=True, max_length=60)
    north = text(required=True, max_length=60)
    area = serializers.DecimalField(8, 2, help_text="亩")


class ObligationIn(StrictSerializer[None]):
    debtor = serializers.UUIDField()
    creditor = serializers.UUIDField()
    kind = serializers.ChoiceField(ObligationKind.choices)
    what = text(required=True, max_length=300)
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True)
    land = LandIn(required=False, allow_null=True, help_text="返还土地的地块、四至和面积")
    parts = PartIn(many=True, help_text="履行期限；分期给付的每期一行，合计等于总额")


class AgreementIn(StrictSerializer[None]):
    form = serializers.ChoiceField(AgreementForm.choices)
    facts = text(required=True)
    terms = text(required=True)
    manner = text(max_length=1000)
    reached_on = serializers.DateField()
    about_status = serializers.BooleanField(default=False)
    obligations = ObligationIn(many=True)

    def draft(self) -> AgreementDraft:
        """As the action takes it."""
        given = dict(self.validated_data)
        drafts = []
        for row in given.pop("obligations"):
            parts = [(part["due_on"], part.get("amount")) for part in row.pop("parts")]
            debtor, creditor = str(row.pop("debtor")), str(row.pop("creditor"))
            land = LandDraft(**(row.pop("land", None) or {}))
            drafts.append(ObligationDraft(debtor=debtor, creditor=creditor, **row, parts=parts, land=land))
        return AgreementDraft(**given, obligations=drafts)
