"""Reads of mediation."""
