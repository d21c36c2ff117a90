"""ExpireNeed: a draft nobody submitted and a returned need nobody completed close after seven days."""

from uuid import UUID

from crisis.domain.needs import expired
from crisis.usecases.end_need import end_need
from crisis.usecases.need_step import due, system_story
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction


async def expire_need(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """False when somebody was quicker: nothing happened."""
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    need, story = locked.need, system_story(locked.need, tools)
    after = expired(need, story.at)
    logged = audit(story, None, "expire_need", "need", need.need_id, (need.version, after.version))
    await end_need(tx, locked, after, story, logged, tools)
    return True
