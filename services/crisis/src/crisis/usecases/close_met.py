"""CloseMet: a need whose every line is delivered or met elsewhere closes by itself.

Whoever lets a delivered or elsewhere quantity grow asks for a look, due at once: it locks all lines of the
need in order, which the asking command could not.
"""

from collections.abc import Iterable
from uuid import UUID

from crisis.domain.clocks import Silence
from crisis.domain.needs import CLOSE_MET, is_met, met
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import needs
from crisis.usecases.end_need import end_need
from crisis.usecases.need_step import lock, system_story
from crisis.usecases.need_tasks import ask
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_once


async def close_if_met(tx: Transaction, need_ids: Iterable[UUID], story: Story, tools: Tools) -> None:
    """Have these needs looked at as soon as the transaction commits. Called where D or E of a line grows."""
    wanted = sorted(set(need_ids))
    await schedule_once(
        tx, *(Deadline(tools.new_id(), needs.SUBJECT, need_id, CLOSE_MET, story.at) for need_id in wanted)
    )


async def close_met(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Close the need if it is met; False when it is not, or somebody was quicker.

    Goods still on their way then become a desk's task: they will be a surplus.
    """
    known = await needs.read(tx, need_id)
    if known is None:
        return False
    locked = await lock(tx, known, with_supplies=True)
    need = locked.need
    if not await fire(tx, deadline_id) or not is_met(need, locked.balances.values()):
        return False
    story = system_story(need, tools)
    after = met(need, story.at)
    logged = audit(story, None, "close_met", "need", need.need_id, (need.version, after.version))
    await end_need(tx, locked, after, story, logged, tools)
    if any(balance.in_transit + balance.arrived for balance in locked.balances.values()):
        due_at = story.at + locked.crisis.timers.period(Silence.DESK, need.urgency)
        await ask(tx, TaskKind.SURPLUS, after, due_at, story, tools)
    return True
