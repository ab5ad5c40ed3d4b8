"""Cases by the numbers that they have where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from grids.models import Organisation
from intake.actions.entry import NumberKnown
from intake.actions.register import register_case
from intake.actions.supplementing import supplement_case
from intake.entries import CaseEntry
from intake.models import Case
from intake.queries import case_by_number
from zhongzhi.accounts.models import User

CORRECTED = "来源系统更正"


@dataclass(frozen=True)
class Sent:
    """What a sender says of one of its cases: the whole entry, those of its values that were sent, and why."""

    entry: CaseEntry
    changes: Mapping[str, Any]
    reason: str = ""


def put_case(
    sent: Sent, *, actor: User, centre: Organisation | None = None, version: int | None = None
) -> tuple[Case, bool]:
    """Register the case of the entry's number, or put what was sent to the case that has it; whether it is new.

    Two at once make one case. Raises what `register_case` and `supplement_case` raise; NumberKnown for a number whose
    case the sender does not see.
    """
    known = case_by_number(actor, sent.entry.external_system, sent.entry.external_number)
    if known is None:
        try:
            with transaction.atomic():
                return register_case(sent.entry, actor=actor, centre=centre), True
        except NumberKnown:
            known = case_by_number(actor, sent.entry.external_system, sent.entry.external_number)
            if known is None:
                raise
    reason = sent.reason or CORRECTED
    put = supplement_case(known, sent.changes, sent.entry.parties, actor=actor, reason=reason, version=version)
    return put, False
