"""Shape of what the pages of the ground take in."""
