"""Whose signatures an agreement still needs."""

from intake.models import Party, PartyRole, PartySide
from intake.queries.guardians import acting_name
from mediation.models import Agreement, SigningKind


def missing_signatures(agreement: Agreement) -> list[tuple[str, int | None, str]]:
    """(kind, number of party or mediator, how they are called): both sides, every mediator, the seal.

    A third party signs when an obligation binds it.
    """
    mediation = agreement.mediation
    given = set(agreement.signings.values_list("kind", "party_id", "mediator_id"))
    bound = set(agreement.obligations.values_list("debtor_id", flat=True))
    bound |= set(agreement.obligations.values_list("creditor_id", flat=True))
    wanted: list[tuple[str, int | None, str]] = []
    for party in mediation.case.parties.filter(role=PartyRole.PRINCIPAL).order_by("ordinal", "pk"):
        if party.side != PartySide.THIRD or party.pk in bound:
            wanted.append((SigningKind.PARTY, party.pk, acting_name(party)))
    wanted += [(SigningKind.MEDIATOR, m.pk, m.name) for m in mediation.mediators.order_by("pk")]
    wanted.append((SigningKind.SEAL, None, mediation.body.seal))
    return [row for row in wanted if _as_given(row) not in given]


def parties_to_sign(agreement: Agreement) -> list[tuple[Party, str]]:
    """The parties whose signature is missing, each with how they are called."""
    names = {pk: name for kind, pk, name in missing_signatures(agreement) if kind == SigningKind.PARTY and pk}
    rows = agreement.mediation.case.parties.filter(pk__in=names).order_by("ordinal", "pk")
    return [(party, names[party.pk]) for party in rows]


def _as_given(row: tuple[str, int | None, str]) -> tuple[str, int | None, int | None]:
    kind, pk, _ = row
    return kind, pk if kind == SigningKind.PARTY else None, pk if kind == SigningKind.MEDIATOR else None
