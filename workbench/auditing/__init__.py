"""The desk of the auditor: the trail, its checks, looks at personal data, alerts on unusual reading."""
