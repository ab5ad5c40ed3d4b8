"""What rows of all apps have in common: a step somebody took, a period, triggers. No table of its own stands here."""
