"""Mediations, agreements and obligations of the REST API."""
