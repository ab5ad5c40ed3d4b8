"""How mediations, agreements and obligations read in the API: codes with labels, names as the reader may see them."""

from typing import Any, TypeVar

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from intake.api.fields import OrganisationBrief, label
from intake.models import Case, Party
from intake.permissions import may_see_personal
from intake.queries import shown_name
from intake.queries.veiling import hidden_from, masked_deep
from mediation.available_actions import available_acts
from mediation.models import Agreement, Consent, Instalment, Mediation, Obligation, Session
from mediation.queries.file import file_lines


class PartyBrief(serializers.Serializer[Party]):
    """A party by uid; the name masked unless the reader handles the case."""

    uid = serializers.UUIDField()
    side = serializers.CharField()
    side_label = label("side")
    name = serializers.SerializerMethodField()

    def get_name(self, party: Party) -> str:
        """As this reader may see it."""
        return shown_name(party, in_clear=self.context["in_clear"])


class ConsentOut(serializers.Serializer[Consent]):
    party = PartyBrief()
    agreed = serializers.BooleanField()
    on = serializers.DateField()
    how = serializers.CharField()


class SessionOut(serializers.Serializer[Session]):
    uid = serializers.UUIDField()
    kind = serializers.CharField()
    kind_label = label("kind")
    status = serializers.CharField()
    status_label = label("status")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    where = serializers.CharField()
    result = serializers.CharField()
    result_label = label("result")


class MediationRow(serializers.Serializer[Mediation]):
    """A mediation in a list."""

    uid = serializers.UUIDField()
    case = serializers.CharField(source="case.code", help_text="案件编号")
    mode = serializers.CharField()
    mode_label = label("mode")
    origin = serializers.CharField()
    origin_label = label("origin")
    status = serializers.CharField()
    status_label = label("status")
    body = OrganisationBrief(source="body.organisation")
    mediators = serializers.SerializerMethodField()
    opened_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, default=None, help_text="调解期限；已结束的为空")
    end_reason = serializers.CharField()
    end_reason_label = label("end_reason")
    road = serializers.CharField(help_text="未达成协议时采取的途径")
    road_label = label("road")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_mediators(self, mediation: Mediation) -> list[str]:
        """Their names."""
        return [m.name for m in mediation.mediators.all()]


class InstalmentOut(serializers.Serializer[Instalment]):
    """One date of an obligation."""

    uid = serializers.UUIDField()
    ordinal = serializers.IntegerField()
    due_on = serializers.DateField()
    amount = serializers.DecimalField(14, 2, allow_null=True)
    performed_on = serializers.DateField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class LandOut(serializers.Serializer[Obligation]):
    """The parcel that is given back: its four bounds, its area in mu."""

    parcel = serializers.CharField()
    east = serializers.CharField()
    south = serializers.CharField()
    west = serializers.CharField()
    north = serializers.CharField()
    area = serializers.DecimalField(8, 2, help_text="亩")


class ObligationOut(serializers.Serializer[Obligation]):
    """Who owes whom what, with its dates."""

    uid = serializers.UUIDField()
    ordinal = serializers.IntegerField()
    debtor = PartyBrief()
    creditor = PartyBrief()
    kind = serializers.CharField()
    kind_label = label("kind")
    what = serializers.CharField()
    amount = serializers.DecimalField(14, 2, allow_null=True)
    land = serializers.SerializerMethodField()
    instalments = InstalmentOut(many=True)

    @extend_schema_field(LandOut(allow_null=True))
    def get_land(self, row: Obligation) -> Any:
        """The parcel, where there is one."""
        return LandOut(row).data if row.parcel else None


Row = TypeVar("Row", bound=Model)


class WithNames(serializers.Serializer[Row]):
    """A serializer whose parties are shown as the reader may see them; `case_of` names the case."""

    def case_of(self, row: Row) -> Case:
        """The case of a row."""
        raise NotImplementedError

    def to_representation(self, instance: Any) -> Any:
        """Decide once a row whether names are in the clear."""
        context: dict[str, Any] = self.context  # type: ignore[assignment]
        user, case = self.context["request"].user, self.case_of(instance)
        context["in_clear"] = may_see_personal(user, case)
        return masked_deep(super().to_representation(instance), hidden_from(user, case))


class AgreementOut(WithNames[Agreement]):
    """An agreement with its obligations."""

    uid = serializers.UUIDField()
    case = serializers.CharField(source="mediation.case.code")
    mediation = serializers.UUIDField(source="mediation.uid")
    form = serializers.CharField()
    form_label = label("form")
    number = serializers.CharField(allow_null=True)
    status = serializers.CharField()
    status_label = label("status")
    terms = serializers.CharField()
    about_status = serializers.BooleanField(help_text="涉及身份关系，不能司法确认")
    reached_on = serializers.DateField()
    in_force_on = serializers.DateField(allow_null=True)
    confirm_by = serializers.DateField(allow_null=True, help_text="申请司法确认的最后一日")
    confirmed = serializers.BooleanField()
    road = serializers.CharField()
    road_label = label("road")
    obligations = ObligationOut(many=True)

    def case_of(self, row: Agreement) -> Case:
        """Of its mediation."""
        return row.mediation.case

    def to_representation(self, instance: Agreement) -> Any:
        """The terms for who sees the case in full only."""
        shown = super().to_representation(instance)
        return shown if self.context["in_clear"] else {**shown, "terms": ""}


class ObligationRow(WithNames[Instalment]):
    """One date of an obligation in a list, with what is owed."""

    uid = serializers.UUIDField()
    case = serializers.CharField(source="obligation.agreement.mediation.case.code")
    agreement = serializers.UUIDField(source="obligation.agreement.uid")
    debtor = PartyBrief(source="obligation.debtor")
    creditor = PartyBrief(source="obligation.creditor")
    kind = serializers.CharField(source="obligation.kind")
    what = serializers.CharField(source="obligation.what")
    ordinal = serializers.IntegerField()
    due_on = serializers.DateField()
    amount = serializers.DecimalField(14, 2, allow_null=True)
    performed_on = serializers.DateField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)

    def case_of(self, row: Instalment) -> Case:
        """Of its agreement's mediation."""
        return row.obligation.agreement.mediation.case


class MediationOut(WithNames[Mediation], MediationRow):
    """A mediation, whole."""

    consents = serializers.SerializerMethodField()
    sessions = SessionOut(many=True)
    agreements = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="归档还缺的文书")
    acts = serializers.SerializerMethodField(help_text="现在可以办理的事项")

    def case_of(self, row: Mediation) -> Case:
        """Its own."""
        return row.case

    @extend_schema_field(ConsentOut(many=True))
    def get_consents(self, mediation: Mediation) -> Any:
        """What the parties said."""
        rows: Any = mediation.consents.select_related("party")
        return ConsentOut(rows, many=True, context=self.context).data

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_agreements(self, mediation: Mediation) -> list[str]:
        """Their uids, the latest first."""
        return [str(uid) for uid in mediation.agreements.values_list("uid", flat=True)]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_missing(self, mediation: Mediation) -> list[str]:
        """By name."""
        return [line.rule.name for line in file_lines(mediation) if line.is_missing]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_acts(self, mediation: Mediation) -> list[str]:
        """By name."""
        return [act.name for act in available_acts(self.context["request"].user, mediation)]
