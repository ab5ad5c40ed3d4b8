"""The cases of the REST API."""
