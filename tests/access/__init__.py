"""Who gets through which door: every route, as every role and as strangers, against a table that says so."""
