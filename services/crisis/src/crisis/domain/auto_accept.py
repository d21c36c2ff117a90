"""What is taken without a person: exactly what was asked for, from somebody who closes what they hold."""

from .allocations import Allocation
from .balances import NeedBalance
from .crises import Crisis
from .hoarding import Standing
from .lines import Line
from .states import State


def is_switched_on(crisis: Crisis, line: Line) -> bool:
    """Whether desks of the crisis let exact matches for this group of items through."""
    return line.tamp_group in crisis.settings.auto_accept


def may_be_taken(
    row: Allocation, crisis: Crisis, line: Line, balance: NeedBalance, standing: Standing
) -> bool:
    """Whether a fresh proposal is held at once: no substitute, no condition, verified need, room for it, and
    in the pledger's own words.

    `balance` already counts the proposal as promised, which takes no room.
    """
    return (
        is_switched_on(crisis, line)
        and row.state is State.PROPOSED
        and row.substitute_of is None
        and not row.has_conditions
        and row.behalf is None
        and line.verification >= 1
        and row.qty <= balance.room
        and not standing.is_above(crisis.settings.limits)
    )
