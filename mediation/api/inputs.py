"""What an outside system hands in for mediations, agreements and obligations."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from intake.api.fields import OrganisationKey, text
from intake.models import Road
from mediation.actions import AgreementDraft, ObligationDraft, Opening, Signed
from mediation.models import AgreementForm, EndReason, Mediator, Mode, ObligationKind, Origin, SigningKind
from mediation.queries.visibility import mediators_in_office


@extend_schema_field(OpenApiTypes.INT)
class MediatorKey(serializers.PrimaryKeyRelatedField):
    """A mediator in office, by number."""

    def get_queryset(self) -> QuerySet[Mediator]:
        """As of today."""
        return mediators_in_office()


class OpeningIn(serializers.Serializer[Any]):
    """The body is that of the first mediator."""

    mediators = serializers.ListField(child=MediatorKey(), min_length=1)
    mode = serializers.ChoiceField(Mode.choices)
    origin = serializers.ChoiceField(Origin.choices)
    entrusted_by = OrganisationKey(required=False, allow_null=True, help_text="法院委派委托、公安移交时必填")

    def opening(self) -> Opening:
        """As the action takes it."""
        given = self.validated_data
        return Opening(body=given["mediators"][0].body, **given)


class AnswerIn(serializers.Serializer[Any]):
    party = serializers.UUIDField()
    agreed = serializers.BooleanField()


class ConsentIn(serializers.Serializer[Any]):
    answers = AnswerIn(many=True)
    on = serializers.DateField()
    told_on = serializers.DateField(help_text="告知权利义务的日期")
    how = text()

    def arguments(self) -> dict[str, Any]:
        """As the action takes them."""
        given = dict(self.validated_data)
        given["answers"] = {str(a["party"]): a["agreed"] for a in given["answers"]}
        return given


class FailIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(EndReason.choices)
    note = text(required=True)
    told = serializers.ListField(child=serializers.ChoiceField(Road.choices), min_length=1)
    road = serializers.ChoiceField(Road.choices, required=False, allow_blank=True)


class PartIn(serializers.Serializer[Any]):
    due_on = serializers.DateField()
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True)


class ObligationIn(serializers.Serializer[Any]):
    debtor = serializers.UUIDField()
    creditor = serializers.UUIDField()
    kind = serializers.ChoiceField(ObligationKind.choices)
    what = text(required=True)
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True)
    parts = PartIn(many=True, help_text="履行期限；分期给付的每期一行，合计等于总额")


class AgreementIn(serializers.Serializer[Any]):
    form = serializers.ChoiceField(AgreementForm.choices)
    facts = text(required=True)
    terms = text(required=True)
    manner = text()
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
            drafts.append(ObligationDraft(debtor=debtor, creditor=creditor, **row, parts=parts))
        return AgreementDraft(**given, obligations=drafts)


class SignatureIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(SigningKind.choices)
    party = serializers.UUIDField(required=False, allow_null=True)
    mediator = MediatorKey(required=False, allow_null=True)
    signed_on = serializers.DateField()
    how = text()


class SigningIn(serializers.Serializer[Any]):
    signatures = SignatureIn(many=True)

    def signed(self, parties: dict[str, int]) -> list[Signed]:
        """As the action takes them; `parties` are the case's by uid."""
        rows = []
        for row in self.validated_data["signatures"]:
            mediator = row.get("mediator")
            by = mediator.pk if mediator else parties.get(str(row.get("party")))
            rows.append(Signed(row["kind"], row["signed_on"], by, row.get("how", "")))
        return rows


class PerformIn(serializers.Serializer[Any]):
    on = serializers.DateField()
    note = text(required=True)
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True, help_text="给付金钱的必填")
    is_whole = serializers.BooleanField(default=True, help_text="非金钱的：是否已全部履行")
