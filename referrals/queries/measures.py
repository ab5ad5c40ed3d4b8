"""What figures count of supervision: slips that were signed, and those that were answered."""

from django.db.models import Q

from intake.counting.queries import Measure, Source
from referrals.lifecycle import State
from referrals.models import Document, Purpose

SUPERVISED = Q(kind__purpose=Purpose.SUPERVISE, signed_at__isnull=False) & ~Q(status=State.VOID)
ANSWERED = SUPERVISED & Q(answered_at__isnull=False)

SUPERVISIONS = Source(
    Document,
    (
        Measure("supervisions", "督办数", "期内签发的督办单；作废的不计", SUPERVISED, "signed_at", unit="份"),
        Measure(
            "feedbacks",
            "督办反馈数",
            "期内签发的督办单中，已反馈整改情况的；退回重报的不计",
            ANSWERED,
            "signed_at",
            unit="份",
        ),
    ),
    "JOIN referrals_documentkind ON referrals_documentkind.id = {table}.kind_id"
    " LEFT JOIN {cases} counted_case ON counted_case.id = {table}.case_id"
    " LEFT JOIN grids_organisation addressee ON addressee.id = {table}.addressee_id"
    " JOIN grids_territory place ON place.id = coalesce(counted_case.territory_id, addressee.territory_id)",
)  # fmt: skip
"""A slip counts where its case is; one without a case, where the organisation is that it goes to."""
