"""Ledger entries: one per row and step, moving a quantity from the bucket of one state to that of another.

Balances are the fold of entries and nothing else. A cut moves a row to `split` and its children out of it, so
every row's own entries tell its whole life and each line's buckets still add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .balances import ZERO, NeedBalance
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
    return shed(balance)


@dataclass(frozen=True, slots=True)
class TermsChange:
    """By how much what stands beside the buckets changes, in the line's unit; `line_version` tells of it.

    A carried excess is raised by a merge or a correction only, and never widens the room.
    """

    need_line_id: UUID
    is_drill: bool
    line_version: int
    requested: Decimal = ZERO
    over_cap: Decimal = ZERO
    elsewhere: Decimal = ZERO
    carried_excess: Decimal = ZERO

    def and_then(self, later: "TermsChange") -> "TermsChange":
        """Both changes in one."""
        return replace(
            later,
            requested=self.requested + later.requested,
            over_cap=self.over_cap + later.over_cap,
            elsewhere=self.elsewhere + later.elsewhere,
            carried_excess=self.carried_excess + later.carried_excess,
        )


def terms_after(balance: NeedBalance, change: TermsChange) -> NeedBalance:
    """The balance under the changed terms, its version untouched; an excess that left is forgotten."""
    changed = replace(
        balance,
        requested=balance.requested + change.requested,
        over_cap=balance.over_cap + change.over_cap,
        elsewhere=balance.elsewhere + change.elsewhere,
        carried_excess=balance.carried_excess + change.carried_excess,
    )
    return shed(changed)


def shed(balance: NeedBalance) -> NeedBalance:
    """The balance with a carried excess no larger than the surplus it stands for."""
    if not balance.carried_excess:
        return balance
    own = balance.held + balance.in_transit + balance.arrived + balance.good
    excess = max(ZERO, own - balance.requested - balance.over_cap)
    return replace(balance, carried_excess=min(balance.carried_excess, excess))
