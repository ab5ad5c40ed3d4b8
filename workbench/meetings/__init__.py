"""The daily coordination meeting as pages: the agenda, decisions that act at once, the minutes."""
