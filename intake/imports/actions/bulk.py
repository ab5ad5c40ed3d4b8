"""Registering many entries at once, as an import brings them: the same rows as `register_case` writes, in a dozen
statements for all of them."""

from collections.abc import Sequence
from copy import copy
from uuid import uuid4

from django.utils import timezone

from grids.models import Level, Organisation
from grids.queries import county_of
from intake.actions.attention import attend_to_risk
from intake.actions.client_entry import highest_allowed
from intake.actions.entry import CheckedEntry, write_entry
from intake.actions.parties import new_parties
from intake.actions.tiers import TIERS
from intake.bulk_copy import copy_alike, copy_rows
from intake.deadlines.actions.clocks import start_clocks
from intake.deadlines.models import ClockKind
from intake.models import Case, ExternalReference, Tier
from intake.numbering import next_case_codes
from intake.transitions import enter_all
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all


def register_all(entries: Sequence[CheckedEntry], *, actor: User, centre: Organisation, batch: int) -> list[Case]:
    """Register checked entries at a centre within the caller's transaction, in their order.

    Each gets its code, its parties, its outside number, its triage limit and its line in the trail. Nobody is told of
    each: the import tells once when it is done; only high risk is told at once. Raises DayIsFull when the day has no
    serials left, IntegrityError when an outside number was registered meanwhile.
    """
    if not entries:
        return []
    now = timezone.now()
    blank = Case(created_by=actor, centre=centre, holder=centre, registered_at=now)
    cases = [_case(checked, actor, blank) for checked in entries]
    codes = next_case_codes(county_of(centre), timezone.localdate(now), len(cases))
    for case, code in zip(cases, codes, strict=True):
        case.code = code
    enter_all(cases, actor=actor, at=now)
    pairs = list(zip(cases, entries, strict=True))
    copy_rows([party for case, checked in pairs for party in new_parties(case, checked.parties)])
    reference = ExternalReference(system=entries[0].entry.external_system)
    copy_alike(reference, [{"case_id": c.pk, "number": e.entry.external_number} for c, e in pairs])
    start_clocks(cases, ClockKind.TRIAGE, at=now)
    record_all([_line(case, checked, actor, batch) for case, checked in pairs])
    for case in cases:
        attend_to_risk(case, actor=actor)
    return cases


def _case(checked: CheckedEntry, actor: User, blank: Case) -> Case:
    """A case that is not written yet, copied from a blank one: several times quicker than to make each."""
    case, centre = copy(blank), blank.centre
    assert centre is not None
    case.uid = uuid4()
    write_entry(case, checked)
    case.complexity, case.risk = checked.entry.complexity, highest_allowed(checked.entry.risk, actor)
    case.tier = TIERS.get(Level(len(centre.territory.code)), Tier.COUNTY)
    return case


def _line(case: Case, checked: CheckedEntry, actor: User, batch: int) -> AuditEvent:
    facts = {"code": case.code, "channel": case.channel, "parties": len(checked.parties), "import": batch}
    return AuditEvent(actor, Verb.REGISTERED, case, facts)
