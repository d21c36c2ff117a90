"""DraftNeed: an organisation writes a need down for itself, and changes it, before anybody else sees it.

The id may be the client's own, so that writing the same draft twice writes it once. A returned need is
changed the same way.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.needs import Need, Statement, drafted, edited, without_personal_data
from crisis.domain.own_ids import is_in_order
from crisis.domain.refusals import IdNotOrdered, IdTaken, NeedIdTaken
from crisis.store import command_log, needs, pledge_ids
from crisis.usecases.authority import acting_role
from crisis.usecases.need_authority import REPORTERS, own_role
from crisis.usecases.need_step import lock
from crisis.usecases.submit_need import crisis_of
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction
from imece_chassis.ids import uuid7


@dataclass(frozen=True, slots=True)
class DraftNeed:
    """What is needed as far as it is known; `need_id` None has one minted."""

    crisis_id: UUID
    said: Statement
    need_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft, and whether it is new."""

    need: Need
    is_new: bool


async def draft_need(tx: Transaction, command: DraftNeed, caller: Caller, tools: Tools) -> Drafted:
    """A new draft, or the one with this id said anew; nothing is published.

    Raises NotFound, RoleMissing, NeedIdTaken, IdTaken for the id of anything else, IdNotOrdered for a new id
    that is no UUIDv7 or says a time to come, what `domain.needs.drafted` and `edited` do, and Restart when
    the id was written meanwhile.
    """
    said, _ = without_personal_data(command.said)
    if command.need_id is not None:
        # Asked first: a need that is written in between is read as one.
        is_in_use = await pledge_ids.is_of_another_kind(tx, command.need_id)
        known = await needs.read(tx, command.need_id)
        if known is not None:
            return Drafted(await _edit(tx, known, said, command.crisis_id, caller, tools), is_new=False)
        if is_in_use:
            raise IdTaken(id=str(command.need_id))
        if not is_in_order(command.need_id, uuid7()):
            raise IdNotOrdered(id=str(command.need_id))
    crisis = await crisis_of(tx, command.crisis_id)
    role = acting_role(caller, REPORTERS, place=said.district, crisis_id=crisis.crisis_id)
    now = tools.clock.now()
    need = drafted(crisis, caller.organisation_id, said, now, tools.new_id, command.need_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    if not await needs.insert(tx, need, story.command_id):
        raise Restart
    logged = audit(story, caller, "draft_need", "need", need.need_id, (0, need.version))
    await command_log.record(tx, [logged])
    return Drafted(need, is_new=True)


async def _edit(
    tx: Transaction, known: Need, said: Statement, crisis_id: UUID, caller: Caller, tools: Tools
) -> Need:
    if known.asker_org_id != caller.organisation_id or known.crisis_id != crisis_id:
        raise NeedIdTaken(need_id=str(known.need_id))
    role = own_role(caller, known)
    acting_role(caller, REPORTERS, place=said.district, crisis_id=crisis_id)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = edited(need, locked.crisis, said)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(story, caller, "edit_need", "need", need.need_id, (need.version, after.version))
    await needs.update(tx, need, after)
    await command_log.record(tx, [logged])
    return after
