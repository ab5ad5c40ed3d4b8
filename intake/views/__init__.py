"""Pages of intake: registering, the list, the acts of a case, its files, and the parts that change in place."""
