"""Work that needs put on the desks' queues, and its end."""

from datetime import datetime
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.needs import Need
from crisis.domain.needs.states import FAST_LANE_CHECK
from crisis.domain.tasks import Post, TaskKind
from crisis.events import Story
from crisis.store.needs import SUBJECT
from crisis.usecases.tasks import open_task, settle_tasks
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction

OF_VERIFIERS = (TaskKind.VERIFY_NEED, TaskKind.VERIFY_LIFE_SAVING)


async def ask_to_verify(tx: Transaction, need: Need, due_at: datetime, story: Story, tools: Tools) -> UUID:
    """Somebody of the desk must look at the need by then."""
    kind = TaskKind.VERIFY_LIFE_SAVING if need.urgency is Urgency.LIFE_SAVING else TaskKind.VERIFY_NEED
    return await ask(tx, kind, need, due_at, story, tools)


async def ask_if_unverified(tx: Transaction, need: Need, story: Story, tools: Tools) -> None:
    """The same about an open need that nobody has looked at, when it comes back from its end."""
    if need.verification == 0:
        await ask_to_verify(tx, need, story.at + FAST_LANE_CHECK, story, tools)


async def ask(
    tx: Transaction,
    kind: TaskKind,
    need: Need,
    due_at: datetime,
    story: Story,
    tools: Tools,
    *,
    post: Post | None = None,
) -> UUID:
    """A task about the need for the desk of its place and item group, or for whoever `post` names."""
    return await open_task(
        tx,
        kind=kind,
        crisis_id=need.crisis_id,
        is_drill=need.is_drill,
        subject_type=SUBJECT,
        subject_id=need.need_id,
        place=need.district,
        item_group=need.item_group,
        urgency=need.urgency,
        due_at=due_at,
        story=story,
        tools=tools,
        post=post,
    )


async def settle(
    tx: Transaction,
    need: Need,
    outcome: str,
    story: Story,
    tools: Tools,
    kinds: tuple[TaskKind, ...] | None = None,
) -> None:
    """End the tasks about the need, all kinds unless named."""
    await settle_tasks(
        tx,
        subject_type=SUBJECT,
        subject_id=need.need_id,
        outcome=outcome,
        kinds=kinds,
        story=story,
        tools=tools,
    )
