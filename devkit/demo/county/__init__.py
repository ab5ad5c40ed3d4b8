"""The demo county: 扎鲁特旗 with its real town codes and invented villages, deterministic and idempotent."""

from devkit.demo.county.found import make_found
from devkit.demo.county.organisations import make_organisations
from devkit.demo.county.people import make_accounts
from devkit.demo.county.rosters import make_rosters
from devkit.demo.county.territory import make_territories

__all__ = ["make_accounts", "make_found", "make_organisations", "make_rosters", "make_territories"]
