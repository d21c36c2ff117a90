"""SweepText: half a year after a need was closed its free text goes; codes, quantities and history stay."""

from uuid import UUID

from crisis.domain.needs import SWEEP_TEXT, TEXT_KEPT, NeedState, swept
from crisis.store import command_log, needs
from crisis.usecases.need_step import lock, system_story
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_once


async def sweep_text(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """False when somebody was quicker, or the need was opened again since.

    One that was closed again later is looked at when its time has come.
    """
    known = await needs.read(tx, need_id)
    if known is None:
        return False
    need = (await lock(tx, known)).need
    if not await fire(tx, deadline_id) or need.state is not NeedState.CLOSED:
        return False
    story = system_story(need, tools)
    sweep_at = need.state_since + TEXT_KEPT
    if story.at < sweep_at:
        await schedule_once(tx, Deadline(tools.new_id(), needs.SUBJECT, need_id, SWEEP_TEXT, sweep_at))
        return False
    after = swept(need)
    await needs.update(tx, need, after)
    await needs.clear_notes(tx, need)
    logged = audit(story, None, "sweep_text", "need", need_id, (need.version, after.version))
    await command_log.record(tx, [logged])
    return True
