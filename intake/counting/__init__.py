"""Figures: measures, roll-ups kept by the database, and the recount they are compared with."""
