"""The demo county, layer by layer, and the program that runs it."""
