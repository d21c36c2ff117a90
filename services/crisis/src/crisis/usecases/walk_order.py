"""WalkOrder: a saturation order reaches what was promised before it, one row and one transaction at a time.

Progress is the state of the rows, so a walk that was cut short is simply walked again. A second walk after
SETTLES_IN catches proposals that were being committed when the order was issued.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Silence
from crisis.domain.orders import IN_FORCE, SUBJECT, WALK, SaturationOrder
from crisis.domain.release_requests import asked
from crisis.domain.saturation import SATURATED, gap_to_turn_to, turned_away
from crisis.domain.states import State
from crisis.domain.tasks import TaskKind, Turn
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store import allocations, offers, orders, tasks
from crisis.usecases.allocation_step import Locked, doing_of, lock, write
from crisis.usecases.alternatives import nearest_gaps
from crisis.usecases.authority import SYSTEM
from crisis.usecases.order_step import lock as lock_order
from crisis.usecases.request_release import ask
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline, fire, schedule
from imece_contracts.envelope import Envelope

SETTLES_IN = timedelta(seconds=30)
ROWS_AT_ONCE = 200
GAPS_LOOKED_AT = 20  # so many trucks on one line find a place each where every gap takes one
_FIRST = UUID(int=0)
_log = logging.getLogger(__name__)


async def walk_order(database: Database, deadline_id: UUID, order_id: UUID, tools: Tools) -> int:
    """Reach every row the order stops; returns how many. Raises the last failure after trying all others."""
    order = await database.snapshot(lambda tx: orders.read(tx, order_id))
    reached, failed, after = 0, None, _FIRST
    while order is not None and order.state in IN_FORCE:
        rows = await database.snapshot(
            lambda tx, order=order, after=after: orders.rows_under(tx, order, after, ROWS_AT_ONCE)
        )
        if not rows:
            break
        for row in rows:
            try:
                reached += await database.unit_of_work(
                    lambda tx, row=row: turn_away(tx, row, order_id, tools)
                )
            except Exception as error:  # noqa: BLE001 - one row must not keep the others on the road
                _log.exception("row_under_order_failed", extra={"fields": {"allocation": str(row)}})
                failed = error
        after = rows[-1]
    if failed is not None:
        raise failed
    await database.unit_of_work(lambda tx: _walked(tx, deadline_id, order_id, tools))
    return reached


async def turn_away(tx: Transaction, allocation_id: UUID, order_id: UUID, tools: Tools) -> bool:
    """One ordinary command on one row; False when there is nothing to do any more."""
    seen = await allocations.read(tx, allocation_id)
    assert seen is not None
    locked = await lock(tx, seen)
    order = await orders.read(tx, order_id)
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
