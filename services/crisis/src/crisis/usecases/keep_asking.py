"""What is asked about a held row goes on about the piece that stays held when the row is cut."""

from crisis.domain.allocations import Allocation, Step
from crisis.domain.states import State
from crisis.events import Story
from crisis.store import allocations, release_requests, tasks
from crisis.usecases.tasks import hand_on
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction


async def keep_asking(tx: Transaction, row: Allocation, step: Step, story: Story, tools: Tools) -> None:
    """Let the request and the tasks about a locked row, and the pauses of its lease, be the kept piece's.

    To be called once the pieces are written; nothing happens where no piece of a held row stays held.
    """
    kept = next((piece for piece in step.added if piece.state is State.HELD), None)
    if row.state is not State.HELD or kept is None:
        return
    assert row.clock is not None and kept.clock is not None
    if kept.clock.due_at == row.clock.due_at:
        await allocations.inherit_pauses(tx, row.clock, kept.clock)
    await release_requests.hand_on(tx, row, kept)
    for task in await tasks.open_of(tx, allocations.SUBJECT, row.allocation_id, None):
        await hand_on(tx, task, kept.allocation_id, story, tools)
