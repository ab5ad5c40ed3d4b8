"""Who must join an application for confirmation."""

from intake.models import Party
from intake.queries.groups import representatives_of
from mediation.models import Agreement


def bound_parties(agreement: Agreement) -> list[Party]:
    """The parties that the agreement binds: debtors and creditors, representatives for those on a list; in the case's
    order."""
    bound = set(agreement.obligations.values_list("debtor_id", flat=True))
    bound |= set(agreement.obligations.values_list("creditor_id", flat=True))
    if agreement.obligations.filter(by_list=True).exists():
        bound |= {party.pk for party in representatives_of(agreement.mediation.case)}
    return [party for party in agreement.mediation.case.parties.order_by("ordinal", "pk") if party.pk in bound]
