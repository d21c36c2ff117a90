"""What the clocks of a crisis do: ask for a review, for the end of a wind-down, for decisions on holds.

A clock never moves a crisis that people opened; it puts work on the secretariat's queue and starts again.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.crises import REVIEW_EVERY, CrisisFacts, CrisisState, CrisisTimer
from crisis.domain.hazards import urgency_of
from crisis.domain.lifecycle import WIND_DOWN_EVERY
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import crises, lines, winding_down
from crisis.usecases import allocation_tasks
from crisis.usecases.crisis_step import by_the_clock, clock_of
from crisis.usecases.stand_down import HOLDS
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule

ONE_DAY = timedelta(days=1)
HOLDS_AT_ONCE = 100


async def review_due(tx: Transaction, deadline_id: UUID, crisis_id: UUID, tools: Tools) -> bool:
    """Nobody declared a level for 7 days: ask for it. False when the clock was no longer current."""
    crisis = await _current(tx, deadline_id, crisis_id, CrisisState.OPEN)
    if crisis is None:
        return False
    await _ask(tx, crisis, TaskKind.LEVEL_REVIEW, urgency_of(crisis.severity), tools)
    await _again(tx, crisis, CrisisTimer.REVIEW, REVIEW_EVERY, tools)
    return True


async def wind_down_due(tx: Transaction, deadline_id: UUID, crisis_id: UUID, tools: Tools) -> bool:
    """From the fifth day of a wind-down on: ask every day for its end, which only a person decides."""
    crisis = await _current(tx, deadline_id, crisis_id, CrisisState.STOOD_DOWN)
    if crisis is None:
        return False
    await _ask(tx, crisis, TaskKind.WIND_DOWN, Urgency.NORMAL, tools)
    await _again(tx, crisis, CrisisTimer.WIND_DOWN, WIND_DOWN_EVERY, tools)
    return True


async def ask_for_holds(tx: Transaction, deadline_id: UUID, crisis_id: UUID, tools: Tools) -> bool:
    """Put a portion of what is held after a stand-down on the desks' queues, and come back for more."""
    crisis = (await crises.lock_shared(tx, [crisis_id])).get(crisis_id)
    if crisis is None or not await fire(tx, deadline_id):
        return False
    if crisis.state != CrisisState.STOOD_DOWN:
        return True
    held = await winding_down.undecided_holds(tx, crisis_id, HOLDS_AT_ONCE)
    known = await lines.read(tx, sorted({line_id for _, line_id in held}))
    now = tools.clock.now()
    story = Story(tools.new_id(), crisis_id, crisis.is_drill, None, "system", now)
    for allocation_id, line_id in held:
        line, due_at = known[line_id], now + ONE_DAY
        await allocation_tasks.ask(tx, TaskKind.DECIDE_HOLD, allocation_id, line, due_at, story, tools)
    if len(held) == HOLDS_AT_ONCE:
        await schedule(tx, Deadline(tools.new_id(), crises.SUBJECT, crisis_id, HOLDS, now))
    return True


async def _current(
    tx: Transaction, deadline_id: UUID, crisis_id: UUID, state: CrisisState
) -> CrisisFacts | None:
    """The locked crisis whose clock has just fired; None when the clock was no longer its own."""
    crisis = await crises.lock(tx, crisis_id)
    if crisis is None or crisis.deadline_id != deadline_id or crisis.state is not state:
        return None
    return crisis if await fire(tx, deadline_id) else None


async def _ask(tx: Transaction, crisis: CrisisFacts, kind: TaskKind, urgency: Urgency, tools: Tools) -> None:
    story = by_the_clock(crisis, tools)
    await open_task(
        tx,
        kind=kind,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        subject_type=crises.SUBJECT,
        subject_id=crisis.crisis_id,
        place=crisis.area[0],
        item_group=None,
        urgency=urgency,
        due_at=story.at + ONE_DAY,
        story=story,
        tools=tools,
        every=ONE_DAY,
    )


async def _again(
    tx: Transaction, crisis: CrisisFacts, kind: CrisisTimer, every: timedelta, tools: Tools
) -> None:
    """Start the clock again; no version, because nothing about the crisis changed."""
    waiting = replace(crisis, deadline_id=tools.new_id())
    await schedule(tx, clock_of(waiting, kind, tools.clock.now() + every))
    await crises.update(tx, waiting)
