"""Ledger entries: one per row and step, moving a quantity from the bucket of one state to that of another.

Balances are the fold of entries and nothing else. A cut moves a row to `split` and its children out of it, so
every row's own entries tell its whole life and each line's buckets still add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .balances import NeedBalance
from .states import BUCKETS, State


@dataclass(frozen=True, slots=True)
class Entry:
    """`qty` in need units, `supply_qty` in offer units; `line_version` is the sequence of its event.

    `from_state` is None for a row as first proposed and `split` for one cut from its parent.
    """

    command_id: UUID
    allocation_id: UUID
    root_id: UUID
    need_line_id: UUID
    offer_line_id: UUID
    crisis_id: UUID
    is_drill: bool
    from_state: State | None
    to_state: State
    supply_qty: Decimal
    qty: Decimal
    line_version: int
    at: datetime


def need_after(balance: NeedBalance, entries: Iterable[Entry]) -> NeedBalance:
    """The need line's balance after the entries, its version untouched."""
    for entry in entries:
        left = BUCKETS[entry.from_state][0] if entry.from_state is not None else None
        balance = balance.moved(left, BUCKETS[entry.to_state][0], entry.qty)
    return balance
