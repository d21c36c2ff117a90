"""The large demonstration: the eleven provinces of 2023, hundreds of organisations, thousands of need lines.

The story is a pure function of seed and size. It is played as fast as the system answers, and proved at the
end: the board is compared with the ledger line by line, and the ledger's own check is run.
"""
