"""SubmitNeed: an organisation states what is missing where; another organisation must verify it.

A life-saving need of an accredited asker opens at once, unverified, and somebody must look at it within two
hours.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Urgency
from crisis.domain.crises import Crisis
from crisis.domain.duplicates import for_all
from crisis.domain.needs import (
    HandlingSaid,
    LineRequest,
    Need,
    Statement,
    goes_first,
    opened,
    stated,
    without_personal_data,
)
from crisis.domain.needs.handling import NOTHING_SAID
from crisis.domain.needs.states import FAST_LANE_CHECK
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import command_log, crises, ledger, needs
from crisis.usecases.authority import SYSTEM, acting_role
from crisis.usecases.duplicate_hints import hint_at_duplicates
from crisis.usecases.need_authority import REPORTERS, is_accredited
from crisis.usecases.need_step import lock, tell_lines
from crisis.usecases.need_tasks import ask_to_verify
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class SubmitNeed:
    """`district` is a p-code of a district or province inside the crisis area; texts are masked."""

    crisis_id: UUID
    district: str
    urgency: Urgency
    lines: tuple[LineRequest, ...]
    contact_ref: str | None = None
    title: str | None = None
    description: str | None = None
    handling: HandlingSaid = NOTHING_SAID

    @property
    def said(self) -> Statement:
        """What is stored of it."""
        stated = Statement(
            self.district,
            self.urgency,
            self.lines,
            self.contact_ref,
            self.title,
            self.description,
            self.handling,
        )
        return without_personal_data(stated)[0]


async def submit_need(tx: Transaction, command: SubmitNeed, caller: Caller, tools: Tools) -> Need:
    """A new need, drafted and submitted in one step.

    Raises NotFound, RoleMissing and what `domain.needs.stated` does.
    """
    crisis = await crisis_of(tx, command.crisis_id)
    role = acting_role(caller, REPORTERS, place=command.district, crisis_id=crisis.crisis_id)
    now = tools.clock.now()
    need = stated(crisis, caller.organisation_id, command.said, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    await needs.insert(tx, need, story.command_id)
    await ledger.open_need_lines(tx, need.lines, is_drill=need.is_drill)
    return await tell_submitted(tx, crisis, 0, need, caller, story, tools)


async def crisis_of(tx: Transaction, crisis_id: UUID) -> Crisis:
    """The crisis, locked for sharing; raises NotFound."""
    crisis = (await crises.lock_shared(tx, [crisis_id])).get(crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return crisis


async def tell_submitted(
    tx: Transaction,
    crisis: Crisis,
    version: int,
    need: Need,
    caller: Caller,
    story: Story,
    tools: Tools,
) -> Need:
    """Log and publish a submission just written, with needs that may be the same; ask for a verifier, or
    open it at once.

    `version` is the need's before it.
    """
    versions = (version, need.version)
    await command_log.record(tx, [audit(story, caller, "submit_need", "need", need.need_id, versions)])
    hints = await hint_at_duplicates(tx, need, story)
    await outbox.append(tx, events.need_submitted(need, story, for_all(hints)))
    accredited = is_accredited(caller, place=need.district, crisis_id=need.crisis_id)
    if goes_first(need, is_asker_accredited=accredited):
        return await _open_at_once(tx, crisis, need, story, tools)
    assert need.clock is not None
    await ask_to_verify(tx, need, need.clock.due_at, story, tools)
    return need


async def _open_at_once(
    tx: Transaction, crisis: Crisis, need: Need, submitted_by: Story, tools: Tools
) -> Need:
    """What the system does with a need that cannot wait: open it, and ask somebody to look."""
    story = replace(submitted_by, command_id=tools.new_id(), actor_org_id=None, actor_role=SYSTEM)
    after = opened(need, crisis, 0, story.at, tools.new_id)
    versions = (need.version, after.version)
    await needs.update(tx, need, after)
    logged = audit(story, None, "open_need_at_once", "need", need.need_id, versions)
    await command_log.record(tx, [logged])
    balances = (await lock(tx, after)).balances
    told = await tell_lines(tx, balances, need, after, "opened", story)
    await outbox.append(tx, events.need_opened(after, story), *told)
    await ask_to_verify(tx, after, story.at + FAST_LANE_CHECK, story, tools)
    return after
