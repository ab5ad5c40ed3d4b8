"""Figures for leaders: defined once, read from the counts, shown by page, big screen, report and API alike."""
