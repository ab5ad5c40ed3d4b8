"""Work of several organisations on one case: joint handling, tasks and meetings."""
