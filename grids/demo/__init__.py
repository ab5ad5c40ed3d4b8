"""The demo county: 扎鲁特旗 with its real town codes and invented villages, deterministic and idempotent."""

from grids.demo.found import make_found
from grids.demo.organisations import make_organisations
from grids.demo.people import make_accounts
from grids.demo.rosters import make_rosters
from grids.demo.territory import make_territories

__all__ = ["make_accounts", "make_found", "make_organisations", "make_rosters", "make_territories"]
