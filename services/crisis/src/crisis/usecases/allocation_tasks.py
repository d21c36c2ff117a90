"""Work that allocations put on the desks' queues."""

from datetime import datetime
from uuid import UUID

from crisis.domain.lines import Line
from crisis.domain.tasks import Post, TaskKind
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store.allocations import SUBJECT
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction


async def ask(
    tx: Transaction,
    kind: TaskKind,
    allocation_id: UUID,
    line: Line,
    due_at: datetime,
    story: Story,
    tools: Tools,
    *,
    post: Post | None = None,
) -> UUID:
    """A task about the row for the desk of its line's place and item group, or for whoever `post` names."""
    return await open_task(
        tx,
        kind=kind,
        crisis_id=line.crisis_id,
        is_drill=line.is_drill,
        subject_type=SUBJECT,
        subject_id=allocation_id,
        place=line.district,
        item_group=goods(line.item_code).tamp_group,
        urgency=line.urgency,
        due_at=due_at,
        story=story,
        tools=tools,
        post=post,
    )
