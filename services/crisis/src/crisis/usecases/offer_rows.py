"""Rows that still wait on an offer that ends: each ends for itself, with an event of its own.

The caller holds the locks of the offer's lines, so no row joins or leaves meanwhile; one that moved to
another need line starts the command again.
"""

from collections.abc import Callable, Sequence

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.ledger import Entry, need_after
from crisis.domain.offer_ends import WAITING_ROWS
from crisis.domain.offers import Offer
from crisis.domain.states import State, Timer
from crisis.events import Story
from crisis.store import allocations, ledger, lines
from crisis.usecases.tools import Tools
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import Deadline, schedule_once
from imece_contracts.envelope import Envelope


async def rows_of(tx: Transaction, offer: Offer, states: Sequence[State]) -> list[Allocation]:
    """The offer's rows in these states, by id, as they stand under the locks of its lines."""
    line_ids = [line.offer_line_id for line in offer.lines]
    return await allocations.read_many(tx, await allocations.of_offer_lines(tx, line_ids, states))


async def end_waiting_rows(
    tx: Transaction, offer: Offer, end: Callable[[Allocation, Doing], Step], story: Story, tools: Tools
) -> list[Envelope]:
    """End every proposed, countered and waitlisted row; returns what is to be told, in order."""
    waiting = await rows_of(tx, offer, WAITING_ROWS)
    if not waiting:
        return []
    balances = await lines.lock_needs(tx, sorted({row.need_line_id for row in waiting}))
    known = await lines.read(tx, list(balances))
    told: list[Envelope] = []
    entries: list[Entry] = []
    for seen in waiting:
        row = await allocations.read(tx, seen.allocation_id, is_locked=True)
        assert row is not None
        if row.need_line_id not in balances:
            raise Restart
        balance = balances[row.need_line_id]
        step = end(row, _doing(balance, story, tools))
        await _save(tx, step)
        entries += step.entries
        after = need_after(balance, step.entries).told()
        balances[row.need_line_id] = after
        told.append(events.allocation_moved(row, step.rows, known[row.need_line_id], after, story))
    await ledger.post(tx, entries)
    return told


async def wake_waiting_rows(tx: Transaction, offer: Offer, story: Story, tools: Tools) -> None:
    """Let the lines the offer's rows wait for look at their lists again: its goods can be called now."""
    waiting = await rows_of(tx, offer, (State.WAITLISTED,))
    await schedule_once(
        tx,
        *(
            Deadline(tools.new_id(), "need_line", need_line_id, Timer.PROMOTE, story.at)
            for need_line_id in sorted({row.need_line_id for row in waiting})
        ),
    )


async def _save(tx: Transaction, step: Step) -> None:
    await allocations.stop_clock(tx, step.stopped)
    for row in step.changed:
        await allocations.update(tx, row)


def _doing(balance: NeedBalance, story: Story, tools: Tools) -> Doing:
    return Doing(
        command_id=story.command_id,
        actor_org_id=story.actor_org_id,
        actor=story.actor_role,
        now=story.at,
        line_version=balance.version + 1,
        new_id=tools.new_id,
    )
