"""SubmitNeed: an organisation states what is missing where; another organisation must verify it."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Urgency
from crisis.domain.needs import LineRequest, Need, submitted
from crisis.domain.refusals import NotFound
from crisis.store import command_log, crises, ledger, needs
from crisis.usecases.authority import ASKERS, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class SubmitNeed:
    """`district` is a p-code of a district or province inside the crisis area."""

    crisis_id: UUID
    district: str
    urgency: Urgency
    lines: tuple[LineRequest, ...]


async def submit_need(tx: Transaction, command: SubmitNeed, caller: Caller, tools: Tools) -> Need:
    """The submitted need. Raises NotFound, RoleMissing and what `domain.needs.submitted` does."""
    crisis = (await crises.lock_shared(tx, [command.crisis_id])).get(command.crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(command.crisis_id))
    role = acting_role(caller, ASKERS, place=command.district, crisis_id=crisis.crisis_id)
    now, command_id = tools.clock.now(), tools.new_id()
    need = submitted(
        crisis, caller.organisation_id, command.district, command.urgency, command.lines, now, tools.new_id
    )
    await needs.insert(tx, need, command_id)
    await ledger.open_need_lines(tx, need.lines, is_drill=need.is_drill)
    story = story_of(caller, role, command_id, need.crisis_id, need.is_drill, now)
    await command_log.record(
        tx, [audit(story, caller, "submit_need", "need", need.need_id, (0, need.version))]
    )
    await outbox.append(tx, events.need_submitted(need, story))
    return need
