"""NotReached: nobody could be reached for one further period, so the desk decides instead of the clock.

The row or request goes on waiting, and the desk is asked again after every period until somebody decides.
Where the desk is whom nobody reached, or promised the goods or wrote that down, the officer of the
secretariat is asked.
"""

from datetime import timedelta
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.clocks import Silence
from crisis.domain.lines import Line
from crisis.domain.release_requests import RequestState
from crisis.domain.tasks import Post, Seat, TaskKind
from crisis.events import Story
from crisis.store import allocations, desks, release_requests
from crisis.usecases.allocation_step import Locked, lock
from crisis.usecases.allocation_tasks import ask
from crisis.usecases.authority import SYSTEM
from crisis.usecases.follow_notice import SILENCES, further_period
from crisis.usecases.orders import is_pointless
from crisis.usecases.tools import Tools
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import hand_over


async def not_reached(tx: Transaction, deadline_id: UUID, allocation_id: UUID, tools: Tools) -> bool:
    """Whether the clock stood still and its pause is used up; then the desk has a task."""
    row = await allocations.read(tx, allocation_id)
    if row is None:
        return False
    locked = await lock(tx, row)
    clock = locked.row.clock
    if clock is None or clock.deadline_id != deadline_id or clock.kind not in SILENCES:
        return False
    period = further_period(clock, locked.line, locked.crisis.timers)
    if not await _hand_over(tx, deadline_id, locked, period, tools):
        return False
    await allocations.tell_of_clock(tx, allocation_id)
    return True


async def holder_not_reached(tx: Transaction, deadline_id: UUID, request_id: UUID, tools: Tools) -> bool:
    """The same for a request to let goods go: whom nobody reached did not say yes.

    A row that moved on, or an order that stops the goods no longer, makes the request void.
    """
    seen = await release_requests.read(tx, request_id)
    row = None if seen is None else await allocations.read(tx, seen.allocation_id)
    if row is None:
        return False
    locked = await lock(tx, row)
    request = await release_requests.read(tx, request_id)
    if request is None or request.deadline_id != deadline_id:
        return False
    if request.allocation_id != row.allocation_id:
        raise Restart
    if await is_pointless(tx, request, locked.row, locked.line):
        await release_requests.settle(tx, request, request.settled(RequestState.VOID))
        return True
    period = locked.crisis.timers.period(Silence.RELEASE, locked.line.urgency)
    return await _hand_over(tx, deadline_id, locked, period, tools)


async def _hand_over(
    tx: Transaction, deadline_id: UUID, locked: Locked, period: timedelta, tools: Tools
) -> bool:
    if not await hand_over(tx, deadline_id, period):
        return False
    row, line, now = locked.row, locked.line, tools.clock.now()
    post = None
    if row.awaiting is Side.ASKER_SIDE or await _is_desk_partial(tx, row, line):
        secretariat = await desks.secretariat(tx, row.crisis_id, is_drill=row.is_drill)
        post = Post(secretariat, Seat.OFFICER)
    due_at = now + locked.crisis.timers.period(Silence.DESK, line.urgency)
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, now)
    await ask(tx, TaskKind.NOT_REACHED, row.allocation_id, line, due_at, story, tools, post=post)
    return True


async def _is_desk_partial(tx: Transaction, row: Allocation, line: Line) -> bool:
    """Whether the desk of the line's place is hosted by whoever promised the goods, or wrote that down."""
    group = line.tamp_group or None
    desk_id = await desks.responsible(tx, row.crisis_id, line.district, group, is_drill=row.is_drill)
    desk = None if desk_id is None else await desks.read(tx, desk_id)
    return desk is not None and desk.host_org_id in row.promised_by
