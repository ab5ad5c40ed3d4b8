"""Finding cases by code, name, number and words."""
