"""Pictures of the pages, taken from the demo county by one command: for the handbook, and contact sheets to look at."""
