"""Cases of the demo county: two years of invented disputes up to today, the same for the same day, made once."""

from devkit.demo.cases.make import make_cases

__all__ = ["make_cases"]
