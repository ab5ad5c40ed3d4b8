"""The pages of the system administrator: no person and no narrative of a case is shown here."""
