"""Ending many rows at once, because what they wait for or wait on ends: each with an event of its own."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.alternatives import Alternative
from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.ledger import Entry, need_after
from crisis.events import Story
from crisis.store import allocations, ledger, lines
from crisis.usecases.allocation_step import doing_on
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import cancel
from imece_contracts.envelope import Envelope


async def end_rows(
    tx: Transaction,
    rows: Sequence[Allocation],
    end: Callable[[Allocation, Doing], Step],
    balances: dict[UUID, NeedBalance],
    story: Story,
    tools: Tools,
    *,
    stories: Mapping[UUID, Story] | None = None,
    alternatives: Mapping[UUID, Sequence[Alternative]] | None = None,
) -> list[Envelope]:
    """End rows whose lines are locked, whole, in their order; returns the events, which the caller appends.

    `balances` are those of the lines and move on with every row. The number of statements does not depend on
    how many rows there are. By row, `stories` make it a command of its own and `alternatives` are told to a
    declined pledger.
    """
    if not rows:
        return []
    known = await lines.read(tx, sorted({row.need_line_id for row in rows}))
    ended: list[Allocation] = []
    entries: list[Entry] = []
    stopped: list[UUID] = []
    told: list[Envelope] = []
    for row in rows:
        balance = balances[row.need_line_id]
        own = story if stories is None else stories[row.allocation_id]
        step = end(row, doing_on(balance, own, tools.new_id))
        balance = balances[row.need_line_id] = need_after(balance, step.entries).told()
        ended += step.changed
        entries += step.entries
        stopped += [step.stopped] if step.stopped is not None else []
        elsewhere = None if alternatives is None else alternatives.get(row.allocation_id)
        line = known[row.need_line_id]
        told.append(events.allocation_moved(row, step.changed, line, balance, own, alternatives=elsewhere))
    await cancel(tx, *stopped)
    await allocations.end(tx, ended)
    await ledger.post(tx, entries)
    return told
