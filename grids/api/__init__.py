"""Places and organisations in the REST API."""
