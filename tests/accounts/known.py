"""What several tests of identity know."""

PASSWORD = "Shoufa-Banli-2026"
