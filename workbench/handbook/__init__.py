"""The handbook that is read inside the system, opened at the task of the page one stands on."""
