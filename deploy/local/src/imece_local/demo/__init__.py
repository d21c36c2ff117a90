"""A small earthquake played through the public APIs, so that a newcomer sees the board move.

The story is a pure function of its seed; only the clock on the wall and the ids differ between two runs.
"""
