"""The ground: territory, organisations and who serves where."""

from grids.models.organisation import Organisation, OrganisationKind, Presence
from grids.models.posting import Posting, Role
from grids.models.territory import LEVEL_LENGTHS, Level, Territory

__all__ = [
    "LEVEL_LENGTHS",
    "Level",
    "Organisation",
    "OrganisationKind",
    "Posting",
    "Presence",
    "Role",
    "Territory",
]
