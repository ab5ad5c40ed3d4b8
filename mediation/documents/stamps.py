"""What is put on the lines of an agreement in force: the hand of the mediator, the seal of the body."""

from typing import Any

from grids.queries.impressions import hand_stamp, picture_stamp, seal_stamp
from mediation.models import Agreement, Signing, SigningKind
from zhongzhi import office

HAND_WIDTH = 26
"""Millimetres of what was drawn on a screen."""


def stamps_of_agreement(agreement: Agreement) -> list[dict[str, Any]]:
    """Each on its line, in the order in which the paper lists the signatures."""
    rows = agreement.signings.select_related("mediator__user").order_by("pk")
    return [
        stamp for at, signing in enumerate(rows) for stamp in _stamp(agreement, signing, office.signature_place(at))
    ]


def _stamp(agreement: Agreement, signing: Signing, place: str) -> list[dict[str, Any]]:
    if signing.kind == SigningKind.SEAL:
        return seal_stamp(
            agreement.mediation.body.organisation, at=place, where="date", down=office.SEAL_BELOW_SIGNATURES
        )
    if signing.kind == SigningKind.MEDIATOR and signing.mediator is not None:
        return hand_stamp(signing.mediator.user, at=place, where="behind")
    if signing.drawing_id is not None:
        return [picture_stamp(signing.drawing_id, width_mm=HAND_WIDTH, at=place, where="behind")]
    return []
