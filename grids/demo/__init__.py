"""The demo county: 扎鲁特旗 with its real town codes and invented villages, deterministic and idempotent."""

from grids.demo.organisations import make_organisations
from grids.demo.people import make_accounts
from grids.demo.territory import make_territories

__all__ = ["make_accounts", "make_organisations", "make_territories"]
