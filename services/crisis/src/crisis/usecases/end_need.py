"""What every end of a need does: what has not left ends with it, row by row, then the lines say so.

Goods on their way go on: they are counted where they arrive.
"""

from collections.abc import Sequence
from datetime import datetime

from crisis import events
from crisis.domain.closing import ended_with_need
from crisis.domain.needs import Need
from crisis.events import Story
from crisis.store import command_log, need_allocations, needs
from crisis.usecases.end_rows import end_rows
from crisis.usecases.need_step import LockedNeed, tell_lines
from crisis.usecases.need_tasks import settle
from crisis.usecases.tools import Tools
from imece_chassis import outbox
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


async def end_need(
    tx: Transaction,
    locked: LockedNeed,
    after: Need,
    story: Story,
    logged: command_log.Command,
    tools: Tools,
    *,
    appeal_until: datetime | None = None,
) -> Need:
    """Write a closed need; its offer lines, lines and row are locked. One event per row ended, then the
    lines' own."""
    line_ids = sorted(locked.balances)
    givers = await need_allocations.givers(tx, line_ids)
    await needs.update(tx, locked.need, after)
    await settle(tx, after, f"closed: {after.close_reason}", story, tools)
    balances = dict(locked.balances)
    rows = await need_allocations.waiting(tx, line_ids)
    told = await end_rows(tx, rows, ended_with_need, balances, story, tools)
    changed: Sequence[Envelope] = await tell_lines(
        tx, balances, locked.need, after, str(after.close_reason), story
    )
    await command_log.record(tx, [logged])
    if not after.is_private:
        told.insert(0, events.need_closed(after, givers, story, appeal_until=appeal_until))
    await outbox.append(tx, *told, *changed)
    return after
