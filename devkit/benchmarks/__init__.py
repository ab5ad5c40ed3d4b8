"""Figures of speed, as ratios within one run: `make bench`, or `python -m benchmarks --cases 1000000`."""
