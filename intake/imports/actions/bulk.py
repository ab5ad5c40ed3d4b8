"""Registering many entries at once, as an import brings them: the same rows as `register_case` writes, in a dozen
statements for all of them.

What does not need the database is made ready before (`ready_entry`), by another thread while the piece before is
written.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

from django.utils import timezone

from grids.models import Organisation
from grids.queries import county_of
from intake.actions.attention import HIGH
from intake.actions.client_entry import highest_allowed
from intake.actions.entry import AS_TYPED, CheckedEntry, title_of
from intake.actions.parties import new_parties
from intake.actions.tiers import follow_risk, tier_of
from intake.bulk_copy import alike, copy_alike, copy_texts, line_of
from intake.deadlines.actions.clocks import start_clocks
from intake.deadlines.models import ClockKind
from intake.models import Case, ExternalReference, Party, Risk
from intake.numbering import next_case_codes
from intake.transitions import enter_all
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_first_all

CASE_COLUMNS = ("uid", *AS_TYPED, "title", "category_id", "territory_id", "complexity", "risk")
"""In which one case of a batch may differ from another, beside key and code."""
PARTY_COLUMNS = tuple(f.attname for f in Party._meta.concrete_fields if f.attname not in ("id", "case_id"))
Risks = Mapping[str, str]


class Ready(NamedTuple):
    """An entry as it is written: the texts of the row of its case and of its parties, and what is asked of it."""

    number: str
    system: str
    channel: str
    complexity: str
    risk: str
    case: str
    parties: list[str]


def risks_for(actor: User) -> Risks:
    """With which risk a row of each is taken from who hands it in."""
    return {risk: highest_allowed(risk, actor) for risk in Risk.values}


def ready_entry(checked: CheckedEntry, risks: Risks) -> Ready:
    """Make an entry ready; asks nothing of the database."""
    entry = checked.entry
    assert checked.territory is not None
    category = checked.category.pk if checked.category else None
    values: list[Any] = [uuid4(), *(getattr(entry, name) for name in AS_TYPED)]
    values += [title_of(checked), category, checked.territory.pk, entry.complexity, risks[entry.risk]]
    parties = [line_of([getattr(row, name) for name in PARTY_COLUMNS]) for row in new_parties(checked.parties)]
    told = (entry.external_number, entry.external_system, entry.channel, entry.complexity, risks[entry.risk])
    return Ready(*told, line_of(values), parties)


def register_all(entries: Sequence[Ready], *, actor: User, centre: Organisation, batch: int) -> list[Case]:
    """Register entries that were made ready at a centre within the caller's transaction, in their order.

    Each gets its parties, its outside number, its triage limit, its code and its line in the trail; the code late, for
    the day's counter is held until the transaction ends, and everybody who registers waits for it. Nobody is told of
    each: the import tells once when it is done; only high risk is told at once. The cases carry what is told of them,
    not all columns. Raises DayIsFull when the day has no serials left, IntegrityError when an outside number was
    registered meanwhile.
    """
    if not entries:
        return []
    now = timezone.now()
    pattern = Case(created_by=actor, centre=centre, holder=centre, registered_at=now, tier=tier_of(centre))
    cases = [_case(entry, pattern) for entry in entries]
    enter_all(cases, pattern, actor=actor, at=now)
    pairs = list(zip(cases, entries, strict=True))
    parties = [f"{case.pk}\t{party}" for case, entry in pairs for party in entry.parties]
    copy_texts(Party(), ("case_id", *PARTY_COLUMNS), parties)
    reference = ExternalReference(system=entries[0].system)
    copy_alike(reference, [{"case_id": case.pk, "number": entry.number} for case, entry in pairs])
    start_clocks(cases, ClockKind.TRIAGE, at=now)
    codes = next_case_codes(county_of(centre), timezone.localdate(now), len(cases))
    for case, code in zip(cases, codes, strict=True):
        case.code = code
    copy_texts(
        pattern, ("id", "code", *CASE_COLUMNS), [f"{case.pk}\t{case.code}\t{entry.case}" for case, entry in pairs]
    )
    record_first_all([_line(case, entry, actor, batch) for case, entry in pairs])
    _attend([case.pk for case in cases if case.risk in HIGH], actor)
    return cases


def _case(entry: Ready, pattern: Case) -> Case:
    case = alike(pattern)
    case.channel, case.complexity, case.risk = entry.channel, entry.complexity, entry.risk
    return case


def _attend(keys: list[int], actor: User) -> None:
    """Let what high risk asks for follow, case by case."""
    found = Case.objects.select_related("centre__territory", "holder", "territory", "category").in_bulk(keys)
    for key in keys:
        follow_risk(found[key], actor=actor)


def _line(case: Case, entry: Ready, actor: User, batch: int) -> AuditEvent:
    facts = {"code": case.code, "channel": case.channel, "parties": len(entry.parties), "import": batch}
    return AuditEvent(actor, Verb.REGISTERED, case, facts)
