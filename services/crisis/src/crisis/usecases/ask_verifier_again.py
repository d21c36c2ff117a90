"""A submitted need nobody verified in time: its task climbs, and is opened anew if somebody put it away."""

from dataclasses import replace
from uuid import UUID

from crisis.domain.clocks import Silence
from crisis.domain.needs import NeedClock, NeedTimer
from crisis.usecases.need_step import due, system_story, write
from crisis.usecases.need_tasks import ask_to_verify
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction


async def ask_verifier_again(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Make sure somebody is asked, now and again after each silence. False when somebody was quicker."""
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    need, story = locked.need, system_story(locked.need, tools)
    due_at = story.at + locked.crisis.timers.period(Silence.DESK, need.urgency)
    clock = NeedClock(tools.new_id(), NeedTimer.VERIFY, due_at)
    after = replace(need, clock=clock, version=need.version + 1)
    await ask_to_verify(tx, need, due_at, story, tools)
    logged = audit(story, None, "ask_verifier_again", "need", need.need_id, (need.version, after.version))
    await write(tx, locked, after, story, logged, [], change="submitted")
    return True
