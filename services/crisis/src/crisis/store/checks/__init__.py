"""Statements that prove the ledger's invariants from its rows alone.

Each returns the rows that break one: none.

They share no code with the posting routine, not even the table of buckets.
"""

from importlib import resources
from itertools import takewhile

NAMES = (
    "i1_cap",
    "i1_cap_at_every_accept",
    "i2_supply",
    "i3_conservation",
    "i4_one_state",
    "i5_need_balances",
    "i5_offer_balances",
    "i6_units",
    "i7_lowering",
    "i8_two_parties",
    "i9_allocations",
    "i9_every_wait",
    "i10_one_effect",
    "i11_pledges_are_not_coverage",
    "i12_merges",
    "i16_server_order",
    "i17_earmarks",
    "bundles",
)


def statement(name: str) -> str:
    """One check: the comment above it is the sentence it proves."""
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def sentence(name: str) -> str:
    """What the check proves, in English."""
    lines = takewhile(lambda line: line.startswith("-- "), statement(name).splitlines())
    return " ".join(line.removeprefix("-- ") for line in lines)
