"""The ground: territory, organisations, who serves where, and what is found there."""

from grids.models.duty import Shift
from grids.models.former_name import FormerName
from grids.models.hazard import Arrival, Hazard, HazardFile, HazardKind, HazardLevel, HazardSource, HazardStep
from grids.models.impression import Impression, ImpressionKind
from grids.models.organisation import NEVER_HANDLE, Organisation, OrganisationKind, Presence
from grids.models.outside import OutsideKind, OutsideOrganisation
from grids.models.person import ExternalId, RosterPerson, roster_hash, roster_hashes
from grids.models.posting import Posting, PostProposal, Role
from grids.models.service import GRID_WORK, HEADS, Beat, BeatGrid, Handover, Service, ServiceKind, service_pk
from grids.models.table_imports import HandedTable, ImportRow, TableLayout, Verdict
from grids.models.territory import Level, Territory
from grids.models.visit import OutreachEvent, OutreachKind, PlannedVisit, Visit, VisitReason

__all__ = [
    "GRID_WORK",
    "HEADS",
    "NEVER_HANDLE",
    "Arrival",
    "Beat",
    "BeatGrid",
    "ExternalId",
    "FormerName",
    "HandedTable",
    "Handover",
    "Hazard",
    "HazardFile",
    "HazardKind",
    "HazardLevel",
    "HazardSource",
    "HazardStep",
    "ImportRow",
    "Impression",
    "ImpressionKind",
    "Level",
    "Organisation",
    "OrganisationKind",
    "OutreachEvent",
    "OutreachKind",
    "OutsideKind",
    "OutsideOrganisation",
    "PlannedVisit",
    "PostProposal",
    "Posting",
    "Presence",
    "Role",
    "RosterPerson",
    "Service",
    "ServiceKind",
    "Shift",
    "TableLayout",
    "Territory",
    "Verdict",
    "Visit",
    "VisitReason",
    "roster_hash",
    "roster_hashes",
    "service_pk",
]
