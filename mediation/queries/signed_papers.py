"""The agreements of a mediation as they were when they came into force."""

from mediation.lifecycle import AgreementState
from mediation.models import Agreement, Mediation
from zhongzhi.printing.models import SignedPaper

CURRENT = ("agreement", "oral")
PREFIX = "signed-"
REPLACED = "已变更"


def signed_papers_of(mediation: Mediation) -> list[tuple[str, Agreement]]:
    """Each agreement that came into force, the newest first, by the key it is printed under."""
    rows = mediation.agreements.filter(paper__isnull=False).select_related("paper__pdf").order_by("-pk")
    return [(f"{PREFIX}{row.pk}", row) for row in rows]


def signed_paper(mediation: Mediation, key: str) -> tuple[SignedPaper, str] | None:
    """The kept paper that a key names, and what marks it now; None where the key names a paper of today's facts."""
    for own, agreement in signed_papers_of(mediation):
        is_replaced = agreement.status == AgreementState.REPLACED
        if agreement.paper and (key == own or (key in CURRENT and not is_replaced)):
            return agreement.paper, REPLACED if is_replaced else ""
    return None
