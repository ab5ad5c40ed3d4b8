"""Tables that an office puts together itself (一表多用): figures, how they are split, what the lines are, of which
place and period. All of them are read from the counters of the board."""
