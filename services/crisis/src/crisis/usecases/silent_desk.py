"""CallSilentDesk: a proposal waits for the desk too long, so the deputy is called, then the secretariat.

One clock runs per need line, from the first proposal that waits for the asker's side; it looks at the oldest
one and goes on while any is left.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from crisis.domain.clocks import Silence
from crisis.domain.crises import Crisis
from crisis.domain.lines import Line
from crisis.domain.tasks import Post, Seat, TaskKind
from crisis.events import Story
from crisis.store import crises, desks, lines
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_once
from imece_chassis.ids import uuid7

DESK_SILENT = "need_line.desk"
SUBJECT = "need_line"


async def watch_desk(tx: Transaction, waiting: Iterable[tuple[Crisis, Line]], now: datetime) -> None:
    """Start the clock of every line that now has a proposal for its desk; one that runs is kept."""
    due = {
        line.need_line_id: now + crisis.timers.period(Silence.DESK, line.urgency) for crisis, line in waiting
    }
    await schedule_once(
        tx, *(Deadline(uuid7(), SUBJECT, line_id, DESK_SILENT, at) for line_id, at in due.items())
    )


async def is_desk_awaited(tx: Transaction, need_line_id: UUID) -> bool:
    """Whether any proposal on the line still waits for the asker's side."""
    return await desks.awaited_since(tx, need_line_id) is not None


async def call_silent_desk(tx: Transaction, deadline_id: UUID, need_line_id: UUID, tools: Tools) -> bool:
    """Ask the next seat to answer what waits on a line. False when the clock was no longer current.

    A desk hosted by one of the pledgers cannot answer it and hands over to the secretariat at once.
    """
    line = (await lines.read(tx, [need_line_id])).get(need_line_id)
    if line is None:
        return False
    crisis = (await crises.lock_shared(tx, [line.crisis_id]))[line.crisis_id]
    await lines.lock_needs(tx, [need_line_id])  # a proposal on its way keeps this clock, or gets a new one
    if not await fire(tx, deadline_id):
        return False
    since = await desks.awaited_since(tx, need_line_id)
    if since is None:
        return True
    now, period = tools.clock.now(), crisis.timers.period(Silence.DESK, line.urgency)
    if since + period > now:
        again = Deadline(tools.new_id(), SUBJECT, need_line_id, DESK_SILENT, since + period)
        await schedule_once(tx, again)
        return True
    group = line.tamp_group or None
    desk = await desks.responsible(tx, line.crisis_id, line.district, group, is_drill=line.is_drill)
    if desk is not None and await desks.is_hosted_by_pledger(tx, desk, need_line_id):
        desk = None
    secretariat = await desks.secretariat(tx, line.crisis_id, is_drill=line.is_drill)
    post = Post(secretariat, Seat.OFFICER) if desk is None else Post(desk, Seat.DEPUTY)
    await open_task(
        tx,
        kind=TaskKind.SILENT_DESK,
        crisis_id=line.crisis_id,
        is_drill=line.is_drill,
        subject_type=SUBJECT,
        subject_id=need_line_id,
        place=line.district,
        item_group=group,
        urgency=line.urgency,
        due_at=now + period,
        story=Story(tools.new_id(), line.crisis_id, line.is_drill, None, SYSTEM, now),
        tools=tools,
        every=period,
        post=post,
    )
    return True
