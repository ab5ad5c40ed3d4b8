"""A row of a table as the entry of a case; what cannot be read is told at its column."""

from intake.entries import APPLICANT, CASE, PARTY, RESPONDENT, CaseEntry, PartyEntry
from intake.imports.models import ImportKind


def entry_of(kind: ImportKind, cells: dict[str, str]) -> tuple[CaseEntry, dict[str, str]]:
    """The entry a row stands for, and by column what could not be read."""
    faults: dict[str, str] = {}
    values = CASE.read_cells(kind, cells, faults)
    entry = CaseEntry(**values, channel=kind.channel, external_system=kind.system, parties=_parties(cells, faults))
    return entry, faults


def _parties(cells: dict[str, str], faults: dict[str, str]) -> tuple[PartyEntry, ...]:
    """Who complained, by name or withheld, and whom it is about where the table says so."""
    first, other = PARTY.read_cells(APPLICANT, cells, faults), PARTY.read_cells(RESPONDENT, cells, faults)
    parties = (PartyEntry(**first, name_withheld="name" not in first),)
    return (*parties, PartyEntry(side=RESPONDENT, **other)) if other else parties
