"""A need nobody confirms: first stale, then a desk is asked to look. No clock ever closes it."""

from uuid import UUID

from crisis import events
from crisis.domain.clocks import Silence
from crisis.domain.needs import gone_stale, looked_at_again, nothing_coming
from crisis.domain.tasks import TaskKind
from crisis.usecases.need_step import due, system_story, write
from crisis.usecases.need_tasks import ask
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction


async def mark_stale(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Show on every board that nobody confirmed the need. False when somebody was quicker."""
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    need, story = locked.need, system_story(locked.need, tools)
    after = gone_stale(need, locked.crisis, story.at, tools.new_id)
    logged = audit(story, None, "mark_stale", "need", need.need_id, (need.version, after.version))
    told = events.need_stale(after, story)
    await write(tx, locked, after, story, logged, [told], change="stale")
    return True


async def look_at_stale(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Ask a desk to close a stale need when nothing is coming to it, and look again after an interval.

    False when somebody was quicker.
    """
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    need, story = locked.need, system_story(locked.need, tools)
    after = looked_at_again(need, locked.crisis, story.at, tools.new_id)
    if nothing_coming(locked.balances.values()):
        due_at = story.at + locked.crisis.timers.period(Silence.DESK, need.urgency)
        await ask(tx, TaskKind.CLOSE_STALE_NEED, need, due_at, story, tools)
    logged = audit(story, None, "look_at_stale", "need", need.need_id, (need.version, after.version))
    await write(tx, locked, after, story, logged, [], change="stale")
    return True
