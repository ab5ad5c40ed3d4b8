"""Files whose time of keeping may be over: ended for good, and neither held, restricted nor blocked."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from intake.lifecycle import State
from intake.models import Case, Party
from intake.search.queries import restrictions_in_force

ENDED: Final = (State.ARCHIVED, State.CLOSED, State.GUIDED, State.WITHDRAWN, State.MERGED)
END_OF_FILE: Final = Coalesce("closed_at", "concluded_at", "accepted_at", "registered_at")
"""The moment from which a file is kept; each further step of the office moves it on."""
NAMED: Final = (
    ~Q(name="") | Q(paper_sealed__isnull=False) | Q(phone_sealed__isnull=False) | Q(address_sealed__isnull=False)
)


def files_over(moment: datetime) -> QuerySet[Case]:
    """Ended files whose end lies before a moment and that still name somebody."""
    parties = Party.everyone.filter(case=OuterRef("pk"))
    blocked = restrictions_in_force().filter(party__case=OuterRef("pk"))
    return (
        Case.objects.filter(status__in=ENDED, is_restricted=False)
        .alias(ended=END_OF_FILE)
        .filter(Exists(parties.filter(NAMED)), ~Exists(blocked), ended__lt=moment)
    )


def drafts_over(moment: datetime) -> QuerySet[Case]:
    """Drafts that nobody went on with since a moment."""
    return Case.objects.filter(status=State.DRAFT, updated_at__lt=moment)
