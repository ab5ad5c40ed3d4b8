"""Mediation in the demo county: who mediates, what was mediated up to now, and what waits for somebody today."""

from devkit.demo.mediations.bodies import make_bodies
from devkit.demo.mediations.make import make_mediations

__all__ = ["make_bodies", "make_mediations"]
