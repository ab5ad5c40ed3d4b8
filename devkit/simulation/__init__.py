"""A county by itself under a simulated clock: real workers and beats, killed at random, a broker that goes away.

Used by `python -m devkit simulate_sweeps` and by the tests of faults; it works on an empty database of its own.
Nothing is imported here: the workers start at `worker`, before the models are there.
"""
