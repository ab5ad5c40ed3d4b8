"""Time limits of a case: the calendar, rules with dates of effect, clocks and their sweeps."""
