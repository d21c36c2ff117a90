"""Rows that still wait on an offer that ends: each ends for itself, with an event of its own.

The caller holds the locks of the offer's lines, so no row joins or leaves meanwhile; one that moved to
another need line starts the command again.
"""

from collections.abc import Callable, Sequence

from crisis.domain.allocations import Allocation, Step
from crisis.domain.answers import Doing
from crisis.domain.offer_ends import WAITING_ROWS
from crisis.domain.offers import Offer
from crisis.domain.states import State
from crisis.events import Story
from crisis.store import allocations, ledger, lines
from crisis.usecases.end_rows import end_rows
from crisis.usecases.tools import Tools
from imece_chassis.database import Restart, Transaction
from imece_contracts.envelope import Envelope


async def rows_of(tx: Transaction, offer: Offer, states: Sequence[State]) -> list[Allocation]:
    """The offer's rows in these states, by id, as they stand under the locks of its lines."""
    line_ids = [line.offer_line_id for line in offer.lines]
    return await allocations.read_many(tx, await allocations.of_offer_lines(tx, line_ids, states))


async def end_waiting_rows(
    tx: Transaction, offer: Offer, end: Callable[[Allocation, Doing], Step], story: Story, tools: Tools
) -> list[Envelope]:
    """End every proposed, countered and waitlisted row; returns what is to be told, in order."""
    return await end_rows_in(tx, offer, WAITING_ROWS, end, story, tools)


async def end_rows_in(
    tx: Transaction,
    offer: Offer,
    states: Sequence[State],
    end: Callable[[Allocation, Doing], Step],
    story: Story,
    tools: Tools,
) -> list[Envelope]:
    """End every row in these states; returns what is to be told, in order."""
    waiting = await rows_of(tx, offer, states)
    if not waiting:
        return []
    balances = await lines.lock_needs(tx, sorted({row.need_line_id for row in waiting}))
    rows = await allocations.lock_many(tx, [row.allocation_id for row in waiting])
    if any(row.need_line_id not in balances for row in rows.values()):
        raise Restart
    return await end_rows(tx, list(rows.values()), end, balances, story, tools)


async def wake_waiting_rows(tx: Transaction, offer: Offer, story: Story) -> None:
    """Let the lines the offer's rows wait for look at their lists again: its goods can be called now.

    Locks those lines: a look that began before waits, or is over, and cannot swallow the new one.
    """
    waiting = await rows_of(tx, offer, (State.WAITLISTED,))
    if not waiting:
        return
    balances = await lines.lock_needs(tx, sorted({row.need_line_id for row in waiting}))
    await ledger.call_who_waits(tx, balances.values(), story.at)
