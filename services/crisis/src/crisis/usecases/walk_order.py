"""WalkOrder: a saturation order reaches what was promised before it, one row and one transaction at a time.

Progress is the state of the rows, so a walk that was cut short is simply walked again. A second walk after
SETTLES_IN catches proposals that were being committed when the order was issued. Once an order is over, the
walk takes back what it still asks for.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Silence
from crisis.domain.orders import IN_FORCE, SUBJECT, WALK, SaturationOrder
from crisis.domain.release_requests import RequestState, asked
from crisis.domain.saturation import SATURATED, gap_to_turn_to, turned_away
from crisis.domain.states import State
from crisis.domain.tasks import TaskKind, Turn
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store import allocations, offers, orders, release_requests, tasks
from crisis.usecases.allocation_step import Locked, doing_of, lock, write
from crisis.usecases.alternatives import nearest_gaps
from crisis.usecases.authority import SYSTEM
from crisis.usecases.needed_tasks import is_needed
from crisis.usecases.order_step import lock as lock_order
from crisis.usecases.orders import order_against
from crisis.usecases.request_release import ask
from crisis.usecases.row_by_row import row_by_row
from crisis.usecases.tasks import end_task, open_task
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline, fire, schedule
from imece_contracts.envelope import Envelope

SETTLES_IN = timedelta(seconds=30)
GAPS_LOOKED_AT = 20  # so many trucks on one line find a place each where every gap takes one
ORDER_OVER = "order_over"
_OF_ORDERS = (TaskKind.DECIDE_HOLD, TaskKind.DIVERT)


async def walk_order(database: Database, deadline_id: UUID, order_id: UUID, tools: Tools) -> int:
    """Reach every row the order stops, or spoke to before it was over; returns how many.

    Raises the last failure after trying all others.
    """
    order = await database.snapshot(lambda tx: orders.read(tx, order_id))
    if order is None:
        return 0
    reaches, rows_of = (
        (turn_away, orders.rows_under) if order.state in IN_FORCE else (take_back, orders.rows_spoken_to)
    )
    reached = await row_by_row(
        database,
        lambda tx, after, limit: rows_of(tx, order, after, limit),
        lambda tx, row: reaches(tx, row, order_id, tools),
    )
    await database.unit_of_work(lambda tx: _walked(tx, deadline_id, order_id, tools))
    return reached


async def turn_away(tx: Transaction, allocation_id: UUID, order_id: UUID, tools: Tools) -> bool:
    """One ordinary command on one row; False when there is nothing to do any more."""
    seen = await allocations.read(tx, allocation_id)
    assert seen is not None
    locked = await lock(tx, seen)
    order = await orders.read(tx, order_id, is_locked=True)
    row, line = locked.row, locked.line
    item_code = row.given_item or line.item_code
    if order is None or order.state not in IN_FORCE:
        return False
    if not order.covers(item_code, line.district, line.urgency):
        return False
    match row.state:
        case State.PROPOSED | State.COUNTERED | State.WAITLISTED:
            await _end(tx, locked, item_code, tools)
        case State.HELD:
            await _ask(tx, locked, order, tools)
        case State.DISPATCHED:
            await _give_to_desk(tx, locked, TaskKind.DIVERT, tools, await _turn(tx, locked, order, tools))
        case _:
            return False
    return True


async def take_back(tx: Transaction, allocation_id: UUID, order_id: UUID, tools: Tools) -> bool:
    """Ask no more what the order asked about one row; False where nothing was, or another order stands.

    A truck that another order stops is for that one to turn.
    """
    seen = await allocations.read(tx, allocation_id)
    assert seen is not None
    locked = await lock(tx, seen)
    row, line = locked.row, locked.line
    other = await order_against(tx, row, line)
    if other is not None:
        return row.state is State.DISPATCHED and await turn_away(tx, allocation_id, other.order_id, tools)
    request = await release_requests.pending(tx, allocation_id)
    is_asked = request is not None and request.reason == SATURATED
    if request is not None and is_asked:
        await release_requests.settle(tx, request, request.settled(RequestState.VOID))
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
    over = [
        task
        for task in await tasks.open_of(tx, allocations.SUBJECT, allocation_id, _OF_ORDERS)
        if (task.turn.order_id == order_id if task.turn else not await is_needed(tx, task, story.at))
    ]
    for task in over:
        await end_task(tx, task, ORDER_OVER, story, tools)
    return is_asked or bool(over)


async def _end(tx: Transaction, locked: Locked, item_code: str, tools: Tools) -> None:
    row, line = locked.row, locked.line
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
    step = turned_away(row, doing_of(locked, story, tools.new_id))
    supply = await offers.read_line(tx, row.offer_line_id)
    origin = supply.offer.origin if supply else line.district
    gaps = await nearest_gaps(tx, row.crisis_id, item_code, origin, now=story.at)
    versions = (row.version, step.changed[0].version)
    logged = audit(story, None, "turn_away", "allocation", row.allocation_id, versions, reason=SATURATED)

    def event(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.allocation_moved(row, rows, line, balance, story, alternatives=gaps)

    await write(tx, locked, step, story, logged, event=event)


async def _ask(tx: Transaction, locked: Locked, order: SaturationOrder, tools: Tools) -> None:
    """Whoever ordered the stop asks the holder; about a hold of its own the desk decides."""
    row, line, now = locked.row, locked.line, tools.clock.now()
    if row.pledger_org_id == order.first_org_id:
        await _give_to_desk(tx, locked, TaskKind.DECIDE_HOLD, tools)
        return
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, order.first_org_id, order.first_role, now)
    doing = doing_of(locked, story, tools.new_id)
    request = asked(row, line, locked.crisis.timers, SATURATED, doing, is_desk=True)
    versions = (row.version, row.version + 1)
    logged = audit(
        story,
        None,
        "request_release",
        "allocation",
        row.allocation_id,
        versions,
        counterparty=row.pledger_org_id,
        reason=SATURATED,
    )
    await ask(tx, locked, request, doing, story, logged)


async def _turn(tx: Transaction, locked: Locked, order: SaturationOrder, tools: Tools) -> Turn:
    """The order's depot, else a line that misses the goods and may have them beside what turns there."""
    if order.depot is not None:
        return Turn(order.order_id, order.depot)
    row, line = locked.row, locked.line
    item_code = row.given_item or line.item_code
    gaps = await nearest_gaps(
        tx,
        row.crisis_id,
        item_code,
        line.district,
        limit=GAPS_LOOKED_AT,
        without=line.need_line_id,
        earmark=row.earmark,
        not_asked_by=row.pledger_org_id,
        now=tools.clock.now(),
    )
    proposed = await tasks.turned_to(tx, [gap.need_line_id for gap in gaps], row.allocation_id)
    gap = gap_to_turn_to(row.supply_qty, gaps, proposed)
    return Turn(order.order_id, gap.district, gap.need_line_id) if gap else Turn(order.order_id)


async def _give_to_desk(
    tx: Transaction, locked: Locked, kind: TaskKind, tools: Tools, turn: Turn | None = None
) -> None:
    row, line, now = locked.row, locked.line, tools.clock.now()
    await open_task(
        tx,
        kind=kind,
        crisis_id=row.crisis_id,
        is_drill=row.is_drill,
        subject_type="allocation",
        subject_id=row.allocation_id,
        place=line.district,
        item_group=goods(line.item_code).tamp_group,
        urgency=line.urgency,
        due_at=now + locked.crisis.timers.period(Silence.DESK, line.urgency),
        story=Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, now),
        tools=tools,
        turn=turn,
    )


async def _walked(tx: Transaction, deadline_id: UUID, order_id: UUID, tools: Tools) -> None:
    found = await orders.read(tx, order_id)
    if found is None:
        return
    order = await lock_order(tx, found)
    again_at = order.issued_at + SETTLES_IN
    if await fire(tx, deadline_id) and order.state in IN_FORCE and tools.clock.now() < again_at:
        await schedule(tx, Deadline(tools.new_id(), SUBJECT, order_id, WALK, again_at))
