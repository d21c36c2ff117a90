"""SubmitDraft: the asker submits a draft, or a returned need again; its lines are checked at this moment."""

from uuid import UUID

from crisis.domain.needs import Need, submitted
from crisis.store import ledger, needs
from crisis.usecases.need_authority import own_role
from crisis.usecases.need_step import lock, seen
from crisis.usecases.need_tasks import settle
from crisis.usecases.submit_need import tell_submitted
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def submit_draft(tx: Transaction, need_id: UUID, caller: Caller, tools: Tools) -> Need:
    """The submitted need. Raises NotFound, RoleMissing and what `domain.needs.submitted` does.

    Lines of a returned need that were said anew get new ids; the old ones keep their history.
    """
    known = await seen(tx, need_id, caller)
    role = own_role(caller, known.as_edited)
    locked = await lock(tx, known)
    now = tools.clock.now()
    need = submitted(locked.need, locked.crisis, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    if need.lines != locked.need.lines:
        await needs.drop_lines(tx, locked.need.lines, now)
        await needs.insert_lines(tx, need, need.lines, story.command_id)
        await ledger.open_need_lines(tx, need.lines, is_drill=need.is_drill)
    await needs.update(tx, locked.need, need)
    await settle(tx, need, "submitted", story, tools)
    return await tell_submitted(tx, locked.crisis, locked.need.version, need, caller, story, tools)
